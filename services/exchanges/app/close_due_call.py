"""A call's last day is over."""

from services.exchanges.app.work import Work
from services.exchanges.domain.call import Call
from shared.domain.actor import Actor
from shared.domain.command import Due
from shared.domain.reason import Cause


async def close_due_call(ask: Due, actor: Actor, work: Work) -> Call:
    """Closes it at the first moment after its last day in its time zone."""
    call = await work.calls.get(ask.aggregate_id)
    call.end(Cause.LAST_DAY_PASSED)
    await work.end_nominations(call)
    return call
