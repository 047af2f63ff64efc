"""Closing a programme early."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class CloseProgramme(Reasoned):
    """Closes a programme: it takes no more calls and nominations, its calls close after it, running exchanges go on."""

    programme_id: UUID


async def close_programme(ask: CloseProgramme, actor: Actor, work: Work) -> Programme:
    """Closes it; its calls follow by `close_calls_of_closed_programme`."""
    programme = await work.programmes.get(ask.programme_id)
    programme.close(actor, ask.why)
    return programme
