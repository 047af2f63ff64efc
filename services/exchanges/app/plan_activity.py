"""Planning an activity under an agreement."""

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_plan import ActivityPlan
from shared.domain.actor import Actor


class PlanActivity(ActivityPlan):
    """Plans an activity, for its organiser or from within it."""


async def plan_activity(ask: PlanActivity, actor: Actor, work: Work) -> Activity:
    """Plans it; refused with the reason while the agreement does not admit it."""
    work.areas.require([ask.area])
    activity = Activity.plan(work.new_id(), ask, actor)
    agreement = await work.agreements.hold(ask.agreement_id)
    agreement.admit(ask.area, await work.organisations.those(ask.organisations))
    if ask.initiative_id:
        (await work.initiatives.get(ask.initiative_id)).admit(ask.agreement_id)
    work.activities.add(activity)
    return activity
