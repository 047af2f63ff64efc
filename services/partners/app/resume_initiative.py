"""Resuming a paused initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class ResumeInitiative(Command):
    """A lead resumes the initiative."""

    initiative_id: UUID


async def resume_initiative(ask: ResumeInitiative, actor: Actor, work: Work) -> Initiative:
    """Resumes it, even after the end of its agreement."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.resume(actor)
    return initiative
