"""Opening a call of a programme."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.exchanges.app.work import Work
from services.exchanges.domain.call import Call
from shared.contracts.values import Day, Zone
from shared.domain.actor import Actor
from shared.domain.command import Command


class OpenCall(Command):
    """The sending institution takes nominations from `opens_on` to the end of `closes_on` in `time_zone`."""

    programme_id: UUID
    places: Annotated[int, Field(ge=1, le=100_000)]
    """Taken from those of the programme; all its calls together never have more."""
    opens_on: Day
    closes_on: Day
    """Not after the last day of the programme's academic year."""
    time_zone: Zone


async def open_call(ask: OpenCall, actor: Actor, work: Work) -> Call:
    """Opens it with places that the programme promises.

    Refused when it has fewer left, closes before the call does, or its agreement is not in force.
    """
    programme = await work.programmes.get(ask.programme_id)
    call = Call(
        id=work.new_id(), places=ask.places, opens_on=ask.opens_on, closes_on=ask.closes_on, time_zone=ask.time_zone,
        **programme.heading,
    ).opened(actor, work.now)  # fmt: skip
    (await work.agreements.get(programme.agreement_id)).require_in_force()
    programme.require_within(ask.closes_on)
    programme.promise(ask.places)
    work.calls.add(call)
    return call
