"""What of an initiative awaits somebody."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from services.partners.domain.deliverable import Deliverable
from services.partners.domain.initiative_status import UNDER_WAY, Status
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Awaits, OfEach
from shared.domain.commitment import Evidence
from shared.domain.commitment import Status as DeliverableStatus

EVIDENCE = Evidence(text=Text(en="Tried.", zh="试。"))


def _where(waits: Callable[[Deliverable], object]) -> Callable[[Any], Iterable[int]]:
    return lambda it: [one.number for one in it.deliverables if waits(one)]


def _missed(one: Deliverable) -> bool:
    return one.overdue or one.status is DeliverableStatus.DISPUTED


def _reschedule(it: Any, number: int, actor: Actor, now: datetime) -> None:
    """Agrees to the day that was proposed."""
    change = next(one.change for one in it.deliverables if one.number == number)
    it.reschedule(number, change.due_on, actor, now)


OF_DELIVERABLES = {
    "report deliverable": OfEach(_where(_missed), lambda it, number, actor, now: it.report(number, EVIDENCE, actor)),
    "accept deliverable": OfEach(
        _where(lambda one: one.report), lambda it, number, actor, now: it.accept(number, actor)
    ),
    "reschedule deliverable": OfEach(_where(lambda one: one.change and one.change.due_on), _reschedule),
    "waive deliverable": OfEach(
        _where(lambda one: one.change and not one.change.due_on),
        lambda it, number, actor, now: it.waive(number, actor, now),
    ),
}
AWAITS: Awaits = {
    Status.PROPOSED: {"appraise": lambda it, actor, now: it.appraise(actor, now)},
    Status.APPRAISED: {"approve": lambda it, actor, now: it.approve(actor, now)},
    **dict.fromkeys(UNDER_WAY, OF_DELIVERABLES),
}
