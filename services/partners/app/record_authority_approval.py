"""The decision of an authority about an initiative."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from services.partners.domain.initiative_terms import AuthorityApproval
from shared.domain.actor import Actor
from shared.domain.command import Command


class RecordAuthorityApproval(Command):
    """Records that an authority, such as a ministry, approved the initiative."""

    initiative_id: UUID
    approval: AuthorityApproval


async def record_authority_approval(ask: RecordAuthorityApproval, actor: Actor, work: Work) -> Initiative:
    """Records it."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.record_authority_approval(ask.approval, actor)
    return initiative
