"""Calls for nominations: the days on which institutions nominate people for a programme's places."""

from uuid import UUID

from pydantic import Field

from shared.contracts.family import ReasonedEvent
from shared.contracts.programme import Places, WithinProgramme
from shared.contracts.values import Day, ZoneName


class CallEvent(WithinProgramme, topic="entente.exchanges.call"):
    """Something happened to a call."""

    call_id: UUID
    places: list[Places]
    """How many of the programme's places this call may give in each direction."""
    opens_on: Day = Field(examples=["2026-10-01"])
    closes_on: Day = Field(examples=["2026-12-31"])
    """The last day on which people can be nominated."""
    time_zone: ZoneName
    """The zone in which `opens_on` and `closes_on` begin and end."""


class CallOpened(CallEvent, fact="opened"):
    """A call was opened. People can be nominated from `opens_on` to the end of `closes_on`."""


class CallClosed(CallEvent, ReasonedEvent, fact="closed"):
    """The call takes no new nominations. `places` are those that its remaining nominations need."""
