"""Exchanges: one person goes from one institution to another. Until both approve it, it is a nomination."""

from uuid import UUID

from pydantic import Field

from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import ReasonedEvent
from shared.contracts.programme import WithinProgramme
from shared.contracts.values import OrganisationId, PersonId


class ExchangeEvent(WithinProgramme, topic="entente.exchanges.exchange"):
    """Something happened to an exchange. The nominee appears by an opaque id, never by name."""

    exchange_id: UUID
    call_id: UUID
    sending: OrganisationId = Field(examples=[BIRMINGHAM])
    receiving: OrganisationId = Field(examples=[NANJING])
    nominee: PersonId
    """The person nominated, by an opaque id."""


class ExchangeNominated(ExchangeEvent, fact="nominated"):
    """The sending institution nominated a person."""


class ExchangeApprovalGiven(ExchangeEvent, fact="approval-given"):
    """One institution approved the nomination; the other has yet to."""


class ExchangeApproved(ExchangeEvent, fact="approved"):
    """The second institution approved the nomination: the person has a place."""


class ExchangeDeclined(ExchangeEvent, ReasonedEvent, fact="declined"):
    """One institution declined the nomination."""


class ExchangeWithdrawn(ExchangeEvent, ReasonedEvent, fact="withdrawn"):
    """The sending institution withdrew the nomination or the approved exchange. A place that it had is free again."""

    approved: bool = Field(False, examples=[True])
    """Whether both institutions had approved it, so that it had a place."""
