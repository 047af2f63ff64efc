"""Withdrawing an initiative before it begins."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawInitiative(Reasoned):
    """The side that proposed the initiative gives it up."""

    initiative_id: UUID


async def withdraw_initiative(ask: WithdrawInitiative, actor: Actor, work: Work) -> Initiative:
    """Withdraws it."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.withdraw(ask.why, actor)
    return initiative
