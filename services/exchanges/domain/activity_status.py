"""Where an activity stands."""

from enum import StrEnum


class Status(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    AGREED = "agreed"
    ANNOUNCED = "announced"
    RUNNING = "running"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ENROLLING = (Status.AGREED, Status.ANNOUNCED)
"""While people can be enrolled, invited and admitted."""
BEFORE_HELD = (Status.PLANNED, Status.AGREED, Status.ANNOUNCED, Status.RUNNING)
"""While it can be postponed and cancelled, and people can give up their places."""
