"""Closing a programme before its year is over."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class CloseProgramme(Reasoned):
    """One institution wants to close the programme; it is closed when both do. What is nominated goes on."""

    programme_id: UUID


async def close_programme(ask: CloseProgramme, actor: Actor, work: Work) -> Programme:
    """Agrees to close it; its calls follow by `end_calls_of_closed_programme`."""
    programme = await work.programmes.get(ask.programme_id)
    programme.close(actor, ask.why, work.now)
    return programme
