"""A participant: somebody who takes part and is not in the directory, such as a student."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from services.exchanges.domain.participant_details import (
    Details,
    LegalBasis,
    Name,
    NoticeVersion,
    Purpose,
    TransferRoute,
)
from shared.contracts.participant import ParticipantCorrected, ParticipantErased, ParticipantRegistered
from shared.contracts.person import Account
from shared.contracts.values import Day, Instant, OrganisationId, PersonId, instant
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate, Lifecycle
from shared.domain.contact import Address, Language
from shared.domain.refused import Invalid, Refused
from shared.domain.side import side_of

LONGEST = timedelta(days=3653)
"""How long a record is kept at most."""


class ParticipantGone(Refused):
    """The participant {participant_id} was erased; register them again, if they want to take part."""

    participant_id: UUID


class Status(StrEnum):
    """Where the record of a participant stands."""

    ACTIVE = "active"
    ERASED = "erased"


class Share(BaseModel):
    """An institution whose officers may see the record, because of one thing they take part in."""

    model_config = ConfigDict(frozen=True)

    organisation_id: OrganisationId
    use: UUID
    """The mobility or the activity."""


@dataclass(kw_only=True)
class Participant(Aggregate):
    """Seen by mobility coordinators of the home institution and of those it is shared with, and by the person."""

    home: OrganisationId
    name: Name | None
    email: Address | None
    language: Language
    purpose: Purpose
    legal_basis: LegalBasis
    notice_version: NoticeVersion
    transfer_route: TransferRoute
    kept_until: Day
    person_id: PersonId | None = None
    """The same person in the directory, if they are there: an erasure there is one here."""
    account: Account | None = None
    """At an identity provider, to sign in with."""
    link_asked_at: Instant | None = None
    """When a one-time link was last asked for."""
    shares: list[Share] = field(default_factory=list[Share])
    status: Status = Status.ACTIVE

    personal = True
    lifecycle = Lifecycle(
        [
            (Status.ACTIVE, "correct", Status.ACTIVE, ParticipantCorrected),
            (Status.ACTIVE, "erase", Status.ERASED, ParticipantErased),
        ]
    )

    def registered(self, actor: Actor, now: datetime) -> Self:
        """Records that `actor` registered them; raises NotASide outside the home institution, Invalid."""
        party = self._home(actor)
        _require_bounded(self.kept_until, now)
        self.record(ParticipantRegistered, by=actor, party=party)
        return self

    def correct(self, details: Details, actor: Actor, now: datetime) -> None:
        """The home institution corrects what is recorded; raises NotASide, NotInState, Invalid."""
        party = self._home(actor)
        self.require("correct")
        _require_bounded(details.kept_until, now)
        for name, value in details.said.items():
            setattr(self, name, value)
        self.advance("correct", to=Status.ACTIVE, by=actor, party=party)

    def ask_link(self, actor: Actor, now: datetime) -> None:
        """The home institution asks that a one-time link be sent; raises NotASide, ParticipantGone."""
        self._home(actor)
        self.require_present()
        self.link_asked_at = now

    def sign_in_with(self, account: Account, actor: Actor) -> None:
        """The home institution says with which account they sign in; raises NotASide, ParticipantGone."""
        self._home(actor)
        self.require_present()
        self.account = account

    def erase(self, actor: Actor) -> None:
        """Forgets all but the id and the terms under which it was kept.

        The person, the home institution or a service may; raises NotASide, NotInState.
        """
        party = None if actor.person_id in (None, self.id) else self._home(actor)
        self.require("erase")
        self.name, self.email, self.account, self.person_id, self.link_asked_at = None, None, None, None, None
        self.shares = []
        self.advance("erase", to=Status.ERASED, by=actor, party=party)

    def share_with(self, organisation_id: OrganisationId, use: UUID) -> None:
        """Lets an institution see the record because of `use`, a mobility or an activity; raises ParticipantGone.

        It sees nothing while the transfer route is `not-transferred`. So the home institution can withdraw consent at
        once, while what they take part in continues under the opaque id.
        """
        self.require_present()
        share = Share(organisation_id=organisation_id, use=use)
        if share not in self.shares:
            self.shares.append(share)

    def withdraw_from(self, organisation_id: OrganisationId, use: UUID) -> None:
        """`use` is no reason any more; the institution sees the record while another one is."""
        self.shares = [share for share in self.shares if (share.organisation_id, share.use) != (organisation_id, use)]

    def is_known_for(self, use: UUID) -> bool:
        """Whether `use` is a reason to see the record. Then the person has been told of it."""
        return any(share.use == use for share in self.shares)

    def require_present(self) -> None:
        """Raises ParticipantGone for one that was erased."""
        if self.status is Status.ERASED:
            raise ParticipantGone(participant_id=self.id)

    def due(self) -> Mapping[str, datetime]:
        """It is erased at the first moment after its last day."""
        if self.status is Status.ERASED:
            return {}
        return {"retention": instant(self.kept_until + timedelta(days=1), "UTC")}

    @computed_field
    @property
    def participant_id(self) -> UUID:
        """Its own id: participants see what names them, and this does."""
        return self.id

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Whose mobility coordinators see it."""
        shares = [] if self.transfer_route is TransferRoute.NOT_TRANSFERRED else self.shares
        return list(dict.fromkeys([self.home, *(share.organisation_id for share in shares)]))

    def _home(self, actor: Actor) -> OrganisationId:
        return side_of(actor, [self.home], "participant")


def _require_bounded(kept_until: Day, now: datetime) -> None:
    if not now.date() <= kept_until <= (now + LONGEST).date():
        raise Invalid(reason="`kept_until` is a day from today on, and at most ten years ahead")
