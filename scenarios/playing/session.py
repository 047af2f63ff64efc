"""The state of one play: the story's people, its documents as last seen, their names, and today."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from scenarios.catalogue import Catalogue, Documents
from scenarios.playing.client import Client, PlayError
from scenarios.playing.event_tracker import EventTracker
from scenarios.playing.progress import Progress, topic_of
from scenarios.references import found_in, handle_of, references, resolved
from scenarios.story import Person, Scenario

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Session:
    """A scenario being played."""

    scenario: Scenario
    client: Client
    rows: Catalogue
    report: Callable[[Progress], None]
    documents: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """The document of each handle, as last seen."""
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    """The kind of each document: a mobility and its learning agreement have the same id."""
    today: date = field(init=False)
    tracker: EventTracker = field(init=False)
    mailed_before: frozenset[str] = frozenset()
    """The ids of the mails that were in the mailbox before the story began."""
    others: dict[str, str] = field(default_factory=dict[str, str])
    """The names of organisations and people that are not in the story, by id."""

    def __post_init__(self) -> None:
        self.today = datetime.now(ZoneInfo(self.scenario.time_zone)).date()
        self.tracker = EventTracker(self.client, self.scenario.operator, self.report, self.name_of, self.rows.takes)

    def resolved(self, value: Any) -> Any:
        """`value` with references, relative days and times replaced; raises UnknownReference."""
        return resolved(
            value, self.today, self.scenario.time_zone, lambda reference: found_in(self.documents, reference)
        )

    def ids_in(self, value: Any) -> dict[str, str]:
        """The id of each handle that `value` refers to."""
        handles = {handle_of(reference) for _, reference in references(value)}
        return {handle: self.documents[handle]["id"] for handle in sorted(handles) if handle in self.documents}

    def keep(self, handle: str, kind: str, document: dict[str, Any]) -> None:
        """Gives a document of this kind a handle."""
        self.documents[handle], self.kinds[handle] = document, kind

    def seen(self, kind: str, document: Mapping[str, Any]) -> None:
        """Records the current state of a document of this kind under each of its handles."""
        for handle, known in self.documents.items():
            if known["id"] == document["id"] and self.kinds[handle] == kind:
                self.documents[handle] = dict(document)

    def name_of(self, id: str) -> str:
        """What the story calls an id: the name of an organisation or person, else `$handle`; empty if unknown."""
        handle = next((handle for handle, known in self.documents.items() if known["id"] == id), "")
        if person := self.scenario.people.get(handle):
            return str(person.name)
        if organisation := self.scenario.organisations.get(handle):
            return shown_name(organisation["name"])
        return f"${handle}" if handle else self.others.get(id, "")

    def readable(self, text: str) -> str:
        """`text` with names instead of ids, where they are known."""
        for id in UUID.findall(text):
            if name := self.name_of(id):
                # A sentence may have both: `York Museum (01a2…)`.
                text = text.replace(f"{name} ({id})", name).replace(id, name)
        return text

    async def look_up_names(self, texts: Iterable[str]) -> None:
        """Finds the names of organisations and people that the story does not have, for the ids in `texts`."""
        for id in {id for text in texts for id in UUID.findall(text) if not self.name_of(id)}:
            for path in ("/organisations", "/people"):
                answer = await self.request(self.scenario.operator, "partners", "GET", f"{path}/{id}")
                if answer.status_code == 200 and answer.json().get("name"):
                    self.others[id] = shown_name(answer.json()["name"])

    def acting_for_of(self, person: Person, reference: str | None = None) -> str | None:
        """The organisation a person acts for: as given, else that of the first office.

        None if it is not known yet, and for participants, who act for none.
        """
        where = reference or (person.offices[0].organisation if person.offices else "")
        return self.resolved(where) if where.removeprefix("$") in self.documents else None

    async def request(
        self, person: Person, service: str, method: str, path: str, *, acting_for: str | None = None, **more: Any
    ) -> httpx2.Response:
        """Calls a service for a person; see `Client.request`. `acting_for` is a reference."""
        where = self.acting_for_of(person, acting_for)
        return await self.client.request(person, service, method, path, acting_for=where, **more)

    async def read(self, service: str, path: str, query: dict[str, str], person: Person | None = None) -> Any:
        """What a service shows a person, by default the operator; raises PlayError if it refuses."""
        answer = await self.request(person or self.scenario.operator, service, "GET", path, query=query)
        if answer.status_code != 200:
            who = person.name if person else "the operator"
            raise PlayError(f"{service} refuses {path} to {who}: {answer.text[:300]}")
        return answer.json()

    async def catch_up(self, where: Documents, id: str, person: Person | None = None) -> None:
        """Makes the tracker wait for every event that was ever published of an aggregate, as the person sees it.

        Its history is as new as its document; `/events` is later, since it leaves out what could still be overtaken.
        """
        path = f"{where.row.path}/{id}/history"
        page = await self.read(where.service, path, {}, person)
        history = page["items"]
        while page["next"]:
            page = await self.read(where.service, path, {"cursor": page["next"]}, person)
            history += page["items"]
        if events := [event for each in history for event in each["events"]]:
            self.tracker.note(topic_of(events[-1]["type"]), id, events[-1]["sequence"])

    async def catch_up_with(self, id: str) -> None:
        """The same for all with this id, as far as they published events and the operator sees them."""
        for topic in {topic_of(event.type) for event in self.tracker.events if event.subject == id}:
            where = self.rows.documents_of(topic.rpartition(".")[2].replace("-", "_"))
            if where and where.shown_to_operator:
                await self.catch_up(where, id)

    async def look_at(self, person: Person, where: Documents, id: str, acting_for: str | None = None) -> dict[str, Any]:
        """A document as a person sees it; the problem instead if they may not."""
        answer = await self.request(person, where.service, "GET", where.path(id), acting_for=acting_for)
        document: dict[str, Any] = answer.json()
        if answer.status_code == 200 and not where.beside:
            self.seen(where.row.kind.noun(), document)
        return document

    async def look_for(self, person: Person, where: Documents, query: dict[str, str]) -> list[dict[str, Any]]:
        """The first documents of a list that a person sees with these filters; none if they may not."""
        answer = await self.request(person, where.service, "GET", where.row.path, query=query)
        return answer.json()["items"] if answer.status_code == 200 else []


def shown_name(name: Mapping[str, str | None]) -> str:
    """A name in English, else in Chinese."""
    return name.get("en") or name.get("zh") or ""
