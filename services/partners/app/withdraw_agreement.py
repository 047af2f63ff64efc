"""A signatory gives an agreement up."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawAgreement(Reasoned):
    """A signatory withdraws the agreement before all have signed it, or a record before all have confirmed it."""

    agreement_id: AgreementId


async def withdraw_agreement(ask: WithdrawAgreement, actor: Actor, work: Work) -> Agreement:
    """Withdraws it; its annexes go with it."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.withdraw(ask.why, actor)
    await work.end_what_hangs_on(agreement)
    return agreement
