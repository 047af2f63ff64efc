"""The entries of the listing: steps, documents, messages, events, problems; found by a word and laid out as text."""

import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scenarios.catalogue import Catalogue, Documents, UseCase
from scenarios.listing.fields import document_fields, step_fields
from scenarios.playing.messages import audience_of
from scenarios.schema import INBOX, scenario_schema
from services.notifications.domain.rules import RULES, Rule
from shared.domain.refused import Refused
from shared.service.refusals import refusals_of
from shared.service.work import adapter

STEPS, DOCUMENTS, MESSAGES, EVENTS, PROBLEMS = "Steps", "Documents", "Messages", "Events", "Problems"
INTRODUCTIONS = {
    STEPS: "A step has one of these. An id is a reference such as $agreement; a day is today, today+30d or 2027-03-31.",
    DOCUMENTS: "To expect: `- SERVICE: {NAME: $reference, field: value}`, or values that it is found by.",
    MESSAGES: "To expect: `- message: {to: person, kind: NAME}`. Nobody gets a message about what they did themselves.",
    EVENTS: "To expect: `- event: NAME`.",
    PROBLEMS: "To expect: `- refused: NAME`.",
}
ANY_STEP = ("not-allowed", "invalid", "not-found", "changed", "which-organisation")
"""Problems that the services raise before a use case begins, or when it is saved."""
MORE = "`entente scenario steps WORD` shows the fields of what it finds; with a step's whole name, also its problems."


@dataclass(frozen=True)
class Entry:
    """One thing that a scenario can say."""

    section: str
    name: str
    about: str
    fields: Sequence[tuple[str, str]] = ()
    problems: Sequence[tuple[str, str]] = ()

    @property
    def text(self) -> str:
        """Everything but its problems, to search in."""
        return " ".join([self.about, *(f"{name} {held}" for name, held in self.fields)]).lower()


def entries(rows: Catalogue) -> list[Entry]:
    """Everything that a scenario can say, section by section."""
    definitions = scenario_schema(rows)["$defs"]
    return [
        *(_step(rows, use_case, definitions) for use_case in rows.use_cases.values()),
        *(_document(each) for own in rows.documents.values() for each in own.values() if _is_listed(each)),
        *_messages(),
        *(Entry(EVENTS, type, f"published by {service}") for type, service in rows.events.items()),
        *(Entry(PROBLEMS, slug, _sentence(refused)) for slug, refused in rows.refusals.items()),
    ]


def found_by(word: str, among: Sequence[Entry]) -> list[Entry]:
    """The entry of this whole name; else those whose name has the word; else those whose text has it."""
    word = word.lower()
    exact = [each for each in among if each.name == word]
    named = [each for each in among if re.sub("[-_ ]", "", word) in re.sub("[-_ ]", "", each.name)]
    return exact or named or [each for each in among if word in each.text]


def listed(found: Sequence[Entry], word: str = "") -> str:
    """The entries as text: one line each, or with their fields if they were found by a word."""
    width = max(60, min(110, shutil.get_terminal_size((100, 24)).columns))
    exact = len(found) == 1 and found[0].name == word
    lines: list[str] = []
    for section, own in groupby(found, key=lambda entry: entry.section):
        lines += [section, *_wrapped(INTRODUCTIONS[section], width), ""]
        for entry in own:
            lines += _entry(entry, width, fields=bool(word), problems=exact)
        lines.append("")
    return "\n".join([*lines, *textwrap.wrap("" if exact else MORE, width)]).rstrip()


def _entry(entry: Entry, width: int, *, fields: bool, problems: bool) -> Iterator[str]:
    yield from _wrapped(f"{entry.name}: {entry.about}", width, indent=2)
    if fields:
        for name, held in entry.fields:
            yield from _wrapped(f"{name}: {held}", width, indent=6)
    if problems and entry.problems:
        yield from ("", "Problems that can refuse it:")
        for name, sentence in entry.problems:
            yield from _wrapped(f"{name}: {sentence}", width, indent=2)
    if fields and entry.fields:
        yield ""


def _wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    begin, then = " " * indent, " " * (indent + 4 if indent else 0)
    return textwrap.wrap(
        text, width, initial_indent=begin, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )


def _step(rows: Catalogue, use_case: UseCase, definitions: dict[str, dict[str, object]]) -> Entry:
    row = use_case.row
    may = " or ".join(sorted(row.may))
    about = f"{_first(row.ask.__doc__)} ({use_case.service}; needs the role {may})"
    refusals = refusals_of(rows.services[use_case.service], row)
    own = [(refused.slug(), _sentence(refused)) for refused in refusals]
    any_step = [(slug, _sentence(rows.refusals[slug])) for slug in ANY_STEP if slug not in dict(own)]
    events = [event.type for event in row.emits]
    messages = dict.fromkeys(str(rule.kind) for rule in RULES if rule.event.type in events)
    follows = [(word, ", ".join(names)) for word, names in (("publishes", events), ("messages", messages)) if names]
    return Entry(STEPS, row.name, about, [*step_fields(definitions[row.name], definitions), *follows], own + any_step)


def _is_listed(documents: Documents) -> bool:
    # Messages are expected by `message`.
    return (documents.service, documents.name) != INBOX


def _document(documents: Documents) -> Entry:
    schema = adapter(documents.shows).json_schema(mode="serialization")
    filters = [] if documents.beside else documents.row.filters
    found = f"; found by {', '.join(filters)}" if filters else ""
    beside = f", beside each of {documents.row.path.strip('/')}" if documents.beside else ""
    return Entry(DOCUMENTS, documents.name, f"{documents.service}{beside}{found}", list(document_fields(schema)))


def _messages() -> Iterator[Entry]:
    for (event, kind), rules in groupby(RULES, key=lambda rule: (rule.event, rule.kind)):
        yield Entry(MESSAGES, kind, f"follows {event.type}", [("goes to", "; ".join(map(_audience, rules)))])


def _audience(rule: Rule) -> str:
    within = ", also in organisations within these" if rule.audience.within else ""
    where = rule.where
    only = f", if {where.field} is {' or '.join(where.values)}" if where else ""
    return f"{audience_of(rule.audience.roles, rule.audience.at)}{within}{only}"


def _sentence(refused: type[Refused]) -> str:
    return re.sub(r"{(\w+)}", lambda fact: f"<{fact[1].replace('_', ' ')}>", refused.sentence())


def _first(text: str | None) -> str:
    return " ".join((text or "").split()).rstrip(".")
