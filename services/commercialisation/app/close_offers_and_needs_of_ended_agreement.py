"""When an agreement is over, the offers and needs under it close."""

from services.commercialisation.app.work import Work
from services.commercialisation.domain.need import Status as NeedStatus
from services.commercialisation.domain.offer import Status as OfferStatus
from shared.contracts.agreement import AgreementEnded, AgreementTerminated
from shared.domain.reason import Cause, Reason

OVER = Reason(Cause.AGREEMENT_ENDED)


async def close_offers_and_needs_of_ended_agreement(event: AgreementEnded | AgreementTerminated, work: Work) -> None:
    """Closes the offers and needs published under it; open matches lapse after that, and running deals go on."""
    await work.agreements.end(event.agreement_id)
    for offer in await work.offers.where(agreement_id=event.agreement_id, status=OfferStatus.PUBLISHED):
        offer.close(OVER)
    for need in await work.needs.where(agreement_id=event.agreement_id, status=NeedStatus.PUBLISHED):
        need.close(OVER)
