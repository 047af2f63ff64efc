"""One lead's appraisal of an initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class AppraiseInitiative(Command):
    """A lead's officer finds the initiative worth approving."""

    initiative_id: UUID


async def appraise_initiative(ask: AppraiseInitiative, actor: Actor, work: Work) -> Initiative:
    """Appraises it; after the last appraisal it can be approved."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.appraise(actor, work.now)
    return initiative
