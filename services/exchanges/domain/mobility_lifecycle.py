"""The states of a mobility, and what is awaited in each."""

from enum import StrEnum

from shared.contracts.mobility import (
    MobilityApproved,
    MobilityArrived,
    MobilityCancellationRequested,
    MobilityCancelled,
    MobilityCorrected,
    MobilityDeparted,
    MobilityInterrupted,
    MobilityLive,
    MobilityMovedBack,
    MobilityMovedUp,
    MobilityNoShow,
    MobilityRecognised,
    MobilityRejected,
    MobilityTranscriptSent,
)
from shared.domain.aggregate import Lifecycle


class Status(StrEnum):
    """Where a mobility stands."""

    WAITING = "waiting"
    PENDING = "pending"
    REJECTED = "rejected"
    APPROVED = "approved"
    LIVE = "live"
    RECOGNISED = "recognised"
    CANCELLED = "cancelled"


UNDECIDED = (Status.WAITING, Status.PENDING)
"""What the receiving institution has yet to decide."""
CANCELLABLE = (Status.WAITING, Status.PENDING, Status.REJECTED, Status.APPROVED, Status.LIVE)
RUNNING = (Status.APPROVED, Status.LIVE)
"""What has a place and goes on, whatever becomes of its programme."""

LIFECYCLE = Lifecycle(
    [
        (Status.PENDING, "approve", Status.APPROVED, MobilityApproved),
        (Status.PENDING, "reject", Status.REJECTED, MobilityRejected),
        (Status.REJECTED, "correct", Status.PENDING, MobilityCorrected),
        (Status.REJECTED, "correct", Status.WAITING, MobilityCorrected),  # no place for its rank
        (Status.WAITING, "move up", Status.PENDING, MobilityMovedUp),  # by itself, a place was freed
        (Status.PENDING, "move back", Status.WAITING, MobilityMovedBack),  # by itself, a better rank came
        (Status.APPROVED, "go live", Status.LIVE, MobilityLive),
        (Status.LIVE, "record arrival", Status.LIVE, MobilityArrived),
        (Status.LIVE, "record departure", Status.LIVE, MobilityDeparted),
        (Status.LIVE, "record no show", Status.LIVE, MobilityNoShow),
        (Status.LIVE, "interrupt", Status.LIVE, MobilityInterrupted),  # by force majeure
        (Status.LIVE, "interrupt", Status.CANCELLED, MobilityInterrupted),
        (Status.LIVE, "send transcript", Status.LIVE, MobilityTranscriptSent),
        (Status.LIVE, "recognise", Status.RECOGNISED, MobilityRecognised),
        *(
            (status, "request cancellation", status, MobilityCancellationRequested)
            for status in (Status.PENDING, *RUNNING)
        ),
        *((status, "cancel", Status.CANCELLED, MobilityCancelled) for status in CANCELLABLE),
    ]
)
