"""The person who goes signs a learning agreement."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.learning_agreement import LearningAgreement
from shared.contracts.agreement import Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class SignLearningAgreement(Command):
    """The person who goes signs the revision that they have read."""

    learning_agreement_id: UUID
    revision: Revision


async def sign_learning_agreement(ask: SignLearningAgreement, actor: Actor, work: Work) -> LearningAgreement:
    """Signs it, as the first of the three."""
    await work.studying(ask.learning_agreement_id)
    agreement = await work.learning_agreements.get(ask.learning_agreement_id)
    agreement.sign(actor, ask.revision, work.now)
    return agreement
