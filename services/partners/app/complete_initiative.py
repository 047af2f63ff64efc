"""Completing an initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class CompleteInitiative(Command):
    """A lead declares the initiative complete."""

    initiative_id: UUID


async def complete_initiative(ask: CompleteInitiative, actor: Actor, work: Work) -> Initiative:
    """Completes it; refused while a deliverable is neither accepted nor waived."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.complete(actor)
    return initiative
