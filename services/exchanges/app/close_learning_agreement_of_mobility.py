"""When a mobility is over, nothing of its learning agreement changes any more."""

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility_lifecycle import Status
from shared.contracts.mobility import MobilityCancelled, MobilityInterrupted, MobilityRecognised
from shared.domain.reason import Cause

CAUSES = {Status.RECOGNISED: Cause.MOBILITY_RECOGNISED, Status.CANCELLED: Cause.MOBILITY_CANCELLED}


async def close_learning_agreement_of_mobility(
    event: MobilityRecognised | MobilityCancelled | MobilityInterrupted, work: Work
) -> None:
    """Closes it. After force majeure the mobility goes on, and so does its learning agreement."""
    agreement = await work.learning_agreements.find(event.mobility_id)
    if agreement and event.status in CAUSES:
        agreement.close(CAUSES[Status(event.status)])
