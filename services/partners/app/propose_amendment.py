"""An officer of a signatory proposes to change an agreement in force."""

from services.partners.app.work import Work
from services.partners.domain.amendment import Amendment
from services.partners.domain.terms import Terms
from shared.contracts.agreement import AgreementId, Revision
from shared.contracts.values import Day
from shared.domain.actor import Actor


class ProposeAmendment(Terms):
    """What the agreement is to say, all of it. A renewal by consent is an amendment of the last day."""

    agreement_id: AgreementId
    revision: Revision
    """The revision of the agreement that it changes."""
    applies_on: Day | None = None
    """The day on which it applies; none for the day of the last signature."""


async def propose_amendment(ask: ProposeAmendment, actor: Actor, work: Work) -> Amendment:
    """Proposes it; the agreement is unchanged until all have signed and the day has come."""
    agreement = await work.agreements.get(ask.agreement_id)
    terms = Terms.model_validate({name: getattr(ask, name) for name in Terms.model_fields})
    amendment = Amendment.propose(work.new_id(), agreement, ask.revision, terms, ask.applies_on, actor)
    await work.require_sound(ask)
    work.amendments.add(amendment)
    return amendment
