"""Nominating a person in a call."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.stay import Stay
from shared.domain.actor import Actor
from shared.domain.command import Command


class Nominate(Command):
    """The sending institution nominates a person for a place at the receiving one."""

    call_id: UUID
    participant_id: UUID
    rank: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """The order in which places are given, 1 first; without one it comes last. Each rank is given once in a call."""
    planned: Stay


async def nominate(ask: Nominate, actor: Actor, work: Work) -> Mobility:
    """Nominates: pending, if there is a place for its rank, else waiting.

    Refused unless call, programme and agreement are open and the person is new to the call, and for another
    institution's participant.
    """
    call = await work.calls.get(ask.call_id)
    programme = await work.programmes.get(call.programme_id)
    programme.require_open("nominating")
    (await work.agreements.get(call.agreement_id)).require_in_force()
    mobility_id = work.new_id()
    noted = call.nominate(mobility_id, ask.participant_id, ask.rank, work.now)
    mobility = Mobility(
        id=mobility_id, call_id=call.id, participant_id=ask.participant_id, rank=noted.rank, planned=ask.planned,
        status=noted.standing, **programme.heading,
    ).nominated(actor)  # fmt: skip
    work.mobilities.add(mobility)
    await work.settle(call)
    await work.require_own(ask.participant_id, actor)
    return mobility
