"""References, relative days and times."""

from datetime import date

import pytest

from scenarios.references import UnknownReference, day_of, found_in, resolved, time_of

TODAY = date(2028, 2, 28)
KNOWN = {"agreement": {"id": "a-1", "revision": {"number": 3}, "status": "draft"}}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2028-02-28"),
        ("today+1d", "2028-02-29"),
        ("today+2d", "2028-03-01"),
        ("today-28d", "2028-01-31"),
        ("2030-01-01", "2030-01-01"),
        ("today+1w", "today+1w"),
        ("year of today", "2027/2028"),
        ("year of today+154d", "2027/2028"),
        ("year of today+155d", "2028/2029"),
        ("year of 2030", "year of 2030"),
    ],
)
def test_a_relative_day_is_counted_from_today(said: str, day: str) -> None:
    """Days are calendar days, over the ends of months, and lie in academic years; anything else is left as it is."""
    assert day_of(said, TODAY) == day


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("today 09:30", "2028-02-28T09:30:00+08:00"),
        ("today-1d 19:30 Europe/London", "2028-02-27T19:30:00+00:00"),
        ("today+34d 19:30 Europe/London", "2028-04-02T19:30:00+01:00"),
        ("2027-03-31T19:30:00+08:00", "2027-03-31T19:30:00+08:00"),
        ("today 09:30 Europe/Atlantis", "today 09:30 Europe/Atlantis"),
        ("today 24:00", "today 24:00"),
    ],
)
def test_a_relative_time_is_in_the_storys_zone_or_the_one_it_names(said: str, time: str) -> None:
    """With the offset of that day, in summer and in winter; anything else is left as it is."""
    assert time_of(said, TODAY, "Asia/Shanghai") == time


def test_a_reference_resolves_to_an_id_or_a_field() -> None:
    """`$name` gives the id and `$name.field` a field as last seen, including within lists and mappings."""
    said = {
        "of": ["$agreement"],
        "revision": "$agreement.revision",
        "number": "$agreement.revision.number",
        "on": "today",
    }

    assert resolved(said, TODAY, "UTC", lambda reference: found_in(KNOWN, reference)) == {
        "of": ["a-1"], "revision": {"number": 3}, "number": 3, "on": "2028-02-28",
    }  # fmt: skip


def test_text_for_people_is_left_unchanged() -> None:
    """This holds even if it looks like a reference or a relative day."""
    said = {"title": {"en": "today", "zh": "$agreement"}, "price": "$100"}

    assert resolved(said, TODAY, "UTC", lambda reference: found_in(KNOWN, reference)) == said


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("$treaty", "$treaty was not made"),
        ("$agreement.stats", "$agreement.stats: there is no stats, only id, revision, status"),
        ("$agreement.status.x", "$agreement.status.x: there is no x in draft"),
    ],
)
def test_an_unknown_reference_is_refused(reference: str, sentence: str) -> None:
    """The message names the missing thing, or the fields that exist."""
    with pytest.raises(UnknownReference) as refused:
        found_in(KNOWN, reference)

    assert str(refused.value) == sentence
