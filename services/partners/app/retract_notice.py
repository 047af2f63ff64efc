"""The signatory that gave notice takes it back."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.command import Command


class RetractNotice(Command):
    """A signatory takes its notice back before it has run out."""

    agreement_id: AgreementId


async def retract_notice(ask: RetractNotice, actor: Actor, work: Work) -> Agreement:
    """Retracts it; the agreement goes on as before."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.retract_notice(actor)
    return agreement
