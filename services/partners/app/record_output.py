"""A result of an initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from services.partners.domain.initiative_terms import WantedOutput
from shared.domain.actor import Actor
from shared.domain.command import Command


class RecordOutput(Command):
    """Records an output of the initiative and where to find it."""

    initiative_id: UUID
    output: WantedOutput


async def record_output(ask: RecordOutput, actor: Actor, work: Work) -> Initiative:
    """Records it, even after the initiative is complete: results often come later."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.record_output(ask.output, actor)
    return initiative
