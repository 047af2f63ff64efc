"""What of an initiative awaits somebody."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.partners.domain.deliverable import Deliverable
from services.partners.domain.initiative_status import UNDER_WAY, Status
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Act, Awaits
from shared.domain.commitment import Evidence
from shared.domain.commitment import Status as DeliverableStatus
from shared.domain.refused import NotFound, Refused

EVIDENCE = Evidence(text=Text(en="Tried.", zh="试。"))


def _one(waits: Callable[[Deliverable], object], act: Callable[[Any, Deliverable, Actor, datetime], None]) -> Act:
    """The act on the first deliverable that waits and takes it; raises NotFound if none does."""

    def act_on_one(it: Any, actor: Actor, now: datetime) -> None:
        for deliverable in filter(waits, it.deliverables):
            try:
                return act(it, deliverable, actor, now)
            except Refused:
                continue
        raise NotFound(what="deliverable", id=it.id)

    return act_on_one


def _missed(one: Deliverable) -> bool:
    return one.overdue or one.status is DeliverableStatus.DISPUTED


def _reschedule(it: Any, one: Deliverable, actor: Actor, now: datetime) -> None:
    it.reschedule(one.number, one.change and one.change.due_on, actor, now)


OF_DELIVERABLES = {
    "report deliverable": _one(_missed, lambda it, one, actor, now: it.report(one.number, EVIDENCE, actor)),
    "accept deliverable": _one(lambda one: one.report, lambda it, one, actor, now: it.accept(one.number, actor)),
    "reschedule deliverable": _one(lambda one: one.change and one.change.due_on, _reschedule),
    "waive deliverable": _one(
        lambda one: one.change and not one.change.due_on,
        lambda it, one, actor, now: it.waive(one.number, actor, now),
    ),
}
AWAITS: Awaits = {
    Status.PROPOSED: {"appraise": lambda it, actor, now: it.appraise(actor, now)},
    Status.APPRAISED: {"approve": lambda it, actor, now: it.approve(actor, now)},
    **dict.fromkeys(UNDER_WAY, OF_DELIVERABLES),
}
