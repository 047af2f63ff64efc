"""Closing a programme early."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class CloseProgramme(Command):
    """Closes a programme: it takes no more calls and nominations, its calls close after it, running exchanges go on."""

    programme_id: UUID
    reason: Text
    """For the public event: name no person."""


async def close_programme(ask: CloseProgramme, actor: Actor, work: Work) -> Programme:
    """Closes it; its calls follow by `close_calls_of_closed_programme`."""
    programme = await work.programmes.get(ask.programme_id)
    programme.close(actor, ask.reason)
    return programme
