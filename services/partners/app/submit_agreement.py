"""Submitting a draft for review."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.command import Command


class SubmitAgreement(Command):
    """Submits a draft to its signatories for review."""

    agreement_id: AgreementId


async def submit_agreement(ask: SubmitAgreement, actor: Actor, work: Work) -> Agreement:
    """Submits it."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.submit(actor)
    return agreement
