"""What an agreement has delivered: the facts that are counted, and the event of each."""

from collections.abc import Mapping
from enum import StrEnum

from shared.contracts.call import CallOpened
from shared.contracts.deal import DealCompleted, DealMilestoneAchieved, DealMilestoneLate, DealSigned
from shared.contracts.event import Event
from shared.contracts.exchange import ExchangeApproved, ExchangeDeclined, ExchangeNominated, ExchangeWithdrawn
from shared.contracts.match import MatchAccepted, MatchProposed
from shared.contracts.need import NeedPublished
from shared.contracts.offer import OfferPublished
from shared.contracts.programme import ProgrammeOpened


class Delivered(StrEnum):
    """A kind of fact that is counted."""

    PROGRAMMES_OPENED = "programmes-opened"
    CALLS_OPENED = "calls-opened"
    EXCHANGES_NOMINATED = "exchanges-nominated"
    NOMINATIONS_WITHDRAWN = "nominations-withdrawn"
    EXCHANGES_DECLINED = "exchanges-declined"
    EXCHANGES_APPROVED = "exchanges-approved"
    EXCHANGES_WITHDRAWN = "exchanges-withdrawn"
    OFFERS_PUBLISHED = "offers-published"
    NEEDS_PUBLISHED = "needs-published"
    MATCHES_PROPOSED = "matches-proposed"
    MATCHES_ACCEPTED = "matches-accepted"
    DEALS_SIGNED = "deals-signed"
    DEALS_COMPLETED = "deals-completed"
    MILESTONES_ACHIEVED = "milestones-achieved"
    MILESTONES_LATE = "milestones-late"


COUNTED: Mapping[type[Event], Delivered] = {
    ProgrammeOpened: Delivered.PROGRAMMES_OPENED,
    CallOpened: Delivered.CALLS_OPENED,
    ExchangeNominated: Delivered.EXCHANGES_NOMINATED,
    ExchangeDeclined: Delivered.EXCHANGES_DECLINED,
    ExchangeApproved: Delivered.EXCHANGES_APPROVED,
    ExchangeWithdrawn: Delivered.EXCHANGES_WITHDRAWN,
    OfferPublished: Delivered.OFFERS_PUBLISHED,
    NeedPublished: Delivered.NEEDS_PUBLISHED,
    MatchProposed: Delivered.MATCHES_PROPOSED,
    MatchAccepted: Delivered.MATCHES_ACCEPTED,
    DealSigned: Delivered.DEALS_SIGNED,
    DealCompleted: Delivered.DEALS_COMPLETED,
    DealMilestoneAchieved: Delivered.MILESTONES_ACHIEVED,
    DealMilestoneLate: Delivered.MILESTONES_LATE,
}
"""Which event counts as what; others of their topics do not count."""


def delivered(event: Event) -> Delivered | None:
    """What `event` counts as; None for one that does not count.

    Approved exchanges less withdrawn ones are those left: a nomination that is withdrawn before both sides approved it
    counts by itself.
    """
    if isinstance(event, ExchangeWithdrawn) and not event.approved:
        return Delivered.NOMINATIONS_WITHDRAWN
    return COUNTED.get(type(event))
