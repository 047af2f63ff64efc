"""A learning agreement is drafted."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.learning_agreement import LearningAgreement
from services.exchanges.domain.study_plan import StudyPlan
from shared.domain.actor import Actor
from shared.domain.refused import Refused


class LearningAgreementExists(Refused):
    """This mobility has a learning agreement already; revise that one.

    `GET /learning-agreements/{id}` shows it, by the id of the mobility.
    """


class DraftLearningAgreement(StudyPlan):
    """The sending institution drafts what a person is to study abroad, and what that counts for at home."""

    mobility_id: UUID


async def draft_learning_agreement(ask: DraftLearningAgreement, actor: Actor, work: Work) -> LearningAgreement:
    """Drafts it for an approved mobility, once; the person who goes signs first."""
    mobility = await work.studying(ask.mobility_id)
    if await work.learning_agreements.find(mobility.id):
        raise LearningAgreementExists
    programme, _ = await work.programmes.peek(mobility.programme_id)
    drafted = LearningAgreement(id=mobility.id, participant_id=mobility.participant_id, **programme.heading)
    work.learning_agreements.add(drafted.drafted(actor, ask))
    return drafted
