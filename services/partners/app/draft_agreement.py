"""An officer of a signatory drafts an agreement."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.terms import Terms
from shared.domain.actor import Actor


class DraftAgreement(Terms):
    """Drafts an agreement between organisations of the directory, or an annex of one."""


async def draft_agreement(ask: DraftAgreement, actor: Actor, work: Work) -> Agreement:
    """Drafts it at revision 1."""
    await work.require_sound(ask)
    agreement = Agreement.draft(work.new_id(), ask, actor)
    work.agreements.add(agreement)
    return agreement
