"""Looking on: what each service published, and what each consumer of the others has applied of it.

Only by the services' own `/events` and `/positions`, as an operator.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from scenarios.playing.client import BOUND, PAUSE, Callers, PlayError
from scenarios.playing.progress import Applied, Happening, Held, Published
from scenarios.story import Cast

Key = tuple[str, str]
"""A topic, and an aggregate's id."""


@dataclass
class Watch:
    """What was published since it began, and how far every consumer is; `looked` by the runner while it waits."""

    callers: Callers
    operator: Cast
    tell: Callable[[Happening], None]
    name_of: Callable[[str], str]
    takes: Callable[[str, str, str], bool]
    acting_for: str | None = None
    events: list[Published] = field(default_factory=list[Published])
    cursors: dict[str, str] = field(default_factory=dict[str, str])
    last: dict[Key, int] = field(default_factory=dict[Key, int])
    """The last sequence known of each aggregate."""
    applied: dict[Key, dict[str, int]] = field(default_factory=lambda: defaultdict[Key, dict[str, int]](dict))
    """The sequence that each `service.consumer` which reads it has applied of an aggregate."""
    parked: dict[Key, set[str]] = field(default_factory=lambda: defaultdict[Key, set[str]](set))
    readers: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])
    """The consumers of a service that read a topic, as the service says."""
    behind: set[tuple[str, Key]] = field(default_factory=set[tuple[str, Key]])
    """The services whose consumers have not applied all that is known of an aggregate."""

    async def begin(self) -> None:
        """From now on: skips what was published before."""
        for service in self.callers.places.services:
            self.cursors[service] = (await self._get(service, "/events", {"after": "now"}))["next"]

    def note(self, topic: str, id: str, sequence: int) -> None:
        """An aggregate that has come to `sequence`, which every service that reads it shall apply."""
        key = (topic, id)
        self.last[key] = max(sequence, self.last.get(key, 0))
        self.behind |= {(service, key) for service in self.callers.places.services}

    async def look(self) -> bool:
        """Looks once at everything; whether there was something new, or something is still awaited."""
        fresh = await asyncio.gather(*map(self._published, self.callers.places.services))
        await asyncio.gather(*(self._position(service, key) for service, key in sorted(self.behind)))
        return any(fresh) or bool(self.behind)

    async def settled(self, bound: float = BOUND) -> Held | None:
        """Waits until every consumer has applied all that was published; what is lacking if that takes too long."""
        until = time.monotonic() + bound
        while await self.look():
            if time.monotonic() > until or any(self.parked[key] for _, key in self.behind):
                return Held("every service takes its events", self._lacking(), ok=False)
            await asyncio.sleep(PAUSE)
        return None

    async def until(self, check: Callable[[], Awaitable[Held]], bound: float = BOUND) -> Held:
        """Asks `check` until it holds, at most `bound` seconds; the last answer."""
        until = time.monotonic() + bound
        while not (held := await check()).ok and time.monotonic() < until:
            await asyncio.sleep(PAUSE)
            await self.look()
        return held

    async def _published(self, service: str) -> list[Published]:
        found = await self._get(service, "/events", {"after": self.cursors[service]})
        self.cursors[service] = found["next"]
        events = [_event(service, each, self.name_of) for each in found["events"]]
        for event in events:
            self.events.append(event)
            self.tell(event)
            self.note(event.topic, event.subject, event.sequence)
        return events

    async def _position(self, service: str, key: Key) -> None:
        topic, id = key
        if self.readers.get((service, topic)) == []:
            self.behind.discard((service, key))
            return
        found = await self._get(service, "/positions", {"topic": topic, "key": id})
        self.readers[service, topic] = found["consumers"]
        for position in found["positions"]:
            self._advance(service, key, position)
        known = self.applied[key]
        if all(known.get(f"{service}.{name}", 0) >= self.last[key] for name in found["consumers"]):
            self.behind.discard((service, key))

    def _advance(self, service: str, key: Key, position: dict[str, Any]) -> None:
        name, sequence = position["consumer"], position["sequence"] or 0
        consumer = f"{service}.{name}"
        before = self.applied[key].get(consumer, 0)
        self.applied[key][consumer] = sequence
        if position["parked"]:
            self.parked[key].add(consumer)
        for event in self.events:
            new = (event.topic, event.subject) == key and before < event.sequence <= sequence
            if new and self.takes(service, name, event.type):
                self.tell(Applied(service, name, event))

    def _lacking(self) -> str:
        said: list[str] = []
        for service, key in sorted(self.behind):
            for name in self.readers.get((service, key[0]), []):
                at, last = self.applied[key].get(f"{service}.{name}", 0), self.last[key]
                parked = ", parked" if f"{service}.{name}" in self.parked[key] else ""
                if at < last:
                    said.append(f"{service}.{name} is at {at} of {last} of {self.name_of(key[1])}{parked}")
        return "; ".join(said) or "new events still come"

    async def _get(self, service: str, path: str, query: dict[str, str]) -> Any:
        answer = await self.callers.ask(self.operator, service, "GET", path, query=query, acting_for=self.acting_for)
        if answer.status_code != 200:
            raise PlayError(f"{service} refuses {path} to the operator {self.operator.handle}: {answer.text[:300]}")
        return answer.json()


def _event(service: str, said: dict[str, Any], name_of: Callable[[str], str]) -> Published:
    subject = said["subject"]
    return Published(service, said["type"], subject, said["sequence"], said["use_case"], name_of(subject))
