"""A signatory gives an amendment up."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.amendment import Amendment
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawAmendment(Reasoned):
    """A signatory withdraws the amendment before all have signed it."""

    amendment_id: UUID


async def withdraw_amendment(ask: WithdrawAmendment, actor: Actor, work: Work) -> Amendment:
    """Withdraws it; the agreement is unchanged."""
    amendment = await work.amendments.get(ask.amendment_id)
    amendment.withdraw(ask.why, actor)
    return amendment
