"""One lead's approval of an initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class ApproveInitiative(Command):
    """A lead's signatory approves the initiative; not the person who appraised it for that lead."""

    initiative_id: UUID


async def approve_initiative(ask: ApproveInitiative, actor: Actor, work: Work) -> Initiative:
    """Approves it; refused once the agreement does not admit it any more."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.approve(actor, work.now)
    await work.admit(initiative.agreement_id, initiative.area, initiative.sides)
    return initiative
