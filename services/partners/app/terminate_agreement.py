"""Ending a signed agreement early."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class TerminateAgreement(Command):
    """A signatory's officer ends a signed agreement early."""

    agreement_id: AgreementId
    reason: Text


async def terminate_agreement(ask: TerminateAgreement, actor: Actor, work: Work) -> Agreement:
    """Terminates it; programmes, offers and needs under it close."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.terminate(ask.reason, actor)
    return agreement
