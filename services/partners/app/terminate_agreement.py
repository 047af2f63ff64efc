"""One signatory's consent to end an agreement early."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class TerminateAgreement(Reasoned):
    """A signatory agrees to end the agreement now."""

    agreement_id: AgreementId


async def terminate_agreement(ask: TerminateAgreement, actor: Actor, work: Work) -> Agreement:
    """Agrees to it; terminated once all signatories have agreed, and its annexes with it."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.terminate(actor, ask.why, work.now)
    await work.end_what_hangs_on(agreement)
    return agreement
