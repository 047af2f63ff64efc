"""Withdrawing a technology need."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.need import Need
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawNeed(Reasoned):
    """The organisation withdraws its need: its open matches lapse, running deals go on."""

    need_id: UUID


async def withdraw_need(ask: WithdrawNeed, actor: Actor, work: Work) -> Need:
    """Withdraws it; its matches follow by `lapse_matches_of_need`."""
    need = await work.needs.get(ask.need_id)
    need.withdraw(actor, ask.why)
    return need
