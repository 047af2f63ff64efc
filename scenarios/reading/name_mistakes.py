"""The names that a scenario gives: each above where it is used, once, and for the kind of thing that is wanted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.catalogue import Catalogue, Documents
from scenarios.reading.schema_mistakes import Fault, Path, place, suggestion
from scenarios.references import references
from scenarios.story import use_case_of
from shared.service.work import adapter

ORGANISATION, PERSON = "organisation", "person"
OF_ORGANISATIONS = ("parent_id", "acting_for", "signatories", "participants", "institutions", "sending", "receiving")
"""Fields for an organisation whose names do not say it."""


def name_faults(said: Mapping[str, Any], rows: Catalogue) -> Iterator[Fault]:
    """What is wrong with the names of a file that is right otherwise, from the top down."""
    names = _Names(rows, set(said["people"]))
    for section, kind in (("organisations", ORGANISATION), ("people", PERSON)):
        for handle, each in said[section].items():
            yield from names.use((section, handle), each)
            yield from names.give((section, handle), handle, rows.documents_of(kind))
    for index, step in enumerate(said["steps"]):
        yield from names.step(("steps", index), step)


@dataclass
class _Names:
    """What has a name so far, and as which documents it is read."""

    rows: Catalogue
    people: set[str]
    given: dict[str, Documents | None] = field(default_factory=dict[str, Documents | None])

    def step(self, at: Path, step: Mapping[str, Any]) -> Iterator[Fault]:
        """What a step's own call uses, the name that it gives, and then its expectations."""
        yield from self.use(at, {name: each for name, each in step.items() if name != "expect"})
        yield from self._persons(at, step)
        if "save" in step:
            use_case = self.rows.use_cases[use_case_of(step) or ""]
            yield from self.give((*at, "save"), step["save"], self.rows.documents_of(use_case.kind or ""))
        for index, each in enumerate(step.get("expect", [])):
            yield from self._expectation((*at, "expect", index), each)

    def _expectation(self, at: Path, said: Mapping[str, Any]) -> Iterator[Fault]:
        yield from self.use(at, said)
        if "save" in said:
            service = next(name for name in said if name in self.rows.documents)
            documents = next(each for name, each in self.rows.documents[service].items() if name in said[service])
            yield from self.give((*at, "save"), said["save"], documents)

    def _persons(self, at: Path, step: Mapping[str, Any]) -> Iterator[Fault]:
        for where, person in _persons(at, step):
            if person not in self.people:
                allowed = ", ".join(sorted(self.people))
                yield Fault(where, f"{place(where)}: there is no person {person!r}; allowed: {allowed}")

    def give(self, at: Path, handle: str, stands_for: Documents | None) -> Iterator[Fault]:
        """Gives a name, once."""
        if handle in self.given:
            yield Fault(at, f"{place(at)}: {handle!r} is named already above; take another name")
        self.given.setdefault(handle, stands_for)

    def use(self, at: Path, value: object) -> Iterator[Fault]:
        """Every reference within `value` to what has no name yet, has no such field, or is something else."""
        for where, reference in references(value):
            if where[-1:] not in (("en",), ("zh",)) and (sentence := self._wrong((*at, *where), reference)):
                yield Fault((*at, *where), f"{place((*at, *where), entry=False)}: {sentence}")

    def _wrong(self, at: Path, reference: str) -> str:
        handle, _, path = reference.removeprefix("$").partition(".")
        if handle not in self.given:
            allowed = ", ".join(f"${name}" for name in sorted(self.given)) or "none yet"
            return f"nothing above is named {reference!r}; allowed: {allowed}"
        documents = self.given[handle]
        if not documents or documents.beside:
            return ""
        kind = documents.row.kind.noun()
        if path:
            return _no_field(documents, path.partition(".")[0], f"${handle} is {_a(kind)}")
        wanted = self._wanted(at)
        return "" if wanted in (None, kind) else f"'{reference}' is {_a(kind)}; {_a(wanted)} is wanted"

    def _wanted(self, at: Path) -> str | None:
        """The kind of thing that a field refers to, where its name says it."""
        before, name = [part for part in at if isinstance(part, str)][-2:]
        if name in OF_ORGANISATIONS:
            return ORGANISATION
        if documents := self.rows.documents.get(before, {}).get(name):
            return documents.row.kind.noun()
        kind = name.removesuffix("_id")
        return kind if kind != name and self.rows.documents_of(kind) else None


def _no_field(documents: Documents, name: str, what: str) -> str:
    # Every document is shown with its version besides.
    known = [*adapter(documents.shows).json_schema(mode="serialization")["properties"], "version"]
    return "" if name in known else f"{what} and has no {name!r}; {suggestion(name, known)}"


def _persons(at: Path, step: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    if "as" in step:
        yield (*at, "as"), step["as"]
    for index, each in enumerate(step.get("expect", [])):
        if "as" in each:
            yield (*at, "expect", index, "as"), each["as"]
        if "message" in each:
            yield (*at, "expect", index, "message", "to"), each["message"]["to"]


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
