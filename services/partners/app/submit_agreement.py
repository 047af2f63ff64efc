"""An officer lays a draft before the signatories."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.command import Command


class SubmitAgreement(Command):
    """The draft to be reviewed."""

    agreement_id: AgreementId


async def submit_agreement(ask: SubmitAgreement, actor: Actor, work: Work) -> Agreement:
    """Raises NotASide for officers of none of the signatories, NotInState."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.submit(actor)
    return agreement
