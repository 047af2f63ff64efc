"""What an agreement has delivered: the facts that are counted, the event of each, and the item behind each number."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from shared.contracts.activity import ActivityCancelled, ActivityEvent, ActivityHeld, ActivityPlanned
from shared.contracts.call import CallEvent, CallOpened
from shared.contracts.condition import AcademicYear
from shared.contracts.deal import DealCompleted, DealEvent, DealMilestoneAchieved, DealMilestoneLate, DealSigned
from shared.contracts.event import Event
from shared.contracts.initiative import (
    DeliverableEvent,
    InitiativeApproved,
    InitiativeCompleted,
    InitiativeDeliverableAccepted,
    InitiativeDeliverableOverdue,
    InitiativeEvent,
    InitiativeOutputRecorded,
    InitiativeProposed,
)
from shared.contracts.match import BetweenTwo, MatchAccepted, MatchEvent, MatchProposed
from shared.contracts.mobility import (
    MobilityApproved,
    MobilityCancelled,
    MobilityEvent,
    MobilityLive,
    MobilityNominated,
    MobilityRecognised,
    MobilityRejected,
)
from shared.contracts.need import NeedEvent, NeedPublished
from shared.contracts.offer import OfferEvent, OfferPublished
from shared.contracts.programme import ProgrammeEvent, ProgrammeOpened, WithinProgramme
from shared.contracts.values import Code, OrganisationId
from shared.domain.academic_year import academic_year

Counted = (
    ProgrammeEvent | CallEvent | MobilityEvent | ActivityEvent
    | OfferEvent | NeedEvent | MatchEvent | DealEvent | InitiativeEvent
)  # fmt: skip


class Nature(StrEnum):
    """Whether a fact says what the sides mean to do, or what came of it."""

    INTENTION = "intention"
    """Begun, promised or agreed; or given up or late, so that nothing came of it yet."""
    RESULT = "result"
    """Achieved."""


class Delivered(StrEnum):
    """A kind of fact that is counted."""

    PROGRAMMES_OPENED = "programmes-opened"
    CALLS_OPENED = "calls-opened"
    MOBILITIES_NOMINATED = "mobilities-nominated"
    NOMINATIONS_CANCELLED = "nominations-cancelled"
    MOBILITIES_REJECTED = "mobilities-rejected"
    MOBILITIES_APPROVED = "mobilities-approved"
    MOBILITIES_CANCELLED = "mobilities-cancelled"
    MOBILITIES_LIVE = "mobilities-live"
    MOBILITIES_RECOGNISED = "mobilities-recognised"
    ACTIVITIES_PLANNED = "activities-planned"
    ACTIVITIES_CANCELLED = "activities-cancelled"
    ACTIVITIES_HELD = "activities-held"
    OFFERS_PUBLISHED = "offers-published"
    NEEDS_PUBLISHED = "needs-published"
    MATCHES_PROPOSED = "matches-proposed"
    MATCHES_ACCEPTED = "matches-accepted"
    DEALS_SIGNED = "deals-signed"
    DEALS_COMPLETED = "deals-completed"
    MILESTONES_ACHIEVED = "milestones-achieved"
    MILESTONES_LATE = "milestones-late"
    INITIATIVES_PROPOSED = "initiatives-proposed"
    INITIATIVES_APPROVED = "initiatives-approved"
    INITIATIVES_COMPLETED = "initiatives-completed"
    DELIVERABLES_ACCEPTED = "deliverables-accepted"
    DELIVERABLES_OVERDUE = "deliverables-overdue"
    OUTPUTS_RECORDED = "outputs-recorded"


NATURE: Mapping[Delivered, Nature] = {
    Delivered.PROGRAMMES_OPENED: Nature.INTENTION,
    Delivered.CALLS_OPENED: Nature.INTENTION,
    Delivered.MOBILITIES_NOMINATED: Nature.INTENTION,
    Delivered.NOMINATIONS_CANCELLED: Nature.INTENTION,
    Delivered.MOBILITIES_REJECTED: Nature.INTENTION,
    Delivered.MOBILITIES_APPROVED: Nature.INTENTION,
    Delivered.MOBILITIES_CANCELLED: Nature.INTENTION,
    Delivered.MOBILITIES_LIVE: Nature.RESULT,
    Delivered.MOBILITIES_RECOGNISED: Nature.RESULT,
    Delivered.ACTIVITIES_PLANNED: Nature.INTENTION,
    Delivered.ACTIVITIES_CANCELLED: Nature.INTENTION,
    Delivered.ACTIVITIES_HELD: Nature.RESULT,
    Delivered.OFFERS_PUBLISHED: Nature.INTENTION,
    Delivered.NEEDS_PUBLISHED: Nature.INTENTION,
    Delivered.MATCHES_PROPOSED: Nature.INTENTION,
    Delivered.MATCHES_ACCEPTED: Nature.INTENTION,
    Delivered.DEALS_SIGNED: Nature.INTENTION,
    Delivered.DEALS_COMPLETED: Nature.RESULT,
    Delivered.MILESTONES_ACHIEVED: Nature.RESULT,
    Delivered.MILESTONES_LATE: Nature.INTENTION,
    Delivered.INITIATIVES_PROPOSED: Nature.INTENTION,
    Delivered.INITIATIVES_APPROVED: Nature.INTENTION,
    Delivered.INITIATIVES_COMPLETED: Nature.RESULT,
    Delivered.DELIVERABLES_ACCEPTED: Nature.RESULT,
    Delivered.DELIVERABLES_OVERDUE: Nature.INTENTION,
    Delivered.OUTPUTS_RECORDED: Nature.RESULT,
}
"""What each fact is. One that names a failure is an intention that came to nothing, never a result."""

COUNTED: Mapping[type[Event], Delivered] = {
    ProgrammeOpened: Delivered.PROGRAMMES_OPENED,
    CallOpened: Delivered.CALLS_OPENED,
    MobilityNominated: Delivered.MOBILITIES_NOMINATED,
    MobilityRejected: Delivered.MOBILITIES_REJECTED,
    MobilityApproved: Delivered.MOBILITIES_APPROVED,
    MobilityCancelled: Delivered.MOBILITIES_CANCELLED,
    MobilityLive: Delivered.MOBILITIES_LIVE,
    MobilityRecognised: Delivered.MOBILITIES_RECOGNISED,
    ActivityPlanned: Delivered.ACTIVITIES_PLANNED,
    ActivityCancelled: Delivered.ACTIVITIES_CANCELLED,
    ActivityHeld: Delivered.ACTIVITIES_HELD,
    OfferPublished: Delivered.OFFERS_PUBLISHED,
    NeedPublished: Delivered.NEEDS_PUBLISHED,
    MatchProposed: Delivered.MATCHES_PROPOSED,
    MatchAccepted: Delivered.MATCHES_ACCEPTED,
    DealSigned: Delivered.DEALS_SIGNED,
    DealCompleted: Delivered.DEALS_COMPLETED,
    DealMilestoneAchieved: Delivered.MILESTONES_ACHIEVED,
    DealMilestoneLate: Delivered.MILESTONES_LATE,
    InitiativeProposed: Delivered.INITIATIVES_PROPOSED,
    InitiativeApproved: Delivered.INITIATIVES_APPROVED,
    InitiativeCompleted: Delivered.INITIATIVES_COMPLETED,
    InitiativeDeliverableAccepted: Delivered.DELIVERABLES_ACCEPTED,
    InitiativeDeliverableOverdue: Delivered.DELIVERABLES_OVERDUE,
    InitiativeOutputRecorded: Delivered.OUTPUTS_RECORDED,
}
"""Which event counts as what; others of their topics do not count."""


class Item(BaseModel, frozen=True):
    """One event that counts: what stands behind a number."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    event_id: UUID
    fact: Delivered
    area: Code
    academic_year: AcademicYear
    """The year from 1 August to 31 July that `day` lies in."""
    day: date
    """The day that the event names as its own, such as that of an output; else the day on which it happened, in the
    agreement's time zone."""
    organisation_id: OrganisationId | None
    """Whose it is: who promised the deliverable, sends the person, planned the activity, offers or seeks a technology;
    else the side for which somebody acted. Null if nobody did."""
    initiative_id: UUID | None
    """The initiative that it belongs to, itself or by its programme or offer."""
    aggregate_kind: Code
    """What it happened to, such as `mobility`."""
    aggregate_id: UUID
    attended: int | None
    """How many people came to all items of an activity that was held, added up; null for any other fact."""


