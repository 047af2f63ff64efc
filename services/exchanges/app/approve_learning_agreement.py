"""The receiving institution signs a learning agreement."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.learning_agreement import LearningAgreement
from shared.contracts.agreement import Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class ApproveLearningAgreement(Command):
    """The receiving institution signs the revision that the sending one proposed."""

    learning_agreement_id: UUID
    revision: Revision


async def approve_learning_agreement(ask: ApproveLearningAgreement, actor: Actor, work: Work) -> LearningAgreement:
    """Puts it in force; after the first version the mobility can become live."""
    mobility = await work.studying(ask.learning_agreement_id)
    agreement = await work.learning_agreements.get(ask.learning_agreement_id)
    agreement.approve(actor, ask.revision, work.now)
    mobility.learning_agreement_version = agreement.in_force
    return agreement
