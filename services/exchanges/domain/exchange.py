"""An exchange: one person from one institution to another; a nomination until both have approved it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import computed_field

from services.exchanges.domain.authority import party_of
from services.exchanges.domain.within_programme import WithinProgramme
from shared.contracts.exchange import (
    ExchangeApprovalGiven,
    ExchangeApproved,
    ExchangeDeclined,
    ExchangeNominated,
    ExchangeWithdrawn,
)
from shared.contracts.programme import Direction
from shared.contracts.values import OrganisationId, PersonId, Signatory, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Awaits, Lifecycle
from shared.domain.consent import Consent
from shared.domain.reason import Reason, WithReason


class Status(StrEnum):
    """Where an exchange stands."""

    NOMINATED = "nominated"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    [
        (Status.NOMINATED, "approve", Status.NOMINATED, ExchangeApprovalGiven),  # by one side
        (Status.NOMINATED, "approve", Status.APPROVED, ExchangeApproved),  # by the last
        (Status.NOMINATED, "decline", Status.DECLINED, ExchangeDeclined),
        (Status.NOMINATED, "withdraw", Status.WITHDRAWN, ExchangeWithdrawn),
        (Status.APPROVED, "withdraw", Status.WITHDRAWN, ExchangeWithdrawn),
    ]
)
AWAITS: Awaits = {Status.NOMINATED: {"approve": lambda it, actor, now: it.approve(actor, now)}}

_SENDING = "exchange as its sending side"


@dataclass(kw_only=True)
class Exchange(WithinProgramme, WithReason):
    """A nomination until the sending and the receiving institution have approved it."""

    call_id: UUID
    sending: OrganisationId
    receiving: OrganisationId
    nominee: PersonId
    nominee_name: Text | None = None
    """For the two institutions only: it is on no event, and goes when the nominee is erased or asks for it."""
    nominated_by: Signatory
    approvals: Consent
    status: Status = Status.NOMINATED

    lifecycle = LIFECYCLE
    awaits = AWAITS

    def nominated(self, actor: Actor) -> Self:
        """Records that `actor` nominated; raises NotAllowed, and NotASide unless it is for the sending institution."""
        party = self._party(actor, [self.sending], _SENDING)
        self.record(ExchangeNominated, party=party, by=actor)
        return self

    def approve(self, actor: Actor, at: datetime) -> None:
        """One side approves; the last approval makes it approved.

        Raises NotAllowed, NotASide, NotInState, AgreedAlready, SamePerson.
        """
        party = self._party(actor, self.sides, "exchange")
        self.require("approve")
        self.approvals = self.approvals.give("approval", party, actor, at)
        to = Status.APPROVED if self.approvals.complete else Status.NOMINATED
        self.advance("approve", to=to, by=actor, party=party)

    def decline(self, actor: Actor, why: Reason) -> None:
        """Either side declines the nomination; raises NotAllowed, NotASide, NotInState."""
        party = self._party(actor, self.sides, "exchange")
        self.advance("decline", to=Status.DECLINED, by=actor, party=party, why=why)

    def withdraw(self, actor: Actor, why: Reason) -> None:
        """The sending side withdraws the nomination or the approved exchange.

        Raises NotAllowed, NotASide, NotInState.
        """
        party = self._party(actor, [self.sending], _SENDING)
        approved = self.status is Status.APPROVED
        self.advance("withdraw", to=Status.WITHDRAWN, approved=approved, by=actor, party=party, why=why)

    def forget_nominee(self, actor: Actor) -> None:
        """The sending side forgets the nominee's name, whatever became of the exchange; raises NotAllowed, NotASide."""
        self._party(actor, [self.sending], _SENDING)
        self.nominee_name = None

    @property
    def direction(self) -> Direction:
        """From where to where the person goes."""
        return Direction(sending=self.sending, receiving=self.receiving)

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it and approves it: the sending and the receiving institution."""
        return [self.sending, self.receiving]

    def _party(self, actor: Actor, organisations: list[OrganisationId], what: str) -> OrganisationId:
        return party_of(actor, self.programme_kind, organisations, what)
