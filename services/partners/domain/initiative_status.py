"""Where an initiative stands."""

from enum import StrEnum


class Status(StrEnum):
    """Where an initiative stands."""

    PROPOSED = "proposed"
    APPRAISED = "appraised"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


BEFORE = (Status.PROPOSED, Status.APPRAISED, Status.APPROVED)
"""Before it begins: it can still be declined or withdrawn."""
UNDER_WAY = (Status.ACTIVE, Status.PAUSED)
"""While its deliverables are worked on or wait."""
