"""Tracks the events that each service publishes, and how far each consumer of the other services has applied them.

It reads the services' own `/events` and `/positions`, as an operator.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scenarios.playing.client import PAUSE, TIMEOUT, Client, PlayError, problem_of
from scenarios.playing.progress import Applied, Check, Finding, Progress, Published
from scenarios.story import Person

LONGEST_PAUSE = 0.3
Key = tuple[str, str]
"""A topic, and an aggregate's id."""


def growing_pauses() -> Iterator[float]:
    """Seconds between polls: each poll asks every service, which slows the work it waits for."""
    pause = PAUSE
    while True:
        yield pause
        pause = min(pause * 1.5, LONGEST_PAUSE)


@dataclass
class EventTracker:
    """The events published since it began, and the position of every consumer; it polls only while a check waits."""

    client: Client
    operator: Person
    report: Callable[[Progress], None]
    name_of: Callable[[str], str]
    takes: Callable[[str, str, str], bool]
    acting_for: str | None = None
    events: list[Published] = field(default_factory=list[Published])
    cursors: dict[str, str] = field(default_factory=dict[str, str])
    last: dict[Key, int] = field(default_factory=dict[Key, int])
    """The last sequence known of each aggregate."""
    applied: dict[Key, dict[str, int]] = field(default_factory=lambda: defaultdict[Key, dict[str, int]](dict))
    """The sequence of an aggregate up to which each `service.consumer` has applied it."""
    parked: dict[Key, set[str]] = field(default_factory=lambda: defaultdict[Key, set[str]](set))
    readers: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])
    """The consumers of a service that read a topic, as the service says."""
    behind: set[tuple[str, Key]] = field(default_factory=set[tuple[str, Key]])
    """The services whose consumers have not yet applied all that is known of an aggregate."""

    async def begin(self) -> None:
        """Starts now; skips events published before."""
        for service in self.client.endpoints.services:
            self.cursors[service] = (await self._get(service, "/events", {"after": "now"}))["next"]

    def note(self, topic: str, id: str, sequence: int) -> None:
        """An aggregate has reached `sequence`: waits until every service that reads it has applied that."""
        key = (topic, id)
        self.last[key] = max(sequence, self.last.get(key, 0))
        self.behind |= {(service, key) for service in self.client.endpoints.services}

    async def look(self) -> bool:
        """Looks once at everything; True if there was something new or something is still awaited."""
        fresh = await asyncio.gather(*map(self._published, self.client.endpoints.services))
        await asyncio.gather(*(self._position(service, key) for service, key in sorted(self.behind)))
        return any(fresh) or bool(self.behind)

    async def settled(self, within: float = TIMEOUT) -> Check | None:
        """Waits until every consumer has applied everything published; a failed check if that takes too long."""
        until, pauses = time.monotonic() + within, growing_pauses()
        while await self.look():
            if time.monotonic() > until or any(self.parked[key] for _, key in self.behind):
                expected = Finding("every service applies the events", {"behind": []})
                return Check("settled", expected, self._behind(), ok=False)
            await asyncio.sleep(next(pauses))
        return None

    async def until(self, check: Callable[[], Awaitable[Check]], within: float = TIMEOUT) -> Check:
        """Repeats `check` until it holds, for at most `within` seconds; returns the last one."""
        until, pauses = time.monotonic() + within, growing_pauses()
        while not (found := await check()).ok and time.monotonic() < until:
            await asyncio.sleep(next(pauses))
            await self.look()
        return found

    async def _published(self, service: str) -> list[Published]:
        found = await self._get(service, "/events", {"after": self.cursors[service]})
        self.cursors[service] = found["next"]
        events = [_event(service, each, self.name_of) for each in found["events"]]
        for event in events:
            self.events.append(event)
            self.report(event)
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
                self.report(Applied(service, name, event))

    def _behind(self) -> Finding:
        found: list[dict[str, Any]] = []
        for service, key in sorted(self.behind):
            for name in self.readers.get((service, key[0]), []):
                consumer, last = f"{service}.{name}", self.last[key]
                at = self.applied[key].get(consumer, 0)
                if at < last:
                    parked = consumer in self.parked[key]
                    found.append({"consumer": consumer, "of": key[1], "at": at, "last": last, "parked": parked})
        words = "; ".join(
            f"{each['consumer']} has applied {each['at']} of {each['last']} events of {self.name_of(each['of'])}"
            f"{', the next one is parked' if each['parked'] else ''}"
            for each in found
        )
        return Finding(words or "new events keep coming", {"behind": found})

    async def _get(self, service: str, path: str, query: dict[str, str]) -> Any:
        answer = await self.client.request(self.operator, service, "GET", path, query=query, acting_for=self.acting_for)
        if answer.status_code != 200:
            reason = problem_of(answer.json()).detail
            raise PlayError(f"{service} refuses {path} to the operator {self.operator.handle}: {reason}")
        return answer.json()


def _event(service: str, event: dict[str, Any], name_of: Callable[[str], str]) -> Published:
    subject = event["subject"]
    return Published(service, event["type"], subject, event["sequence"], event["use_case"], name_of(subject))
