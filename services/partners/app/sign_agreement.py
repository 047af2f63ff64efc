"""A signatory's office holder signs."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId, Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class SignAgreement(Command):
    """The revision that was read and is signed."""

    agreement_id: AgreementId
    revision: Revision


async def sign_agreement(ask: SignAgreement, actor: Actor, work: Work) -> Agreement:
    """Raises what `Agreement.sign` raises, NotASide, NotInState."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.sign(actor, ask.revision, work.now)
    return agreement
