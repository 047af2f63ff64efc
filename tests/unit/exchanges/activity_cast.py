"""Activities and their people: hosted in Birmingham and at its school, with people from Nanjing and Southeast."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_actions import WantedAction
from services.exchanges.domain.activity_kinds import ActivityKind
from services.exchanges.domain.activity_plan import ActivityPlan, WantedItem
from services.exchanges.domain.activity_status import Status
from shared.contracts.values import Text
from shared.domain.actor import Actor, Role
from shared.domain.commitment import Evidence
from shared.domain.reason import Reason, ReasonCode

BIRMINGHAM, SCHOOL, NANJING, SOUTHEAST, COUNCIL, INSTITUTE = (UUID(int=n) for n in range(1, 7))
ACTIVITY, AGREEMENT = UUID(int=100), UUID(int=101)
LIN, WU, ZHAO = (UUID(int=n) for n in range(201, 204))
"""Three people from Nanjing, by their opaque ids."""
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST, SECOND = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 2, 9, tzinfo=UTC)
OVER = SECOND + timedelta(hours=9)
REASON = Reason(ReasonCode.CAPACITY, Text(en="The hall is closed", zh="场馆关闭"))
EVIDENCE = Evidence(text=Text(en="Minutes of the meeting"))
OFFICERS = (Role.MOBILITY_COORDINATOR, Role.PARTNERSHIP_OFFICER, Role.CULTURE_OFFICER)


def officer(organisation: UUID, person: int, *roles: Role, within: tuple[UUID, ...] = ()) -> Actor:
    """Somebody of an organisation; without `roles` an officer for activities of every kind."""
    held = frozenset(roles or OFFICERS)
    return Actor(UUID(int=person), organisation, held, Text(en="Officer", zh="负责人"), frozenset(within))


ANNE, KIT = officer(BIRMINGHAM, 11), officer(SCHOOL, 12, within=(BIRMINGHAM,))
LI, CHEN = officer(NANJING, 13), officer(SOUTHEAST, 14)
DIRECTOR = officer(INSTITUTE, 15, within=(BIRMINGHAM,))
STRANGER = officer(COUNCIL, 16)

ITEM_KINDS = {
    ActivityKind.TRAINING_COHORT: "session",
    ActivityKind.DELEGATION: "stop",
    ActivityKind.CULTURAL_EVENT: "performance",
    ActivityKind.WORKSHOP: "session",
}
NUMBERS: dict[ActivityKind, dict[str, Any]] = {
    ActivityKind.TRAINING_COHORT: {"capacity": 2, "attendance_needed": 60},
    ActivityKind.DELEGATION: {},
    ActivityKind.CULTURAL_EVENT: {"senders": []},
    ActivityKind.WORKSHOP: {"capacity": 2},
}
EVERY_KIND = list(ActivityKind)


def item(starts_at: datetime, kind: str = "session", host: UUID = BIRMINGHAM, hours: int = 8) -> dict[str, Any]:
    """An item that begins at this moment."""
    return {
        "kind": kind, "title": {"en": "Public health", "zh": "公共卫生"}, "host": host, "place": {"en": "Edgbaston"},
        "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours),
    }  # fmt: skip


def items(kind: ActivityKind, later: timedelta = timedelta()) -> list[WantedItem]:
    """Two items on two days, one at each host."""
    of = ITEM_KINDS[kind]
    both = [item(FIRST + later, of), item(SECOND + later, of, SCHOOL)]
    return [WantedItem.model_validate(one) for one in both]


def plan(kind: ActivityKind = ActivityKind.TRAINING_COHORT, **changed: object) -> ActivityPlan:
    """A plan of this kind, with some changed."""
    fields: dict[str, Any] = {
        "kind": kind, "title": {"en": "Health personnel", "zh": "卫生人员"}, "area": "health",
        "agreement_id": AGREEMENT, "organiser": BIRMINGHAM, "hosts": [BIRMINGHAM, SCHOOL],
        "senders": [NANJING, SOUTHEAST], "time_zone": "Europe/London", "items": items(kind), **NUMBERS[kind],
    }  # fmt: skip
    return ActivityPlan.model_validate(fields | changed)


def planned(kind: ActivityKind = ActivityKind.TRAINING_COHORT, **changed: object) -> Activity:
    """An activity that Birmingham has just planned."""
    return Activity.plan(ACTIVITY, plan(kind, **changed), ANNE)


def wanted_action(due_on: date = date(2027, 6, 30), **changed: object) -> WantedAction:
    """What Birmingham promises to Nanjing."""
    fields = {
        "title": {"en": "Draft a joint degree", "zh": "起草联合学位方案"}, "owner": BIRMINGHAM, "counterpart": NANJING,
        "due_on": due_on, "time_zone": "Europe/London",
    }  # fmt: skip
    return WantedAction.model_validate(fields | changed)


def _agree(activity: Activity) -> None:
    activity.agree(ANNE, activity.revision, NOW)
    activity.agree(KIT, activity.revision, NOW)


def admit_somebody(activity: Activity) -> None:
    """Lin is admitted, where people take part at all."""
    if activity.senders:
        propose(activity, LIN)
        activity.admit_participant(LIN, LI if activity.places[0].invited else ANNE)


def propose(activity: Activity, person: UUID) -> None:
    """Nanjing enrols the person, or Birmingham invites them where nobody enrols."""
    if activity.capacity is None:
        activity.invite_participant(person, NANJING, ANNE)
    else:
        activity.enrol_participant(person, NANJING, LI)


def record(activity: Activity, number: int, at: datetime = OVER) -> None:
    """Records who came, or how many."""
    if activity.senders:
        activity.record_presence(number, [p.participant_id for p in activity.places if p.admitted], ANNE, at)
    else:
        activity.record_heads(number, 120, ANNE, at)


def _hold(activity: Activity) -> None:
    if activity.kind != ActivityKind.DELEGATION:
        record(activity, 1)
        record(activity, 2)
    activity.hold(ANNE, OVER)


STEPS: dict[Status, list[Callable[[Activity], None]]] = {
    Status.PLANNED: [],
    Status.AGREED: [_agree],
    Status.ANNOUNCED: [_agree, admit_somebody, lambda a: a.announce(ANNE)],
}
STEPS[Status.RUNNING] = [*STEPS[Status.ANNOUNCED], lambda a: a.begin()]
STEPS[Status.HELD] = [*STEPS[Status.RUNNING], _hold]
STEPS[Status.CLOSED] = [*STEPS[Status.HELD], lambda a: a.close()]
STEPS[Status.CANCELLED] = [lambda a: a.cancel(REASON, ANNE)]


def activity_that_is(status: Status, kind: ActivityKind = ActivityKind.TRAINING_COHORT) -> Activity:
    """An activity brought to `status` by what its people do, with nothing left in `recorded`."""
    activity = planned(kind)
    for step in STEPS[status]:
        step(activity)
    activity.recorded.clear()
    return activity
