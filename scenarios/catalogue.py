"""What a scenario can use, from the services' rows: use cases, documents, events, consumers, problems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from re import fullmatch
from typing import Any

# Imports every module of a running service, so that all its refusals are known.
import shared.service.serve as _  # noqa: F401
from services import SERVICES
from shared.domain.actor import Role
from shared.domain.aggregate import Aggregate
from shared.domain.refused import Refused, refusals
from shared.service.rows import Change, Lists, Reads, Service
from shared.service.settings import Settings


@dataclass(frozen=True)
class UseCase:
    """A use case that a step can have, and its service."""

    service: str
    row: Change

    @property
    def kind(self) -> str | None:
        """The kind of aggregate that it makes or changes, such as `agreement`."""
        return self.row.gives.noun() if issubclass(self.row.gives, Aggregate) else None


@dataclass(frozen=True)
class Documents:
    """Documents that an expectation can look at: those of a list, such as `agreements`, or what a query shows beside
    each of them, such as `delivery`."""

    service: str
    row: Lists
    beside: Reads | None = None
    """The row of the query beside each document of the list; None for the document itself."""

    @property
    def name(self) -> str:
        """The list's path without its slash, or the query's name."""
        if self.beside:
            return self.beside.name
        return self.row.path.strip("/").replace("/", "_")

    @property
    def shows(self) -> Any:
        """The type of what they show."""
        return self.beside.gives if self.beside else self.row.kind

    @property
    def shown_to_operator(self) -> bool:
        """Whether an operator sees each of them: not what is personal, or for some roles only."""
        return Role.READER in self.row.may and not self.row.kind.personal

    def path(self, id: str) -> str:
        """The path of one, by the id of the list's document."""
        one = f"{self.row.path}/{id}"
        return f"{one}/{self.beside.path.rpartition('/')[2]}" if self.beside else one


class Catalogue:
    """The rows of services, by the names that scenario files use."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services = {service.name: service for service in services}
        # Without a token nobody in the story calls: participants sign in before their first step.
        commands = [(s.name, row) for s in self.services.values() for row in s.commands if not row.anybody]
        self.use_cases = {row.name: UseCase(service, row) for service, row in commands}
        self.documents = {
            service.name: {each.name: each for each in _documents(service)} for service in self.services.values()
        }
        if len(self.use_cases) < len(commands):
            raise TypeError("two use cases have the same name, so a step cannot name one of them")

    @property
    def events(self) -> Mapping[str, str]:
        """The service that publishes each type of event."""
        return {
            event.type: service.name
            for service in self.services.values()
            for row in (*service.commands, *service.timers, *(p for c in service.consumers for p in c.policies))
            for event in row.emits
        }

    @property
    def consumers(self) -> list[str]:
        """Every consumer as `service.consumer`."""
        return [f"{service.name}.{c.name}" for service in self.services.values() for c in service.consumers]

    @property
    def problems(self) -> list[str]:
        """The name of each problem, which is the last part of its type."""
        return list(self.refusals)

    @property
    def refusals(self) -> Mapping[str, type[Refused]]:
        """Each refusal by the name of its problem, in the order of the names."""
        return refusals()

    def documents_of(self, kind: str) -> Documents | None:
        """The documents of a kind of aggregate."""
        found = (each for own in self.documents.values() for each in own.values() if each.row.kind.noun() == kind)
        return next((each for each in found if not each.beside), None)

    def takes(self, service: str, consumer: str, type: str) -> bool:
        """Whether a consumer reacts to a type of event, and does not just skip it."""
        return any(c.name == consumer and type in c.types for c in self.services[service].consumers)


@cache
def catalogue() -> Catalogue:
    """The catalogue of this project's services; needs neither a database nor Kafka."""
    settings = Settings.model_validate({"development": True})
    return Catalogue(make(settings) for make in SERVICES.values())


def _documents(service: Service) -> Iterable[Documents]:
    """The lists of a service, and each query below one document of a list: `/agreements/{id}/name`."""
    for row in service.lists:
        yield Documents(service.name, row)
        for query in service.queries:
            if isinstance(query, Reads) and fullmatch(rf"{row.path}/{{\w+}}/\w+", query.path):
                yield Documents(service.name, row, query)
