"""Pausing an active initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class PauseInitiative(Reasoned):
    """A lead pauses the initiative for a while."""

    initiative_id: UUID


async def pause_initiative(ask: PauseInitiative, actor: Actor, work: Work) -> Initiative:
    """Pauses it; nothing becomes overdue until it is resumed."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.pause(ask.why, actor)
    return initiative
