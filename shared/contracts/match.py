"""Matches: an offer that meets a need; the two organisations are introduced once both have accepted."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.technology import CooperationForm, Readiness, Reason, TechnologyField
from shared.contracts.values import Area, Day, OrganisationId, Signatory, Text


class BetweenTwo(Event):
    """What the events of matches and deals tell of the offer, the need and their two organisations."""

    match_id: UUID
    offer_id: UUID
    need_id: UUID
    agreement_id: UUID
    """The agreement that the offer stands under; what comes of it counts there."""
    area: Area = Field(examples=["commercialisation"])
    technology_field: TechnologyField = Field(examples=["new-energy"])
    offering: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that offers the technology."""
    seeking: OrganisationId = Field(examples=[NANJING])
    """The organisation that needs it."""


class MatchEvent(BetweenTwo, topic="entente.commercialisation.match"):
    """Something happened to a match."""

    offer_title: Text = Field(examples=[{"en": "A store of cold for buses", "zh": "公交车蓄冷装置"}])
    need_title: Text = Field(examples=[{"en": "Cooling of electric buses", "zh": "电动公交车制冷"}])


class MatchActed(MatchEvent):
    """One of the two sides acted."""

    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The side that acted."""
    by: Signatory


class MatchProposed(MatchEvent, fact="proposed"):
    """An offer was found to meet a need, for the reasons given."""

    score: Annotated[int, Field(ge=0, le=100, examples=[40])]
    """How well it meets it."""
    reasons: list[Reason]
    trl: Readiness
    """The offer's readiness level when the match was found."""
    least_trl: Readiness
    forms: list[CooperationForm] = Field(examples=[["joint-development", "licence"]])
    """The forms of cooperation that both sides would enter into; none when they have yet to agree on one."""


class MatchAcceptanceGiven(MatchActed, fact="acceptance-given"):
    """One side accepted the introduction; the other's acceptance is awaited."""


class MatchAccepted(MatchActed, fact="accepted"):
    """Both sides have accepted, the last one now: they are introduced to each other."""


class ConfidentialityEvent(MatchActed):
    """A side signed that both keep in confidence what they show each other."""

    confidential_until: Day = Field(examples=["2031-12-31"])
    """The last day of the duty of confidence."""


class MatchConfidentialitySignatureAdded(ConfidentialityEvent, fact="confidentiality-signature-added"):
    """One side signed confidentiality, for the first time or for another day; the other's signature is awaited."""


class MatchConfidentialitySigned(ConfidentialityEvent, fact="confidentiality-signed"):
    """Both sides have signed confidentiality, the last one now: they can make a deal."""


class MatchConcluded(MatchEvent, fact="concluded"):
    """A deal that came of the match was signed by both sides."""

    deal_id: UUID


class MatchDeclined(MatchActed, fact="declined"):
    """One side declined the introduction, or stepped back before a deal was signed."""

    reason: Text


class MatchLapsed(MatchEvent, fact="lapsed"):
    """The offer or the need is no longer there."""

    reason: Text
