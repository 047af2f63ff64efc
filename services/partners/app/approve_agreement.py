"""One signatory's approval of an agreement."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId, Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class ApproveAgreement(Command):
    """A signatory's officer approves the revision that they have read."""

    agreement_id: AgreementId
    revision: Revision


async def approve_agreement(ask: ApproveAgreement, actor: Actor, work: Work) -> Agreement:
    """Approves it; after the last approval the agreement can be signed."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.approve(actor, ask.revision, work.now)
    return agreement
