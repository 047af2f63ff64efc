"""One signatory's consent to suspend an agreement."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class SuspendAgreement(Reasoned):
    """A signatory agrees that nothing new begins under the agreement until all agree to resume it."""

    agreement_id: AgreementId


async def suspend_agreement(ask: SuspendAgreement, actor: Actor, work: Work) -> Agreement:
    """Agrees to it; suspended once all signatories have agreed."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.suspend(actor, ask.why, work.now)
    return agreement
