"""What a scenario can say, as the services' rows have it: use cases, documents, events, consumers, problems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from re import fullmatch
from typing import Any

# Every module that a running service has: how it can refuse is then known, whatever else was imported.
import shared.service.serve as _  # noqa: F401
from services import SERVICES
from shared.domain.aggregate import Aggregate
from shared.domain.refused import Refused, refusals
from shared.service.rows import Change, Lists, Reads, Service
from shared.service.settings import Settings


@dataclass(frozen=True)
class UseCase:
    """A use case that a step can name, and where it is asked for."""

    service: str
    row: Change

    @property
    def kind(self) -> str | None:
        """The kind of aggregate that it gives, such as `agreement`."""
        return self.row.gives.noun() if issubclass(self.row.gives, Aggregate) else None


@dataclass(frozen=True)
class Documents:
    """What an expectation can look at, by the name of its path: the documents of a list, `agreements`, or what is
    read beside each of them, `delivery`."""

    service: str
    row: Lists
    beside: Reads | None = None
    """The row of what is read beside each document of the list, and not the document itself."""

    @property
    def name(self) -> str:
        """The path without its slash; the last part of one that is beside."""
        if self.beside:
            return self.beside.path.rpartition("/")[2]
        return self.row.path.strip("/").replace("/", "_")

    @property
    def shows(self) -> Any:
        """The type of what is seen."""
        return self.beside.gives if self.beside else self.row.kind

    def path(self, id: str) -> str:
        """Where one is read, by the id of the list's document."""
        return f"{self.row.path}/{id}{f'/{self.name}' if self.beside else ''}"


class Catalogue:
    """The rows of services, by the names that scenario files use."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services = {service.name: service for service in services}
        self.use_cases = {row.name: UseCase(s.name, row) for s in self.services.values() for row in s.commands}
        self.documents = {
            service.name: {each.name: each for each in _documents(service)} for service in self.services.values()
        }
        if len(self.use_cases) < sum(len(service.commands) for service in self.services.values()):
            raise TypeError("two use cases have the same name, so a step cannot tell which one it means")

    @property
    def events(self) -> Mapping[str, str]:
        """The service that publishes it, by each event's type."""
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
        """The name of each way in which a service can refuse, the last part of a problem's type."""
        return list(self.refusals)

    @property
    def refusals(self) -> Mapping[str, type[Refused]]:
        """Each way in which a service can refuse, by its name and in the order of the names."""
        return refusals()

    def documents_of(self, kind: str) -> Documents | None:
        """Where documents of a kind of aggregate are read."""
        found = (each for own in self.documents.values() for each in own.values() if each.row.kind.noun() == kind)
        return next((each for each in found if not each.beside), None)

    def takes(self, service: str, consumer: str, type: str) -> bool:
        """Whether a consumer reacts to a type of event; what it only passes over is not taken."""
        return any(c.name == consumer and type in c.types for c in self.services[service].consumers)


@cache
def catalogue() -> Catalogue:
    """The catalogue of this project's services; needs neither a database nor Kafka."""
    settings = Settings.model_validate({"development": True})
    return Catalogue(make(settings) for make in SERVICES.values())


def _documents(service: Service) -> Iterable[Documents]:
    """The lists of a service, and each query whose path leads over one document of a list: `/agreements/{id}/name`."""
    for row in service.lists:
        yield Documents(service.name, row)
        for query in service.queries:
            if isinstance(query, Reads) and fullmatch(rf"{row.path}/{{\w+}}/\w+", query.path):
                yield Documents(service.name, row, query)
