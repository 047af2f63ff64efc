"""How a scenario file writes what is known only when it is played: ids, days and academic years."""

HANDLE = r"^[a-z][a-z0-9_]*$"
REFERENCE = r"\$[a-z][a-z0-9_]*(\.[a-z0-9_]+)*"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
DATE = r"\d{4}-\d{2}-\d{2}"
RELATIVE = r"today([+-]\d{1,5}d)?"
YEAR_OF = "year of "

AN_ID = "an id, or a reference to something named in this file, such as `$agreement`"
A_DAY = "a day: `today`, `today+30d`, `today-1d`, or `2027-03-31`"
A_YEAR = "an academic year: `year of today`, `year of today+30d`, or `2026/2027`"
A_REFERENCE = "a reference to something named in this file, such as `$agreement`"
