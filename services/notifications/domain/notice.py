"""A notice: an event that people are to be told of, from when it was heard until they have been told."""

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
from shared.contracts.values import Instant, OrganisationId, PersonId, Signatory, Text
from shared.domain.aggregate import Aggregate

SETTLING = timedelta(seconds=0.3)
"""The directory comes on other topics than the event: an office granted just before it is heard of meanwhile."""
SECOND_LOOK = timedelta(minutes=1)
"""After a longer stop an event may be heard long before the directory: a second look finds whoever was missed."""


class Facts(BaseModel):
    """What the wordings may say of an event: its fields of the same names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: Text | None = None
    programme_title: Text | None = None
    offer_title: Text | None = None
    need_title: Text | None = None
    milestone_title: Text | None = None
    signatories: list[OrganisationId] = Field(default_factory=list[OrganisationId])
    institutions: list[OrganisationId] = Field(default_factory=list[OrganisationId])
    sending: OrganisationId | None = None
    receiving: OrganisationId | None = None
    offering: OrganisationId | None = None
    seeking: OrganisationId | None = None
    party: OrganisationId | None = None
    number: int | None = None
    trl: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    due_on: date | None = None
    time_zone: str | None = None
    confidential_until: date | None = None
    reason: Text | None = None

    @property
    def headline(self) -> Text | None:
        """The title of what the event is about: its own, that of its programme, or of a match that of the offer."""
        return self.title or self.programme_title or self.offer_title

    @property
    def organisations(self) -> set[OrganisationId]:
        """All organisations that are named."""
        single = {self.sending, self.receiving, self.offering, self.seeking, self.party} - {None}
        return {*self.signatories, *self.institutions, *(id for id in single if id)}


class Link(BaseModel):
    """Where to read more: a path of a service's API."""

    model_config = ConfigDict(frozen=True)

    service: str
    path: str


class Status(StrEnum):
    """How far a notice is."""

    PENDING = "pending"
    NOTIFIED = "notified"
    CLOSED = "closed"
    """Told, and looked again for whoever was missed."""


@dataclass(kw_only=True)
class Notice(Aggregate):
    """An event with whom it is told to; `told` counts them and names nobody."""

    event_id: UUID
    event_type: str
    at: Instant
    """When it happened."""
    subject: UUID
    """The aggregate that it happened to."""
    concerns: list[UUID]
    """That aggregate and those that it belongs to: whoever muted one of them gets no mail."""
    by: PersonId | None
    """Who caused it: not told of it."""
    recipients: list[Recipients]
    facts: Facts
    status: Status = Status.PENDING
    notified: int = 0
    notified_at: Instant | None = None

    @classmethod
    def of(cls, event: Event) -> Self | None:
        """The notice of a delivered event, the same whenever it is made; None when nobody is told of it."""
        rows, envelope = recipients(event), event.envelope
        if not rows:
            return None
        by: Signatory | None = getattr(event, "by", None)
        return cls(
            id=uuid5(envelope.id, "notice"), event_id=envelope.id, event_type=envelope.type, at=envelope.time,
            subject=UUID(envelope.subject), concerns=_concerns(event), by=by.person_id if by else None,
            recipients=rows, facts=Facts.model_validate(event.model_dump()),
        )  # fmt: skip

    def due(self) -> Mapping[str, datetime]:
        """It is to be addressed: soon after it was heard, and once more a while after that."""
        if self.status is Status.PENDING:
            return {"address": self.at + SETTLING}
        return (
            {"address": self.notified_at + SECOND_LOOK} if self.notified_at and self.status is Status.NOTIFIED else {}
        )

    def addressed(self, notified: int, at: datetime) -> None:
        """It has now been told to so many more people."""
        self.status = Status.NOTIFIED if self.status is Status.PENDING else Status.CLOSED
        self.notified, self.notified_at = self.notified + notified, self.notified_at or at

    @property
    def link(self) -> Link:
        """Where the aggregate is read: `entente.partners.agreement` is `/agreements/{id}` of partners."""
        _, service, kind, *_ = self.event_type.split(".")
        return Link(service=service, path=f"/{kind}{'es' if kind.endswith('ch') else 's'}/{self.subject}")


def _concerns(event: Event) -> list[UUID]:
    named = (
        "exchange_id", "call_id", "programme_id", "deal_id", "match_id", "offer_id", "need_id", "agreement_id",
    )  # fmt: skip
    return [getattr(event, name) for name in named if name in type(event).model_fields]
