"""What a service knows of an initiative, and whether something may belong to it now."""

from dataclasses import dataclass
from uuid import UUID

from shared.domain.refused import Refused


class InitiativeUnknown(Refused):
    """This service does not know the initiative {initiative_id}; check the id, or try again in a minute if it has just
    been proposed.

    It learns of initiatives from the events of `partners`.
    """

    initiative_id: UUID


class InitiativeNotActive(Refused):
    """The initiative is {status} and not active; name an active one, or none.

    `GET /initiatives/{id}` of `partners` shows its state.
    """


class InitiativeElsewhere(Refused):
    """The initiative belongs to another agreement; name that agreement, or another initiative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeCopy:
    """An initiative as its newest event describes it."""

    agreement_id: UUID
    status: str

    def admit(self, agreement_id: UUID) -> None:
        """Raises the refusal that fits unless what stands under the agreement may belong to the initiative now."""
        if self.agreement_id != agreement_id:
            raise InitiativeElsewhere
        if self.status != "active":
            raise InitiativeNotActive(status=self.status)
