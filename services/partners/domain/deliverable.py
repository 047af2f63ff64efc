"""A deliverable of an initiative."""

from typing import Any

from shared.contracts.initiative import (
    InitiativeDeliverableAccepted,
    InitiativeDeliverableDisputed,
    InitiativeDeliverableOverdue,
    InitiativeDeliverableReported,
    InitiativeDeliverableRescheduled,
    InitiativeDeliverableReschedulingAgreed,
    InitiativeDeliverableWaived,
    InitiativeDeliverableWaiverAgreed,
)
from shared.domain.commitment import Commitment, commitment_lifecycle


class Deliverable(Commitment, frozen=True):
    """What one organisation of an initiative promised to the others."""

    lifecycle = commitment_lifecycle(
        {
            "report": InitiativeDeliverableReported,
            "accept": InitiativeDeliverableAccepted,
            "dispute": InitiativeDeliverableDisputed,
            "miss": InitiativeDeliverableOverdue,
            "agree rescheduling": InitiativeDeliverableReschedulingAgreed,
            "agree waiver": InitiativeDeliverableWaiverAgreed,
            "reschedule": InitiativeDeliverableRescheduled,
            "waive": InitiativeDeliverableWaived,
        }
    )

    @property
    def facts(self) -> dict[str, Any]:
        """What every event about it carries."""
        return {
            "number": self.number, "deliverable_title": self.title, "deliverable_status": str(self.status),
            "owner": self.owner, "due_on": self.due_on, "time_zone": self.time_zone, "overdue": self.overdue,
        }  # fmt: skip
