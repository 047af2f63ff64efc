"""Closing a call early."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.call import Call
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class CloseCall(Reasoned):
    """Closes a call before its last day: no more nominations; those there are can still be approved."""

    call_id: UUID


async def close_call(ask: CloseCall, actor: Actor, work: Work) -> Call:
    """Closes it; the programme has back the places that no nomination needs."""
    call = await work.calls.get(ask.call_id)
    call.close(actor, ask.why)
    await work.end_nominations(call)
    return call
