"""One signatory's signature under an amendment."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.amendment import Amendment
from shared.contracts.agreement import Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class SignAmendment(Command):
    """A signatory's office holder signs the amendment that they have read."""

    amendment_id: UUID
    revision: Revision


async def sign_amendment(ask: SignAmendment, actor: Actor, work: Work) -> Amendment:
    """Signs it; after the last signature it applies on its day, or at once."""
    amendment = await work.amendments.get(ask.amendment_id)
    amendment.sign(actor, ask.revision, work.now)
    return amendment
