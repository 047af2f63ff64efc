"""What the events of every aggregate carry."""

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM
from shared.contracts.values import Code, OrganisationId, PersonId


class AggregateEvent(Event):
    """Something happened to an aggregate: where it stands now, for whom somebody acted, and who that was."""

    status: Code = Field(examples=["active"])
    """Where the aggregate stands after the event. Readers treat a status that they do not know as any other change."""
    party: OrganisationId | None = Field(None, examples=[BIRMINGHAM])
    """The side that the act binds or is done for; null if no person acted."""
    acting: OrganisationId | None = Field(None, examples=[BIRMINGHAM])
    """The organisation whose office the person used: the party itself or one within it; null if no person acted."""
    by: PersonId | None = None
    """The person who acted, by an opaque id; null if a date or another event caused it."""


class ReasonedEvent(AggregateEvent):
    """Something ended or went back, for a reason. The sentence is in the document, which only its sides see."""

    reason_code: Code = Field(examples=["priorities-changed"])
    """Why, as an open code; docs/events.md lists the codes of today."""
