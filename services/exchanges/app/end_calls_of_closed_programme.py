"""When a programme closes, its calls take no more nominations."""

from services.exchanges.app.work import Work
from services.exchanges.domain.call import Status
from shared.contracts.programme import ProgrammeClosed
from shared.domain.reason import Cause


async def end_calls_of_closed_programme(event: ProgrammeClosed, work: Work) -> None:
    """Closes calls that have not begun. In the others, nominations can be decided until the call's last day."""
    for call in await work.calls.where(programme_id=event.programme_id):
        if call.status is Status.OPEN and not call.begun(work.now):
            call.end(Cause.PROGRAMME_CLOSED)
        if call.status is Status.CLOSED:
            await work.lapse_undecided(call, Cause.PROGRAMME_CLOSED)
