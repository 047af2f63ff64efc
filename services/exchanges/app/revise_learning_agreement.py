"""A learning agreement is revised."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.learning_agreement import LearningAgreement
from services.exchanges.domain.study_plan import StudyPlan
from shared.domain.actor import Actor


class ReviseLearningAgreement(StudyPlan):
    """The sending institution drafts another proposal: of all components, or of all changes to the first version."""

    learning_agreement_id: UUID


async def revise_learning_agreement(ask: ReviseLearningAgreement, actor: Actor, work: Work) -> LearningAgreement:
    """Puts it in the place of the one that is open; what all three have signed stays in force."""
    await work.studying(ask.learning_agreement_id)
    agreement = await work.learning_agreements.get(ask.learning_agreement_id)
    agreement.revise(actor, ask)
    return agreement
