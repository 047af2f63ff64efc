"""Mistakes in the names of a scenario: each is given once, before it is used, and is of the right kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scenarios.catalogue import Catalogue, Documents
from scenarios.reading.mistakes import Mistake, place, suggestion
from scenarios.references import references
from scenarios.story import Path, calls_of, use_cases_of
from shared.service.work import adapter

ORGANISATION, PERSON, PARTICIPANT = "organisation", "person", "participant"
OF_ORGANISATIONS = (
    "parent_id", "acting_for", "signatories", "participants", "institutions", "sending", "receiving", "home",
    "organiser", "host", "hosts", "senders", "leads", "owner", "counterpart",
)  # fmt: skip
"""Fields for organisations whose names do not say so."""


def name_mistakes(file: Mapping[str, Any], rows: Catalogue) -> Iterator[Mistake]:
    """All mistakes in the names of a file that matches the schema, from top to bottom."""
    names = _Names(rows, set(file["people"]))
    for section, kind in (("organisations", ORGANISATION), ("people", PERSON)):
        for handle, each in file[section].items():
            yield from names.use((section, handle), each)
            yield from names.give((section, handle), handle, rows.documents_of(kind))
    for index, step in enumerate(file["steps"]):
        yield from names.step(("steps", index), step)


@dataclass
class _Names:
    """The names given so far, with the kind of document of each; None if unknown."""

    rows: Catalogue
    people: set[str]
    given: dict[str, Documents | None] = field(default_factory=dict[str, Documents | None])
    given_twice: bool = False

    def step(self, at: Path, step: Mapping[str, Any]) -> Iterator[Mistake]:
        """What a step's calls use, the names that they give, and then its expectations."""
        calls = [((*at, *where), call) for where, call in calls_of(step)]
        for where, call in calls:
            yield from self._acts((*where, "as"), call["as"])
            yield from self.use(where, {name: each for name, each in call.items() if name != "expect"})
        for where, call in calls:
            if "save" in call:
                use_case = self.rows.use_cases[use_cases_of(call)[0]]
                yield from self.give((*where, "save"), call["save"], self.rows.documents_of(use_case.kind or ""))
        for index, each in enumerate(step.get("expect", [])):
            yield from self._expectation((*at, "expect", index), each)

    def _expectation(self, at: Path, expectation: Mapping[str, Any]) -> Iterator[Mistake]:
        if "as" in expectation:
            yield from self._acts((*at, "as"), expectation["as"])
        for kind in {"message", "no_message"} & expectation.keys():
            to = expectation[kind].get("to", [])
            for entry, handle in [((), to)] if isinstance(to, str) else [((n,), each) for n, each in enumerate(to)]:
                yield from self._known((*at, kind, "to", *entry), handle, sorted(self.people))
        if "mail" in expectation:
            yield from self._known((*at, "mail", "to"), expectation["mail"]["to"], self.participants, PARTICIPANT)
        yield from self.use(at, expectation)
        if "save" in expectation:
            service = next(name for name in expectation if name in self.rows.documents)
            own = self.rows.documents[service]
            documents = next(each for name, each in own.items() if name in expectation[service])
            yield from self.give((*at, "save"), expectation["save"], documents)

    @property
    def participants(self) -> list[str]:
        """The participants who are registered so far."""
        return [name for name, each in self.given.items() if each and each.row.kind.noun() == PARTICIPANT]

    def _acts(self, at: Path, handle: str) -> Iterator[Mistake]:
        """A person, or a participant."""
        return self._known(at, handle, [*sorted(self.people), *self.participants])

    def _known(self, at: Path, handle: str, known: Sequence[str], what: str = PERSON) -> Iterator[Mistake]:
        if handle not in known:
            meant = suggestion(handle, known) if known else "none is registered above"
            yield Mistake(at, f"{place(at)}: there is no {what} {handle!r}; {meant}")

    def give(self, at: Path, handle: str, stands_for: Documents | None) -> Iterator[Mistake]:
        """Gives a name, once."""
        if handle not in self.given:
            self.given[handle] = stands_for
            return
        yield Mistake(at, f"{place(at)}: {handle!r} is already the name of something above; choose another name")
        # A reference to it may mean either, and one to an unknown name may mean what this should be called.
        self.given[handle], self.given_twice = None, True

    def use(self, at: Path, value: object) -> Iterator[Mistake]:
        """Every reference in `value` to a name not given yet, to a field that is not there, or to the wrong kind."""
        for where, reference in references(value):
            if where[-1:] not in (("en",), ("zh",)) and (sentence := self._wrong((*at, *where), reference)):
                yield Mistake((*at, *where), f"{place((*at, *where), entry=False)}: {sentence}")

    def _wrong(self, at: Path, reference: str) -> str:
        handle, _, path = reference.removeprefix("$").partition(".")
        if handle not in self.given and self.given_twice:
            return ""
        if handle not in self.given:
            known = [f"${name}" for name in sorted(self.given)]
            meant = suggestion(f"${handle}", known) if known else "nothing has a name yet"
            return f"nothing above is named '${handle}'; {meant}"
        documents = self.given[handle]
        if not documents or documents.beside:
            return ""
        kind = documents.row.kind.noun()
        if path:
            return _no_field(documents, path.partition(".")[0], f"${handle} is {_a(kind)}")
        wanted = self._wanted(at)
        return "" if wanted in (None, kind) else f"'{reference}' is {_a(kind)}; write {_a(wanted)}"

    def _wanted(self, at: Path) -> str | None:
        """The kind of thing that a field refers to, if its name says so."""
        before, name = [part for part in at if isinstance(part, str)][-2:]
        if documents := self.rows.documents.get(before, {}).get(name):
            return documents.row.kind.noun()
        if name in OF_ORGANISATIONS:
            return ORGANISATION
        kind = name.removesuffix("_id")
        return kind if kind != name and self.rows.documents_of(kind) else None


def _no_field(documents: Documents, name: str, what: str) -> str:
    # Every document is shown with its version besides.
    known = [*adapter(documents.shows).json_schema(mode="serialization")["properties"], "version"]
    return "" if name in known else f"{what} and has no {name!r}; {suggestion(name, known)}"


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
