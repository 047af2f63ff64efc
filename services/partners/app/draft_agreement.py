"""An officer of a signatory drafts an agreement."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.terms import Proposal
from shared.domain.actor import Actor


class DraftAgreement(Proposal):
    """Drafts an agreement between organisations of the directory."""


async def draft_agreement(ask: DraftAgreement, actor: Actor, work: Work) -> Agreement:
    """Drafts it at revision 1."""
    work.areas.require(ask.areas)
    agreement = Agreement.draft(work.new_id(), ask, actor)
    for side in sorted(agreement.sides):  # in one order: two drafts cannot wait for each other
        await work.organisations.get(side)
    work.agreements.add(agreement)
    return agreement
