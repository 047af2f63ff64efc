"""The sending institution signs a learning agreement."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.learning_agreement import LearningAgreement
from shared.contracts.agreement import Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class ProposeLearningAgreement(Command):
    """The sending institution signs the revision that its student has signed."""

    learning_agreement_id: UUID
    revision: Revision


async def propose_learning_agreement(ask: ProposeLearningAgreement, actor: Actor, work: Work) -> LearningAgreement:
    """Signs it, and so proposes it to the receiving institution."""
    await work.studying(ask.learning_agreement_id)
    agreement = await work.learning_agreements.get(ask.learning_agreement_id)
    agreement.propose(actor, ask.revision, work.now)
    return agreement
