"""Declining an initiative before it begins."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class DeclineInitiative(Reasoned):
    """A lead declines the initiative."""

    initiative_id: UUID


async def decline_initiative(ask: DeclineInitiative, actor: Actor, work: Work) -> Initiative:
    """Declines it; a changed proposal can be made again."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.decline(ask.why, actor)
    return initiative
