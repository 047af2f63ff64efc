"""The sending institution corrects a rejected nomination."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.stay import Stay
from shared.domain.actor import Actor
from shared.domain.command import Command


class CorrectMobility(Command):
    """The sending institution corrects a rejected nomination."""

    mobility_id: UUID
    planned: Stay


async def correct_mobility(ask: CorrectMobility, actor: Actor, work: Work) -> Mobility:
    """Corrects it: pending again, if there is a place for its rank, else waiting."""
    mobility, call = await work.nomination(ask.mobility_id)
    mobility.require("correct")
    mobility.correct(actor, ask.planned, call.correct(mobility.id))
    await work.settle(call)
    return mobility
