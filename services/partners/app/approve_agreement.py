"""An officer of a signatory approves the text."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.command import Command


class ApproveAgreement(Command):
    """The agreement as it stands."""

    agreement_id: AgreementId


async def approve_agreement(ask: ApproveAgreement, actor: Actor, work: Work) -> Agreement:
    """Raises what `Agreement.approve` raises, NotASide, NotInState."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.approve(actor, work.now)
    return agreement
