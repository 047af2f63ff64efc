"""When an agreement is over, its programmes close."""

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Status
from shared.contracts.agreement import AgreementEnded, AgreementTerminated
from shared.domain.reason import Cause, Reason

OVER = Reason(Cause.AGREEMENT_ENDED)


async def close_programmes_of_ended_agreement(event: AgreementEnded | AgreementTerminated, work: Work) -> None:
    """Closes the open programmes of the agreement; their calls follow by `close_calls_of_closed_programme`."""
    await work.agreements.end(event.agreement_id)
    for programme in await work.programmes.where(agreement_id=event.agreement_id, status=Status.OPEN):
        programme.end(OVER)
