"""The receiving institution comments on a learning agreement."""

from typing import Self
from uuid import UUID

from pydantic import model_validator

from services.exchanges.app.work import Work
from services.exchanges.domain.learning_agreement import LearningAgreement
from shared.contracts.agreement import Revision
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class CommentOnLearningAgreement(Reasoned):
    """The receiving institution says what must change before it approves."""

    learning_agreement_id: UUID
    revision: Revision

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.reason is None:
            raise ValueError("a comment says in `reason` what must change")
        return self


async def comment_on_learning_agreement(ask: CommentOnLearningAgreement, actor: Actor, work: Work) -> LearningAgreement:
    """Comments on it; the sending institution revises it."""
    await work.studying(ask.learning_agreement_id)
    agreement = await work.learning_agreements.get(ask.learning_agreement_id)
    agreement.comment(actor, ask.revision, ask.why)
    return agreement
