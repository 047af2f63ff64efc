"""The report that a deliverable is kept."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.commitment import Evidence


class ReportDeliverable(Command):
    """Reports, with evidence, that a deliverable is kept; this is possible again after a dispute."""

    initiative_id: UUID
    number: int
    """The deliverable's number in the initiative."""
    evidence: Evidence


async def report_deliverable(ask: ReportDeliverable, actor: Actor, work: Work) -> Initiative:
    """Reports it; a counterpart accepts or disputes."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.report(ask.number, ask.evidence, actor)
    return initiative
