"""When an offer is published or advances, it is matched with the needs that it meets best."""

from services.commercialisation.app.work import Work
from services.commercialisation.domain.match import Match
from services.commercialisation.domain.need import Status as NeedStatus
from services.commercialisation.domain.offer import Status
from services.commercialisation.domain.ranking import best_needs
from shared.contracts.offer import OfferAdvanced, OfferPublished


async def propose_matches_of_offer(event: OfferPublished | OfferAdvanced, work: Work) -> None:
    """Proposes the best matches with published needs of its field; a pair is matched once and not again."""
    offer = await work.offers.get(event.offer_id)
    if offer.status is not Status.PUBLISHED:
        return
    needs = await work.needs.where(technology_field=offer.technology_field, status=NeedStatus.PUBLISHED)
    known = {match.need_id for match in await work.matches.where(offer_id=offer.id)}
    for need in best_needs(offer, [need for need in needs if need.id not in known]):
        work.matches.add(Match.proposed(work.new_id(), offer, need))
