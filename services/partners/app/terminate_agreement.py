"""Ending a signed agreement early."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class TerminateAgreement(Reasoned):
    """A signatory's officer ends a signed agreement early."""

    agreement_id: AgreementId


async def terminate_agreement(ask: TerminateAgreement, actor: Actor, work: Work) -> Agreement:
    """Terminates it; programmes, offers and needs under it close."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.terminate(ask.why, actor)
    return agreement
