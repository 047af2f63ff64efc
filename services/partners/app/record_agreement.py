"""An officer enters an agreement that was signed on paper."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.paper import Paper
from services.partners.domain.terms import Terms
from shared.domain.actor import Actor
from shared.domain.refused import Invalid


class RecordAgreement(Terms):
    """Records an agreement that was signed on paper, with its terms. The other signatories confirm it."""

    paper: Paper


async def record_agreement(ask: RecordAgreement, actor: Actor, work: Work) -> Agreement:
    """Records it; in force once all signatories have confirmed the record."""
    if ask.paper.signed_on > work.now.date():
        raise Invalid(reason="`signed_on` lies ahead; draft an agreement that is still to be signed")
    await work.require_sound(ask)
    agreement = Agreement.recorded_from(work.new_id(), ask, ask.paper, actor, work.now)
    work.agreements.add(agreement)
    return agreement
