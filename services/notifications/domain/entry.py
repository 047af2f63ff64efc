"""An entry of somebody's inbox, and the mail that goes with it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, computed_field

from services.notifications.domain.contact import Language
from services.notifications.domain.kind import Kind
from services.notifications.domain.notice import Link
from shared.contracts.values import Instant, PersonId
from shared.domain.aggregate import Aggregate


class Sending(StrEnum):
    """What was decided about the mail of an entry."""

    NO_ADDRESS = "no-address"
    MUTED = "muted"
    QUEUED = "queued"


class Mail(BaseModel):
    """A mail to be sent; its id is the entry's, so it is the same mail however often it is tried."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    person_id: PersonId
    to: str
    subject: str
    text: str
    language: Language
    at: Instant
    """When it was written: its date, however late it is sent."""


@dataclass(kw_only=True)
class Entry(Aggregate):
    """What one person was told, in their language."""

    person_id: PersonId
    notice_id: UUID
    # `field()` keeps the class method of this name out of the default.
    kind: Kind = field()  # pyright: ignore[reportIncompatibleMethodOverride]
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
    """Why this person is told, and how to have no more mails of it."""
    notified_at: Instant
    mail: Sending
    read_at: Instant | None = None

    @computed_field
    @property
    def unread(self) -> bool:
        """Whether it has yet to be read."""
        return self.read_at is None

    def read(self, at: datetime) -> None:
        """It was read; the first time counts."""
        self.read_at = self.read_at or at

    def mail_to(self, address: str) -> Mail:
        """The entry as a mail."""
        see = f"{self.link.service}: {self.link.path}"
        return Mail(
            id=self.id, person_id=self.person_id, to=address, subject=self.title,
            text=f"{self.text}\n\n{see}\n\n{self.because}\n", language=self.language, at=self.notified_at,
        )  # fmt: skip


def entry_id(notice_id: UUID, person_id: PersonId) -> UUID:
    """The id of the one entry that a notice gives a person."""
    return uuid5(notice_id, str(person_id))
