"""Closing a call early."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.call import Call
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class CloseCall(Reasoned):
    """Closes a call before its last day: no more nominations; the standing ones can still be approved."""

    call_id: UUID


async def close_call(ask: CloseCall, actor: Actor, work: Work) -> Call:
    """Closes it; the programme has back the places that standing nominations do not need."""
    call = await work.calls.get(ask.call_id)
    surplus = call.close(actor, ask.why)
    (await work.programmes.get(call.programme_id)).take_back(surplus)
    return call