class NewItem(Item, frozen=True):
    """An item as it is heard, with what leads to its agreement and initiative."""

    agreement_id: UUID
    origin_id: UUID | None
    """The programme or offer that it came from; the initiative of that is also its own."""


def delivered(event: Event) -> Delivered | None:
    """What `event` counts as; None for one that does not count.

    Approved mobilities less cancelled ones are those left: a nomination that is cancelled before it was approved counts
    by itself.
    """
    if isinstance(event, MobilityCancelled) and event.before not in ("approved", "live"):
        return Delivered.NOMINATIONS_CANCELLED
    return COUNTED.get(type(event))


def item_of(event: Counted, time_zone: str) -> NewItem | None:
    """The item that `event` is, with its day in this zone; None for one that does not count."""
    fact = delivered(event)
    if fact is None:
        return None
    day = _day(event, time_zone)
    return NewItem(
        event_id=event.envelope.id, fact=fact, area=event.area, academic_year=academic_year(day), day=day,
        organisation_id=_organisation(event), initiative_id=getattr(event, "initiative_id", None),
        aggregate_kind=event.topic.rpartition(".")[2], aggregate_id=UUID(event.envelope.subject),
        attended=event.attended if isinstance(event, ActivityHeld) else None,
        agreement_id=event.agreement_id, origin_id=_origin(event),
    )  # fmt: skip


def _day(event: Counted, time_zone: str) -> date:
    if isinstance(event, InitiativeOutputRecorded):
        return event.output.on
    return event.envelope.time.astimezone(ZoneInfo(time_zone)).date()


def _organisation(event: Counted) -> OrganisationId | None:
    match event:
        case DeliverableEvent():
            return event.owner
        case MobilityEvent():
            return event.sending
        case ActivityEvent():
            return event.organiser
        case OfferEvent() | NeedEvent():
            return event.organisation_id
        case BetweenTwo():
            return event.offering
        case _:
            return event.party


def _origin(event: Counted) -> UUID | None:
    match event:
        case WithinProgramme():
            return event.programme_id
        case BetweenTwo():
            return event.offer_id
        case _:
            return None
