"""What of an activity awaits somebody."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from services.exchanges.domain.action import Action
from services.exchanges.domain.activity_status import Status
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Act, Awaits
from shared.domain.commitment import Evidence
from shared.domain.commitment import Status as ActionStatus
from shared.domain.refused import NotFound, Refused

EVIDENCE = Evidence(text=Text(en="Tried.", zh="试。"))


def _one(those: Callable[[Any], Iterable[Any]], act: Callable[[Any, Any, Actor, datetime], None]) -> Act:
    """The act on the first one of `those` that takes it; raises NotFound if none does."""

    def act_on_one(it: Any, actor: Actor, now: datetime) -> None:
        for one in list(those(it)):
            try:
                return act(it, one, actor, now)
            except Refused:
                continue
        raise NotFound(what="act", id=it.id)

    return act_on_one


def _actions(waits: Callable[[Action], object]) -> Callable[[Any], Iterable[Action]]:
    return lambda it: filter(waits, it.actions)


def _missed(action: Action) -> bool:
    return action.overdue or action.status is ActionStatus.DISPUTED


def _record(it: Any, number: int, actor: Actor, now: datetime) -> None:
    try:
        it.record_heads(number, 0, actor, now)
    except Refused:
        it.record_presence(number, [], actor, now)


def _reschedule(it: Any, action: Action, actor: Actor, now: datetime) -> None:
    it.reschedule_action(action.number, action.change and action.change.due_on, actor, now)


ADMIT = _one(
    lambda it: [place.participant_id for place in it.places if not place.admitted],
    lambda it, id, actor, now: it.admit_participant(id, actor),
)
RECORD = _one(lambda it: [item.number for item in it.items if item.number not in it.attendance], _record)
OF_ACTIONS = {
    "report action": _one(_actions(_missed), lambda it, one, actor, now: it.report_action(one.number, EVIDENCE, actor)),
    "accept action": _one(
        _actions(lambda one: one.report), lambda it, one, actor, now: it.accept_action(one.number, actor)
    ),
    "reschedule action": _one(_actions(lambda one: one.change and one.change.due_on), _reschedule),
    "waive action": _one(
        _actions(lambda one: one.change and not one.change.due_on),
        lambda it, one, actor, now: it.waive_action(one.number, actor, now),
    ),
}
AWAITS: Awaits = {
    Status.PLANNED: {"agree": lambda it, actor, now: it.agree(actor, it.revision, now)},
    Status.AGREED: {"announce": lambda it, actor, now: it.announce(actor), "admit participant": ADMIT},
    Status.ANNOUNCED: {"admit participant": ADMIT},
    Status.RUNNING: {"record attendance": RECORD, "hold": lambda it, actor, now: it.hold(actor, now)},
    Status.HELD: {"certify": lambda it, actor, now: it.certify(actor, now), **OF_ACTIONS},
}
