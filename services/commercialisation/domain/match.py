"""A match: an offer that meets a need, introduced once both sides accept, and confidential once both have signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import computed_field

from services.commercialisation.domain.between_two import BetweenTwo
from services.commercialisation.domain.need import Need
from services.commercialisation.domain.offer import Offer
from services.commercialisation.domain.ranking import rank
from services.commercialisation.domain.technology import CooperationForm
from shared.contracts.match import (
    MatchAcceptanceGiven,
    MatchAccepted,
    MatchConcluded,
    MatchConfidentialitySignatureAdded,
    MatchConfidentialitySigned,
    MatchDeclined,
    MatchLapsed,
    MatchProposed,
)
from shared.contracts.technology import FitReason, Readiness
from shared.contracts.values import Day, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Awaits, Lifecycle
from shared.domain.consent import Consent
from shared.domain.reason import Reason, WithReason
from shared.domain.refused import Invalid, NotInState, Refused
from shared.domain.side import side_of


class OtherConfidentiality(Refused):
    """The other organisation signed confidentiality until {confidential_until}; sign for the same day, have it sign for
    another, or decline the match.

    The other organisation can sign again for another day until you have signed.
    """


class Status(StrEnum):
    """The status of a match."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    CONFIDENTIAL = "confidential"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    LAPSED = "lapsed"


LIFECYCLE = Lifecycle(
    [
        (Status.PROPOSED, "accept", Status.PROPOSED, MatchAcceptanceGiven),  # by one side
        (Status.PROPOSED, "accept", Status.ACCEPTED, MatchAccepted),  # by the last
        (Status.ACCEPTED, "sign confidentiality", Status.ACCEPTED, MatchConfidentialitySignatureAdded),  # by one side
        (Status.ACCEPTED, "sign confidentiality", Status.CONFIDENTIAL, MatchConfidentialitySigned),  # by the last
        (Status.CONFIDENTIAL, "conclude", Status.CONCLUDED, MatchConcluded),  # a deal of it is signed
        (Status.PROPOSED, "decline", Status.DECLINED, MatchDeclined),
        (Status.ACCEPTED, "decline", Status.DECLINED, MatchDeclined),
        (Status.CONFIDENTIAL, "decline", Status.DECLINED, MatchDeclined),
        (Status.PROPOSED, "lapse", Status.LAPSED, MatchLapsed),  # the offer or the need is no longer there
        (Status.ACCEPTED, "lapse", Status.LAPSED, MatchLapsed),
        (Status.CONFIDENTIAL, "lapse", Status.LAPSED, MatchLapsed),
    ]
)
AWAITS: Awaits = {
    Status.PROPOSED: {"accept": lambda it, actor, now: it.accept(actor, now)},
    Status.ACCEPTED: {
        "sign confidentiality": lambda it, actor, now: it.sign_confidentiality(
            actor, it.confidential_until or now.date() + timedelta(days=1), now
        )
    },
}


@dataclass(kw_only=True)
class Match(BetweenTwo, WithReason):
    """An introduction of two organisations; no deal can follow before both have signed confidentiality."""

    offer_title: Text
    need_title: Text
    trl: Readiness
    least_trl: Readiness
    forms: list[CooperationForm]
    score: int
    reasons: list[FitReason]
    acceptances: Consent
    confidentiality: Consent
    """That both sides keep in confidence what they show each other."""
    status: Status = Status.PROPOSED
    confidential_until: Day | None = None
    """The last day of that duty, as the side set it that signed first."""

    lifecycle = LIFECYCLE
    awaits = AWAITS
    keeps_versions = True

    @classmethod
    def proposed(cls, id: UUID, offer: Offer, need: Need) -> Self:
        """Proposes that `offer` meets `need`, with the reasons of their ranking."""
        score, reasons = rank(offer, need)
        consent = Consent(sides=[offer.organisation_id, need.organisation_id])
        made = cls(
            id=id, offer_id=offer.id, need_id=need.id, agreement_id=offer.agreement_id, area=offer.area,
            technology_field=offer.technology_field, offering=offer.organisation_id, seeking=need.organisation_id,
            offer_title=offer.title, need_title=need.title, trl=offer.trl, least_trl=need.least_trl,
            forms=[form for form in offer.forms if form in need.forms], score=score, reasons=reasons,
            acceptances=consent, confidentiality=consent,
        )  # fmt: skip
        made.record(MatchProposed)
        return made

    def accept(self, actor: Actor, at: datetime) -> None:
        """One side accepts; the last acceptance introduces them.

        Raises NotASide, NotInState, AgreedAlready, SamePerson.
        """
        party = side_of(actor, self.sides, "match")
        self.require("accept")
        self.acceptances = self.acceptances.give("acceptance", party, actor, at)
        to = Status.ACCEPTED if self.acceptances.complete else Status.PROPOSED
        self.advance("accept", to=to, by=actor, party=party)

    def sign_confidentiality(self, actor: Actor, until: Day, now: datetime) -> None:
        """One side signs a mutual duty of confidence to the end of `until`; the last signature makes it binding.

        Until then the side that signed may sign for another day: that signature takes the place of its first.
        Raises NotASide, NotInState, Invalid for a past day, OtherConfidentiality, AgreedAlready, SamePerson.
        """
        party = side_of(actor, self.sides, "match")
        self.require("sign confidentiality")
        if until <= now.date():
            raise Invalid(reason="confidentiality must last until a day in the future")
        consent = self.confidentiality
        if until != self.confidential_until:
            consent = consent.retract(party)
            if consent.given:
                raise OtherConfidentiality(confidential_until=str(self.confidential_until))
        self.confidentiality = consent.give(f"signature for confidentiality until {until}", party, actor, now)
        self.confidential_until = until
        to = Status.CONFIDENTIAL if self.confidentiality.complete else Status.ACCEPTED
        self.advance("sign confidentiality", to=to, by=actor, party=party)

    def require_confidential(self) -> None:
        """Raises NotInState unless both sides have signed confidentiality and the match is still open."""
        if self.status is not Status.CONFIDENTIAL:
            raise NotInState(what="a deal", kind="match", status=str(self.status), possible=str(Status.CONFIDENTIAL))

    def conclude(self, deal_id: UUID) -> None:
        """A deal that followed from it is signed; raises NotInState unless the match is confidential."""
        self.advance("conclude", to=Status.CONCLUDED, deal_id=deal_id)

    def decline(self, actor: Actor, why: Reason) -> None:
        """Either side declines or steps back, until a deal is signed; raises NotASide, NotInState."""
        party = side_of(actor, self.sides, "match")
        self.advance("decline", to=Status.DECLINED, by=actor, party=party, why=why)

    def lapse(self, why: Reason) -> None:
        """The offer or the need is no longer there; nothing happens to a match that is over or concluded."""
        if self.lifecycle.allows(self.status, "lapse"):
            self.advance("lapse", to=Status.LAPSED, why=why)

    @computed_field
    @property
    def score_key(self) -> str:
        """The score in three digits: lists are sorted by text."""
        return f"{self.score:03}"
