"""One side's report that a milestone is reached."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.commitment import Evidence


class ReportMilestone(Command):
    """Reports, with evidence, that a milestone of a running deal is reached; this is possible again after a dispute."""

    deal_id: UUID
    number: int
    evidence: Evidence


async def report_milestone(ask: ReportMilestone, actor: Actor, work: Work) -> Deal:
    """Reports it; the other side confirms or disputes."""
    deal = await work.deals.get(ask.deal_id)
    deal.report(ask.number, actor, ask.evidence)
    return deal
