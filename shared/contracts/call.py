"""Calls: the time in which institutions nominate people for a programme's places."""

from uuid import UUID

from pydantic import Field

from shared.contracts.examples import BIRMINGHAM
from shared.contracts.programme import Places, WithinProgramme
from shared.contracts.values import Day, OrganisationId, Signatory, Text, ZoneName


class CallEvent(WithinProgramme, topic="entente.exchanges.call"):
    """Something happened to a call."""

    call_id: UUID
    places: list[Places]
    """The programme's places that this call may give, for each direction."""
    opens_on: Day = Field(examples=["2026-10-01"])
    closes_on: Day = Field(examples=["2026-12-31"])
    """The last day on which nominations are taken."""
    time_zone: ZoneName
    """Where `opens_on` and `closes_on` begin and end."""


class CallOpened(CallEvent, fact="opened"):
    """A call was opened: nominations are taken from `opens_on` to the end of `closes_on`."""

    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The institution that opened it."""
    by: Signatory


class CallClosed(CallEvent, fact="closed"):
    """A call takes no more nominations. `places` are those that its standing nominations keep."""

    reason: Text
    party: OrganisationId | None = Field(None, examples=[BIRMINGHAM])
    """The institution that closed it; none when its last day or its programme was over."""
    by: Signatory | None = None
