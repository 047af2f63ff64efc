"""The rows of learning agreements, transcripts and recognition."""

from services.exchanges.app.approve_learning_agreement import approve_learning_agreement
from services.exchanges.app.close_learning_agreement_of_mobility import close_learning_agreement_of_mobility
from services.exchanges.app.comment_on_learning_agreement import comment_on_learning_agreement
from services.exchanges.app.draft_learning_agreement import draft_learning_agreement
from services.exchanges.app.propose_learning_agreement import propose_learning_agreement
from services.exchanges.app.recognise_mobility import recognise_mobility
from services.exchanges.app.revise_learning_agreement import revise_learning_agreement
from services.exchanges.app.send_transcript import send_transcript
from services.exchanges.app.sign_learning_agreement import sign_learning_agreement
from services.exchanges.app.tell_learner import tell_learner
from services.exchanges.app.withdraw_learning_agreement import withdraw_learning_agreement
from services.exchanges.domain.learning_agreement import LearningAgreement
from shared.contracts.learning_agreement import LearningAgreementClosed, LearningAgreementDrafted
from shared.domain.actor import Role
from shared.service.rows import changes, creates, holds, lists, policy

COORDINATOR = Role.MOBILITY_COORDINATOR
THREE = [Role.MOBILITY_COORDINATOR, Role.PARTICIPANT]
"""Who reads what somebody studies: the coordinators of the two institutions, and the person who goes."""
MOBILITY = "/mobilities/{mobility_id}"
ONE = "/learning-agreements/{learning_agreement_id}"

LEARNING_COMMANDS = [
    creates(
        f"{MOBILITY}/learning-agreement", draft_learning_agreement, may=COORDINATOR, emits=[LearningAgreementDrafted]
    ),
    changes(f"{ONE}/revisions", revise_learning_agreement, may=COORDINATOR),
    changes(f"{ONE}/signatures", sign_learning_agreement, may=Role.PARTICIPANT),
    changes(f"{ONE}/proposals", propose_learning_agreement, may=COORDINATOR),
    changes(f"{ONE}/approvals", approve_learning_agreement, may=COORDINATOR),
    changes(f"{ONE}/comments", comment_on_learning_agreement, may=COORDINATOR),
    changes(f"{ONE}/withdrawal", withdraw_learning_agreement, may=COORDINATOR),
    changes(f"{MOBILITY}/transcript", send_transcript, may=COORDINATOR),
    changes(f"{MOBILITY}/recognition", recognise_mobility, may=COORDINATOR),
]
LEARNING_QUERIES = [
    lists(
        LearningAgreement,
        path="/learning-agreements",
        may=THREE,
        filters=[
            "status", "kind", "area", "academic_year", "field_of_study", "sending", "receiving", "agreement_id",
            "programme_id", "participant_id",
        ],
        search=["programme_title"],
    )
]  # fmt: skip
LEARNING_POLICIES = [
    policy(close_learning_agreement_of_mobility, emits=[LearningAgreementClosed]),
    policy(tell_learner),
]
LEARNING_HELD = [
    holds(
        "learning_agreement",
        what="What a participant studies abroad, the results, and what they count at home; the person by an opaque id.",
        until="As long as the service; only the opaque id, which names nobody once the participant is erased.",
        of="coalesce(body->>'participant_id', '') = $1",
        shows="body",
    )
]
