"""One signatory's approval of an amendment."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.amendment import Amendment
from shared.contracts.agreement import Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class ApproveAmendment(Command):
    """A signatory's officer approves the amendment that they have read."""

    amendment_id: UUID
    revision: Revision


async def approve_amendment(ask: ApproveAmendment, actor: Actor, work: Work) -> Amendment:
    """Approves it; after the last approval it can be signed."""
    amendment = await work.amendments.get(ask.amendment_id)
    amendment.approve(actor, ask.revision, work.now)
    return amendment
