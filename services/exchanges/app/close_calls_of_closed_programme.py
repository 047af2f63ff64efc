"""When a programme closes, its calls close."""

from services.exchanges.app.work import Work
from services.exchanges.domain.call import Status
from shared.contracts.programme import ProgrammeClosed
from shared.domain.reason import Cause, Reason

OVER = Reason(Cause.PROGRAMME_CLOSED)


async def close_calls_of_closed_programme(event: ProgrammeClosed, work: Work) -> None:
    """Closes the open calls of the programme, which has back what their nominations do not need."""
    calls = await work.calls.where(programme_id=event.programme_id, status=Status.OPEN)
    surplus = [call.end(OVER) for call in calls]
    programme = await work.programmes.get(event.programme_id)
    for places in surplus:
        programme.take_back(places)
