"""Who is notified: people with certain roles in organisations that the event names."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.notifications.domain.kind import Kind
from shared.contracts.event import Event
from shared.contracts.initiative import Participation
from shared.contracts.values import OrganisationId, PersonId
from shared.domain.actor import Role


class Part(StrEnum):
    """An organisation's part in what happened: the reason why its people are notified."""

    SIGNATORY = "signatory"
    SIDE = "side"
    INSTITUTION = "institution"
    MOBILITY_SIDE = "mobility-side"
    MATCH_SIDE = "match-side"
    DEAL_SIDE = "deal-side"
    PUBLISHER = "publisher"
    INITIATIVE_LEAD = "initiative-lead"
    INITIATIVE_SIDE = "initiative-side"
    ACTIVITY_HOST = "activity-host"
    ACTIVITY_SENDER = "activity-sender"
    ACTIVITY_SIDE = "activity-side"
    ACTION_SIDE = "action-side"


@dataclass(frozen=True)
class Audience:
    """People with one of `roles` in the organisations that the event's fields `at` name."""

    roles: tuple[Role, ...]
    at: tuple[str, ...]
    part: Part
    within: bool = True
    """Whether to notify people in organisations within these too. False where only the organisation itself may act."""

    def organisations(self, event: Event) -> list[OrganisationId]:
        """The organisations that `event` names, without duplicates."""
        named = [getattr(event, name) for name in self.at]
        flat = [one for value in named for one in ([value] if isinstance(value, UUID) else value)]
        # A participant of an initiative is named together with its role.
        return list(dict.fromkeys(one.organisation_id if isinstance(one, Participation) else one for one in flat))


class Recipients(BaseModel):
    """One row of the rules applied to one event: the message `kind`, and the people who get it."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    part: Part
    roles: list[Role]
    organisations: list[OrganisationId]
    within: bool


@dataclass(frozen=True)
class Addressee:
    """A person who is notified, and the office that is the reason."""

    person_id: PersonId
    role: Role
    organisation_id: OrganisationId
    """Where the person holds the role."""
    side_id: OrganisationId
    """The organisation that the event names: the same one, or one that contains it."""
