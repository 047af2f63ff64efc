"""One signatory's request for changes to an agreement in review."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class ReturnAgreement(Reasoned):
    """A signatory's officer asks for changes, and says which."""

    agreement_id: AgreementId


async def return_agreement(ask: ReturnAgreement, actor: Actor, work: Work) -> Agreement:
    """Makes it a draft again; approvals start again."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.send_back(ask.why, actor)
    return agreement
