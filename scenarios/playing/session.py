"""What is known while a scenario is played: its people, its documents as last seen, the day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from scenarios.catalogue import Catalogue, Documents
from scenarios.playing.client import Callers, PlayError
from scenarios.playing.event_tracker import Watch
from scenarios.playing.progress import Happening, topic_of
from scenarios.references import found_in, resolved
from scenarios.story import Cast, Scenario


@dataclass
class Stage:
    """A scenario being played."""

    scenario: Scenario
    callers: Callers
    rows: Catalogue
    tell: Callable[[Happening], None]
    documents: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """What each name stands for, as last seen."""
    today: date = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.today = datetime.now(ZoneInfo(self.scenario.time_zone)).date()
        self.watch = Watch(self.callers, self.scenario.operator, self.tell, self.name_of, self.rows.takes)

    def resolved(self, value: Any) -> Any:
        """`value` with references and relative days replaced; raises UnknownReference."""
        return resolved(value, self.today, lambda reference: found_in(self.documents, reference))

    def keep(self, handle: str, document: dict[str, Any]) -> None:
        """Gives a document a name."""
        self.documents[handle] = document

    def seen(self, document: Mapping[str, Any]) -> None:
        """A document was seen: whatever name it has stands for what it is now."""
        for handle, known in self.documents.items():
            if known["id"] == document["id"]:
                self.documents[handle] = dict(document)

    def name_of(self, id: str) -> str:
        """The name that the scenario has for an id."""
        return next((handle for handle, known in self.documents.items() if known["id"] == id), "")

    def acting_for_of(self, person: Cast, reference: str | None = None) -> str | None:
        """The organisation somebody acts for: as given, else that of the first office; None if not known yet."""
        where = reference or person.offices[0].organisation
        return self.resolved(where) if where.removeprefix("$") in self.documents else None

    async def ask(
        self, person: Cast, service: str, method: str, path: str, *, acting_for: str | None = None, **more: Any
    ) -> httpx2.Response:
        """Calls a service for somebody; see `Callers.ask`. `acting_for` is a reference."""
        where = self.acting_for_of(person, acting_for)
        return await self.callers.ask(person, service, method, path, acting_for=where, **more)

    async def read(self, service: str, path: str, query: dict[str, str]) -> Any:
        """What a service shows the operator; raises PlayError if it refuses."""
        answer = await self.ask(self.scenario.operator, service, "GET", path, query=query)
        if answer.status_code != 200:
            raise PlayError(f"{service} refuses {path} to the operator: {answer.text[:300]}")
        return answer.json()

    async def catch_up(self, where: Documents, id: str) -> None:
        """Has the watch wait for all that was ever published of an aggregate, as its history has it.

        A history is as new as its document; `/events` leaves out what could still be overtaken, and so comes later.
        """
        history = await self.read(where.service, f"{where.row.path}/{id}/history", {})
        if events := [event for each in history for event in each["events"]]:
            self.watch.note(topic_of(events[-1]["type"]), id, events[-1]["sequence"])

    async def look_at(self, person: Cast, where: Documents, id: str, acting_for: str | None = None) -> dict[str, Any]:
        """A document as somebody sees it; the problem instead if they may not."""
        answer = await self.ask(person, where.service, "GET", where.path(id), acting_for=acting_for)
        document: dict[str, Any] = answer.json()
        if answer.status_code == 200 and not where.beside:
            self.seen(document)
        return document

    async def look_for(self, person: Cast, where: Documents, query: dict[str, str]) -> list[dict[str, Any]]:
        """The first documents of a list that somebody sees with these filters; none if they may not."""
        answer = await self.ask(person, where.service, "GET", where.row.path, query=query)
        return answer.json()["items"] if answer.status_code == 200 else []
