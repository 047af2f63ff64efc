"""Beginning an approved initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class ActivateInitiative(Command):
    """A lead begins the initiative."""

    initiative_id: UUID


async def activate_initiative(ask: ActivateInitiative, actor: Actor, work: Work) -> Initiative:
    """Begins it; refused once the agreement does not admit it any more."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.activate(actor)
    await work.admit(initiative.agreement_id, initiative.area, initiative.sides)
    return initiative
