"""An officer changes what an agreement says."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.terms import Terms
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor


class ReviseAgreement(Terms):
    """What the agreement says from now on, all of it, and who its parties are."""

    agreement_id: AgreementId


async def revise_agreement(ask: ReviseAgreement, actor: Actor, work: Work) -> Agreement:
    """Makes it the next revision; approvals start again. Refused once a side has signed."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.revise(ask, actor)
    await work.require_sound(ask)
    return agreement
