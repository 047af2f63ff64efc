"""The results of a stay are recognised."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.domain.actor import Actor
from shared.domain.command import Command


class RecogniseMobility(Command):
    """The sending institution recognises the results of a stay."""

    mobility_id: UUID


async def recognise_mobility(ask: RecogniseMobility, actor: Actor, work: Work) -> Mobility:
    """Counts what was passed by the rate that the programme names; needs a transcript, and no open proposal."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.require("recognise")
    programme, _ = await work.programmes.peek(mobility.programme_id)
    agreement = await work.learning_agreements.get(mobility.id)
    mobility.recognise(actor, agreement.recognise(programme.condition.conversion, work.now).credits)
    return mobility
