"""When an agreement is over, its programmes close."""

from services.exchanges.app.work import Work
from shared.contracts.agreement import AgreementEnded, AgreementTerminated
from shared.domain.reason import Cause


async def close_programmes_of_ended_agreement(event: AgreementEnded | AgreementTerminated, work: Work) -> None:
    """Closes those that are open and withdraws proposals; calls follow by `end_calls_of_closed_programme`."""
    await work.agreements.end(event.agreement_id)
    for programme in await work.programmes.where(agreement_id=event.agreement_id):
        programme.end(Cause.AGREEMENT_ENDED)
