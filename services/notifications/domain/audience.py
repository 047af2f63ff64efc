"""Who is told: the holders of some roles, in some of the organisations that an event names."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.notifications.domain.kind import Kind
from shared.contracts.event import Event
from shared.contracts.values import OrganisationId, PersonId
from shared.domain.actor import Role


class Part(StrEnum):
    """The part that an organisation has in what happened: the reason why its people are told."""

    SIGNATORY = "signatory"
    SIDE = "side"
    INSTITUTION = "institution"
    EXCHANGE_SIDE = "exchange-side"
    MATCH_SIDE = "match-side"
    DEAL_SIDE = "deal-side"
    PUBLISHER = "publisher"


@dataclass(frozen=True)
class Audience:
    """The holders of one of `roles` in the organisations that the event's fields `at` name."""

    roles: tuple[Role, ...]
    at: tuple[str, ...]
    part: Part
    within: bool = True
    """Also those in organisations within these. False for what only the organisation itself may do."""

    def organisations(self, event: Event) -> list[OrganisationId]:
        """The organisations that `event` names, each once."""
        named = [getattr(event, name) for name in self.at]
        flat = [id for value in named for id in ([value] if isinstance(value, UUID) else value)]
        return list(dict.fromkeys(flat))


class Recipients(BaseModel):
    """One row of the rules as it applies to one event: whom it names, and what they are told."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    part: Part
    roles: list[Role]
    organisations: list[OrganisationId]
    within: bool


@dataclass(frozen=True)
class Addressee:
    """Somebody who is told, and the office that is the reason."""

    person_id: PersonId
    role: Role
    organisation_id: OrganisationId
    """Where the role is held."""
    side_id: OrganisationId
    """The organisation that the event names: the same one, or one that it lies within."""
