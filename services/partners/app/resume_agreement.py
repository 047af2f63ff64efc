"""One signatory's consent to resume a suspended agreement."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.command import Command


class ResumeAgreement(Command):
    """A signatory agrees that the agreement is in force again."""

    agreement_id: AgreementId


async def resume_agreement(ask: ResumeAgreement, actor: Actor, work: Work) -> Agreement:
    """Agrees to it; in force again once all signatories have agreed."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.resume(actor, work.now)
    return agreement
