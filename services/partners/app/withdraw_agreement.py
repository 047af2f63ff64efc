"""Withdrawing an agreement before all have signed it."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawAgreement(Reasoned):
    """Gives an agreement up before all have signed it."""

    agreement_id: AgreementId


async def withdraw_agreement(ask: WithdrawAgreement, actor: Actor, work: Work) -> Agreement:
    """Withdraws it, also after the first signature."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.withdraw(ask.why, actor)
    return agreement
