"""A call's last day is over."""

from services.exchanges.app.work import Work
from services.exchanges.domain.call import Call
from shared.domain.actor import Actor
from shared.domain.command import Due
from shared.domain.reason import Cause, Reason

OVER = Reason(Cause.LAST_DAY_PASSED)


async def close_due_call(ask: Due, actor: Actor, work: Work) -> Call:
    """Closes it at the first moment after its last day in its time zone."""
    call = await work.calls.get(ask.aggregate_id)
    surplus = call.end(OVER)
    (await work.programmes.get(call.programme_id)).take_back(surplus)
    return call
