"""An officer gives an agreement up that not all have signed."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class WithdrawAgreement(Command):
    """Why the agreement is given up."""

    agreement_id: AgreementId
    reason: Text


async def withdraw_agreement(ask: WithdrawAgreement, actor: Actor, work: Work) -> Agreement:
    """Raises NotASide, and NotInState once all have signed."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.withdraw(ask.reason, actor)
    return agreement
