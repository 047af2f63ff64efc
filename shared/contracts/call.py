"""Calls: the days on which the sending institution nominates people for places of a programme."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.family import ReasonedEvent
from shared.contracts.programme import WithinProgramme
from shared.contracts.values import Day, ZoneName


class CallEvent(WithinProgramme, topic="entente.exchanges.call"):
    """Something happened to a call."""

    call_id: UUID
    places: Annotated[int, Field(ge=0, le=100_000, examples=[5])]
    """How many of the programme's places the call gives."""
    opens_on: Day = Field(examples=["2026-10-01"])
    closes_on: Day = Field(examples=["2026-12-31"])
    """The last day on which people can be nominated."""
    time_zone: ZoneName
    """The zone in which `opens_on` and `closes_on` begin and end."""


class CallOpened(CallEvent, fact="opened"):
    """The sending institution opened a call: people can be nominated from `opens_on` to the end of `closes_on`."""


class CallClosed(CallEvent, ReasonedEvent, fact="closed"):
    """The call takes no new nominations. `places` are those that its remaining nominations need."""
