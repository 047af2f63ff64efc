"""The report that a follow-up action is done."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.commitment import Evidence


class ReportAction(Command):
    """Reports, with evidence, that an action is done; also again, after a dispute."""

    activity_id: UUID
    number: int
    """The action's number in the activity."""
    evidence: Evidence


async def report_action(ask: ReportAction, actor: Actor, work: Work) -> Activity:
    """Reports it; the counterpart accepts or disputes."""
    activity = await work.activities.get(ask.activity_id)
    activity.report_action(ask.number, ask.evidence, actor)
    return activity
