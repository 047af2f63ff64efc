"""An entry in a person's inbox, and the email that goes with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, computed_field

from services.notifications.domain.kind import Kind
from services.notifications.domain.notice import Link
from shared.contracts.values import Instant, PersonId
from shared.domain.aggregate import Aggregate
from shared.domain.contact import Language


class Sending(StrEnum):
    """Whether an entry is sent as an email too, and why not."""

    NO_ADDRESS = "no-address"
    MUTED = "muted"
    QUEUED = "queued"


class Mail(BaseModel):
    """An email to send. It has the entry's id, so every attempt sends the same message."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    person_id: PersonId
    to: str
    subject: str
    text: str
    language: Language
    at: Instant
    """When it was written. This is its date, even if it is sent later."""


@dataclass(kw_only=True)
class Entry(Aggregate):
    """One notification to one person, in their language."""

    person_id: PersonId
    notice_id: UUID
    kind: Kind
    event_id: UUID
    event_type: str
    at: Instant
    """When it happened."""
    concerns: list[UUID]
    link: Link
    language: Language
    title: str
    text: str
    because: str
    """Why this person is notified, and how to stop the emails."""
    notified_at: Instant
    mail: Sending
    read_at: Instant | None = None

    @computed_field
    @property
    def unread(self) -> bool:
        """Whether the person has not read it yet."""
        return self.read_at is None

    def read(self, at: datetime) -> None:
        """Marks it as read; only the first time counts."""
        self.read_at = self.read_at or at

    def mail_to(self, address: str) -> Mail:
        """The entry as an email to `address`."""
        see = f"{self.link.service}: {self.link.path}"
        return Mail(
            id=self.id, person_id=self.person_id, to=address, subject=self.title,
            text=f"{self.text}\n\n{see}\n\n{self.because}\n", language=self.language, at=self.notified_at,
        )  # fmt: skip


def entry_id(notice_id: UUID, person_id: PersonId) -> UUID:
    """The id of a person's entry for a notice, so that one notice notifies a person once."""
    return uuid5(notice_id, str(person_id))
