"""When a need is published, it is matched with the offers that meet it best."""

from services.commercialisation.app.work import Work
from services.commercialisation.domain.match import Match
from services.commercialisation.domain.need import Status
from services.commercialisation.domain.offer import Status as OfferStatus
from services.commercialisation.domain.ranking import best_offers
from shared.contracts.need import NeedPublished


async def propose_matches_of_need(event: NeedPublished, work: Work) -> None:
    """Proposes the best matches with published offers of its field; a pair is matched once and not again."""
    # Offers are locked before needs, here as by `propose_matches_of_offer`, so that the two never wait for each other.
    offers = await work.offers.where(technology_field=event.technology_field, status=OfferStatus.PUBLISHED)
    need = await work.needs.get(event.need_id)
    if need.status is not Status.PUBLISHED:
        return
    known = {match.offer_id for match in await work.matches.where(need_id=need.id)}
    for offer in best_offers(need, [offer for offer in offers if offer.id not in known]):
        work.matches.add(Match.proposed(work.new_id(), offer, need))
