"""Proposed changes of a learning agreement are given up."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.learning_agreement import LearningAgreement
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawLearningAgreement(Reasoned):
    """The sending institution gives up the changes that it proposed."""

    learning_agreement_id: UUID


async def withdraw_learning_agreement(ask: WithdrawLearningAgreement, actor: Actor, work: Work) -> LearningAgreement:
    """Withdraws them; the version in force stays so."""
    await work.studying(ask.learning_agreement_id)
    agreement = await work.learning_agreements.get(ask.learning_agreement_id)
    agreement.withdraw(actor, ask.why)
    return agreement
