"""Exchanges: one person who goes from one institution to another; a nomination until both have approved it."""

from uuid import UUID

from pydantic import Field

from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.programme import WithinProgramme
from shared.contracts.values import OrganisationId, PersonId, Signatory, Text


class ExchangeEvent(WithinProgramme, topic="entente.exchanges.exchange"):
    """Something happened to an exchange. The nominee appears by an opaque id and never by name."""

    exchange_id: UUID
    call_id: UUID
    sending: OrganisationId = Field(examples=[BIRMINGHAM])
    receiving: OrganisationId = Field(examples=[NANJING])
    nominee: PersonId
    """An opaque reference to the person who is to go."""
    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The institution that acted: the sending or the receiving one."""
    by: Signatory
    """Who acted for `party`."""


class ExchangeNominated(ExchangeEvent, fact="nominated"):
    """The sending institution nominated a person."""


class ExchangeApprovalGiven(ExchangeEvent, fact="approval-given"):
    """One of the two institutions approved; the other's approval is awaited."""


class ExchangeApproved(ExchangeEvent, fact="approved"):
    """Both institutions have approved, the last one now: the person has a place."""


class ExchangeDeclined(ExchangeEvent, fact="declined"):
    """One of the two institutions declined the nomination."""

    reason: Text


class ExchangeWithdrawn(ExchangeEvent, fact="withdrawn"):
    """The sending institution withdrew the nomination, or the exchange; a place that it had is free again."""

    reason: Text
    approved: bool = Field(False, examples=[True])
    """Whether both institutions had approved it, so that it had a place."""
