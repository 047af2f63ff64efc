"""A follow-up action of an activity."""

from typing import Any

from pydantic import Field

from shared.contracts.activity import (
    ActivityActionAccepted,
    ActivityActionDisputed,
    ActivityActionOverdue,
    ActivityActionReported,
    ActivityActionRescheduled,
    ActivityActionReschedulingAgreed,
    ActivityActionWaived,
    ActivityActionWaiverAgreed,
)
from shared.contracts.values import OrganisationId
from shared.domain.commitment import Commitment, commitment_lifecycle


class Action(Commitment, frozen=True):
    """What one organisation promised to another after an activity."""

    lifecycle = commitment_lifecycle(
        {
            "report": ActivityActionReported,
            "accept": ActivityActionAccepted,
            "dispute": ActivityActionDisputed,
            "miss": ActivityActionOverdue,
            "agree rescheduling": ActivityActionReschedulingAgreed,
            "agree waiver": ActivityActionWaiverAgreed,
            "reschedule": ActivityActionRescheduled,
            "waive": ActivityActionWaived,
        }
    )
    counterpart: OrganisationId = Field()
    """The organisation that it was promised to."""

    @property
    def bound(self) -> list[OrganisationId]:
        """The two organisations that agree to a change."""
        return [self.owner, self.counterpart]

    @property
    def facts(self) -> dict[str, Any]:
        """What every event about it carries."""
        return {
            "number": self.number, "action_title": self.title, "action_status": str(self.status), "owner": self.owner,
            "counterpart": self.counterpart, "due_on": self.due_on, "owner_zone": self.time_zone,
            "overdue": self.overdue,
        }  # fmt: skip
