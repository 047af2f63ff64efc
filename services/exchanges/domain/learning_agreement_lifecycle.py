"""The states of a learning agreement, and what is awaited in each."""

from enum import StrEnum

from shared.contracts.learning_agreement import (
    LearningAgreementApproved,
    LearningAgreementClosed,
    LearningAgreementCommentedOn,
    LearningAgreementProposed,
    LearningAgreementRevised,
    LearningAgreementStudentSigned,
    LearningAgreementWithdrawn,
)
from shared.domain.aggregate import Awaits, Lifecycle


class Status(StrEnum):
    """Where a learning agreement stands; all but `agreed` and `closed` are those of an open proposal."""

    DRAFTING = "drafting"
    STUDENT_SIGNED = "student-signed"
    PROPOSED = "proposed"
    COMMENTED = "commented"
    AGREED = "agreed"
    CLOSED = "closed"


OPEN = (Status.DRAFTING, Status.STUDENT_SIGNED, Status.PROPOSED, Status.COMMENTED)
"""Where a proposal is open: the first version, or changes of it while it stays in force."""

LIFECYCLE = Lifecycle(
    [
        (Status.DRAFTING, "sign", Status.STUDENT_SIGNED, LearningAgreementStudentSigned),  # who goes
        (Status.STUDENT_SIGNED, "propose", Status.PROPOSED, LearningAgreementProposed),  # the sending side signs
        (Status.PROPOSED, "approve", Status.AGREED, LearningAgreementApproved),  # the receiving side signs
        (Status.PROPOSED, "comment on", Status.COMMENTED, LearningAgreementCommentedOn),
        *((status, "revise", Status.DRAFTING, LearningAgreementRevised) for status in (*OPEN, Status.AGREED)),
        *((status, "withdraw", Status.AGREED, LearningAgreementWithdrawn) for status in OPEN),  # changes only
        *((status, "close", Status.CLOSED, LearningAgreementClosed) for status in (*OPEN, Status.AGREED)),
    ]
)
AWAITS: Awaits = {
    Status.DRAFTING: {"sign": lambda it, actor, now: it.sign(actor, it.proposal.revision, now)},
    Status.STUDENT_SIGNED: {"propose": lambda it, actor, now: it.propose(actor, it.proposal.revision, now)},
    Status.PROPOSED: {"approve": lambda it, actor, now: it.approve(actor, it.proposal.revision, now)},
    Status.COMMENTED: {"revise": lambda it, actor, now: it.revise(actor, it.proposal.plan)},
}
