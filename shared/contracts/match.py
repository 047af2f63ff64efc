"""Matches: an offer fits a need. The two organisations are introduced once both accept."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.technology import FitReason, Readiness
from shared.contracts.values import Code, Day, OrganisationId, Text


class BetweenTwo(AggregateEvent):
    """The offer, the need and their two organisations, on every event of matches and deals."""

    match_id: UUID
    offer_id: UUID
    need_id: UUID
    agreement_id: UUID
    """The agreement that the offer was published under; results count towards it."""
    area: Code = Field(examples=["commercialisation"])
    technology_field: Code = Field(examples=["new-energy"])
    offering: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that offers the technology."""
    seeking: OrganisationId = Field(examples=[NANJING])
    """The organisation that looks for one."""


class MatchEvent(BetweenTwo, topic="entente.commercialisation.match"):
    """Something happened to a match."""

    offer_title: Text = Field(examples=[{"en": "A store of cold for buses", "zh": "公交车蓄冷装置"}])
    need_title: Text = Field(examples=[{"en": "Cooling of electric buses", "zh": "电动公交车制冷"}])


class MatchProposed(MatchEvent, fact="proposed"):
    """An offer was found to fit a need, for the reasons given."""

    score: Annotated[int, Field(ge=0, le=100, examples=[40])]
    """How well the offer fits the need."""
    reasons: list[FitReason]
    trl: Readiness
    """The offer's readiness level when the match was found."""
    least_trl: Readiness
    forms: list[Code] = Field(examples=[["joint-development", "licence"]])
    """The forms of cooperation that both sides accept; empty if they share none."""


class MatchAcceptanceGiven(MatchEvent, fact="acceptance-given"):
    """One side accepted the match; the other has yet to."""


class MatchAccepted(MatchEvent, fact="accepted"):
    """The second side accepted the match: the two are introduced to each other."""


class ConfidentialityEvent(MatchEvent):
    """One side signed the confidentiality agreement: both keep secret what they show each other."""

    confidential_until: Day = Field(examples=["2031-12-31"])
    """The last day on which the confidentiality agreement binds them."""


class MatchConfidentialitySignatureAdded(ConfidentialityEvent, fact="confidentiality-signature-added"):
    """One side signed, or signed for another last day; the other has yet to sign for the same day."""


class MatchConfidentialitySigned(ConfidentialityEvent, fact="confidentiality-signed"):
    """The second side signed for the same day: either can draft a deal."""


class MatchConcluded(MatchEvent, fact="concluded"):
    """Both sides signed a deal from this match: the match is over."""

    deal_id: UUID


class MatchDeclined(MatchEvent, ReasonedEvent, fact="declined"):
    """One side declined the match, or left it before a deal was signed."""


class MatchLapsed(MatchEvent, ReasonedEvent, fact="lapsed"):
    """The match ended because its offer or need was withdrawn or closed."""
