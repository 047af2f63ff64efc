"""When an agreement is over, activities that their hosts have not agreed to are cancelled."""

from services.exchanges.app.work import Work
from services.exchanges.domain.activity_status import Status
from shared.contracts.agreement import AgreementEnded, AgreementTerminated
from shared.domain.reason import Cause, Reason

OVER = Reason(Cause.AGREEMENT_ENDED)


async def cancel_activities_of_ended_agreement(event: AgreementEnded | AgreementTerminated, work: Work) -> None:
    """Cancels the planned activities of the agreement; what is agreed goes on."""
    await work.agreements.end(event.agreement_id)
    for activity in await work.activities.where(agreement_id=event.agreement_id, status=Status.PLANNED):
        activity.lapse(OVER)
