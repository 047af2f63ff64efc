"""Closing a completed initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class CloseInitiative(Command):
    """A lead closes the file of a completed initiative."""

    initiative_id: UUID


async def close_initiative(ask: CloseInitiative, actor: Actor, work: Work) -> Initiative:
    """Closes it; outputs can no longer be recorded."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.close(actor)
    return initiative
