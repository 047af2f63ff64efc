"""A notice: an event that people must be notified of, from its arrival until they have been."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

from services.notifications.domain.audience import Recipients
from services.notifications.domain.rules import recipients
from shared.contracts.event import Event
from shared.contracts.initiative import Output
from shared.contracts.values import Instant, OrganisationId, PersonId, Text
from shared.domain.aggregate import Aggregate

SETTLING = timedelta(seconds=0.3)
"""How long to wait for the directory, which arrives on other topics: an office granted just before the event counts."""
SECOND_LOOK = timedelta(minutes=1)
"""When to look again. After an outage the directory may lag far behind the event; this finds the people missed."""


class Facts(BaseModel):
    """What the texts may say about an event: its fields with these names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: Text | None = None
    programme_title: Text | None = None
    offer_title: Text | None = None
    need_title: Text | None = None
    milestone_title: Text | None = None
    deliverable_title: Text | None = None
    action_title: Text | None = None
    authority: Text | None = None
    signatories: list[OrganisationId] = Field(default_factory=list[OrganisationId])
    leads: list[OrganisationId] = Field(default_factory=list[OrganisationId])
    hosts: list[OrganisationId] = Field(default_factory=list[OrganisationId])
    sending: OrganisationId | None = None
    receiving: OrganisationId | None = None
    offering: OrganisationId | None = None
    seeking: OrganisationId | None = None
    owner: OrganisationId | None = None
    counterpart: OrganisationId | None = None
    organiser: OrganisationId | None = None
    party: OrganisationId | None = None
    number: int | None = None
    trl: int | None = None
    attended: int | None = None
    issued: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    due_on: date | None = None
    proposed_on: date | None = None
    time_zone: str | None = None
    owner_zone: str | None = None
    confidential_until: date | None = None
    deadline: date | None = None
    arrived_on: date | None = None
    departed_on: date | None = None
    interrupted_on: date | None = None
    academic_year: str | None = None
    terminates_on: date | None = None
    output: Output | None = None
    reason_code: str | None = None

    @property
    def headline(self) -> Text | None:
        """The title of what the event is about: its own, its programme's or, for a match, its offer's."""
        return self.title or self.programme_title or self.offer_title

    @property
    def organisations(self) -> set[OrganisationId]:
        """Every organisation that the facts name."""
        one = (self.sending, self.receiving, self.offering, self.seeking, self.owner, self.counterpart, self.party)
        several = (*self.signatories, *self.leads, *self.hosts)
        return {id for id in (*several, *one, self.organiser) if id}


class Link(BaseModel):
    """Where to read more: a path in a service's API."""

    model_config = ConfigDict(frozen=True)

    service: str
    path: str


class Status(StrEnum):
    """The status of a notice."""

    PENDING = "pending"
    NOTIFIED = "notified"
    CLOSED = "closed"
    """People were notified, and a second look found those missed."""


@dataclass(kw_only=True)
class Notice(Aggregate):
    """An event and who is notified of it. `notified` counts people and names none."""

    event_id: UUID
    event_type: str
    at: Instant
    """When it happened."""
    subject: UUID
    """The id of the aggregate that it happened to."""
    concerns: list[UUID]
    """The ids of that aggregate and of those it belongs to. A person who muted one of them gets no email."""
    by: PersonId | None
    """The person who caused it, who is not notified."""
    recipients: list[Recipients]
    facts: Facts
    status: Status = Status.PENDING
    notified: int = 0
    notified_at: Instant | None = None

    @classmethod
    def of(cls, event: Event) -> Self | None:
        """The notice for a delivered event, with an id that depends on the event only; None if it notifies no one."""
        rows, envelope = recipients(event), event.envelope
        if not rows:
            return None
        return cls(
            id=uuid5(envelope.id, "notice"), event_id=envelope.id, event_type=envelope.type, at=envelope.time,
            subject=UUID(envelope.subject), concerns=_concerns(event), by=getattr(event, "by", None),
            recipients=rows, facts=Facts.model_validate(event.model_dump()),
        )  # fmt: skip

    def due(self) -> Mapping[str, datetime]:
        """When to address it: soon after the event, and once more a while after that."""
        if self.status is Status.PENDING:
            return {"address": self.at + SETTLING}
        return (
            {"address": self.notified_at + SECOND_LOOK} if self.notified_at and self.status is Status.NOTIFIED else {}
        )

    def addressed(self, notified: int, at: datetime) -> None:
        """Counts the people notified just now."""
        self.status = Status.NOTIFIED if self.status is Status.PENDING else Status.CLOSED
        self.notified, self.notified_at = self.notified + notified, self.notified_at or at

    @property
    def link(self) -> Link:
        """Where to read the aggregate: for `entente.partners.agreement`, `/agreements/{id}` in partners."""
        _, service, kind, *_ = self.event_type.split(".")
        return Link(service=service, path=f"/{_plural(kind)}/{self.subject}")


def _plural(kind: str) -> str:
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return f"{kind}{'es' if kind.endswith('ch') else 's'}"


def _concerns(event: Event) -> list[UUID]:
    named = (
        "activity_id", "learning_agreement_id", "mobility_id", "call_id", "programme_id", "deal_id", "match_id",
        "offer_id", "need_id", "initiative_id", "amendment_id", "agreement_id",
    )  # fmt: skip
    return [id for name in named if (id := getattr(event, name, None))]
