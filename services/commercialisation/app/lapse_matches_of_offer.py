"""When a technology offer is withdrawn or closed, its open matches lapse."""

from services.commercialisation.app.work import Work
from shared.contracts.offer import OfferClosed, OfferWithdrawn
from shared.domain.reason import Cause, Reason

OVER = Reason(Cause.OFFER_GONE)


async def lapse_matches_of_offer(event: OfferWithdrawn | OfferClosed, work: Work) -> None:
    """Lapses the matches of the offer that have led to no deal."""
    for match in await work.matches.where(offer_id=event.offer_id):
        match.lapse(OVER)
