"""What applies to an activity of each kind: one table. Events carry open codes."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from shared.domain.actor import Role
from shared.domain.refused import Refused


class ActivityKind(StrEnum):
    """The kinds that an installation of today knows."""

    TRAINING_COHORT = "training-cohort"
    DELEGATION = "delegation"
    CULTURAL_EVENT = "cultural-event"
    WORKSHOP = "workshop"


class ItemKind(StrEnum):
    """What the items of an activity are."""

    SESSION = "session"
    STOP = "stop"
    PERFORMANCE = "performance"
    EXHIBITION = "exhibition"


class Part(StrEnum):
    """What only some kinds have."""

    ENROLMENT = "enrolment"
    INVITATION = "an invitation"
    PRESENCE = "a record of who was present"
    HEAD_COUNT = "a head count"
    LEARNER_DAYS = "learner days"
    CERTIFICATES = "certificates"
    ACTIONS = "follow-up actions"


class NotOfThisKind(Refused):
    """A {kind} has no {part}; docs/glossary.md says what each kind of activity has."""


class Rules(NamedTuple):
    """What applies to one kind."""

    officers: Collection[Role]
    """Who plans it, and acts for its organisations."""
    items: Collection[ItemKind]
    parts: Collection[Part]

    @property
    def counted(self) -> bool:
        """Whether each item needs its attendance before the activity counts as held."""
        return Part.PRESENCE in self.parts or Part.HEAD_COUNT in self.parts


COORDINATOR, OFFICER, CULTURE = Role.MOBILITY_COORDINATOR, Role.PARTNERSHIP_OFFICER, Role.CULTURE_OFFICER
TRANSFER = Role.TECHNOLOGY_TRANSFER_OFFICER
ANY_OFFICER = (COORDINATOR, OFFICER, CULTURE, TRANSFER)
SESSION, STOP, PERFORMANCE, EXHIBITION = ItemKind

KINDS = {
    # kind                          officers         items                      what else it has
    ActivityKind.TRAINING_COHORT: Rules(
        (COORDINATOR,), (SESSION,), (Part.ENROLMENT, Part.PRESENCE, Part.LEARNER_DAYS, Part.CERTIFICATES)
    ),
    ActivityKind.DELEGATION: Rules((OFFICER,), (STOP,), (Part.INVITATION, Part.ACTIONS)),
    ActivityKind.CULTURAL_EVENT: Rules((CULTURE,), (PERFORMANCE, EXHIBITION), (Part.HEAD_COUNT,)),
    ActivityKind.WORKSHOP: Rules(
        ANY_OFFICER, (SESSION,), (Part.ENROLMENT, Part.INVITATION, Part.PRESENCE, Part.ACTIONS)
    ),
}


def rules_of(kind: str) -> Rules:
    """What applies to an activity of this kind."""
    return KINDS[ActivityKind(kind)]


def require_part(kind: str, part: Part) -> None:
    """Raises NotOfThisKind unless activities of this kind have that part."""
    if part not in rules_of(kind).parts:
        raise NotOfThisKind(kind=kind, part=str(part))
