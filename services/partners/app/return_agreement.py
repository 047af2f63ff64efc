"""An officer of a signatory asks for changes."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class ReturnAgreement(Command):
    """What should be changed."""

    agreement_id: AgreementId
    reason: Text


async def return_agreement(ask: ReturnAgreement, actor: Actor, work: Work) -> Agreement:
    """Raises NotASide, NotInState."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.send_back(ask.reason, actor)
    return agreement
