"""A signatory gives notice of an agreement."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class GiveNotice(Reasoned):
    """A signatory gives notice; the agreement terminates after the days that its terms name."""

    agreement_id: AgreementId


async def give_notice(ask: GiveNotice, actor: Actor, work: Work) -> Agreement:
    """Gives notice; the other sides need not agree."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.give_notice(actor, ask.why, work.now)
    return agreement
