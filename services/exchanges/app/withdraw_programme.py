"""An institution withdraws or declines a proposed programme."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawProgramme(Reasoned):
    """Withdraws the proposal, or declines that of the other institution."""

    programme_id: UUID


async def withdraw_programme(ask: WithdrawProgramme, actor: Actor, work: Work) -> Programme:
    """Withdraws it."""
    programme = await work.programmes.get(ask.programme_id)
    programme.withdraw(actor, ask.why)
    return programme
