"""One signatory's signature under an agreement."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId, Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class SignAgreement(Command):
    """A signatory's office holder signs the revision that they have read."""

    agreement_id: AgreementId
    revision: Revision


async def sign_agreement(ask: SignAgreement, actor: Actor, work: Work) -> Agreement:
    """Signs it; after the last signature it comes into force on its first day."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.sign(actor, ask.revision, work.now)
    return agreement
