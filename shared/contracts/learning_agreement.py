"""Learning agreements: what somebody studies abroad, and what that counts for at home.

Events carry numbers only. Courses beside a nominee are personal data: they stand in the document.
"""

from uuid import UUID

from pydantic import Field

from shared.contracts.agreement import Revision
from shared.contracts.credit import Credit
from shared.contracts.family import ReasonedEvent
from shared.contracts.programme import WithinProgramme


class LearningAgreementEvent(WithinProgramme, topic="entente.exchanges.learning-agreement"):
    """Something happened to the learning agreement of a mobility."""

    learning_agreement_id: UUID
    """The same as the id of its mobility."""
    participant_id: UUID
    """The person who goes, by an opaque id."""
    in_force: int | None = Field(examples=[2])
    """The number of the revision in force; null before all three have signed one."""


class LearningAgreementRevisionEvent(LearningAgreementEvent):
    """Something happened to a revision."""

    revision: Revision
    """What was drafted, signed or commented on. Its hash is over the components or changes, what they change, and the
    id."""
    credits_abroad: list[Credit] = Field(examples=[[{"scheme": "chinese-credits", "value": "12.00"}]])
    """The sum of the components studied abroad as this revision has them, in each scheme."""
    credits_home: list[Credit] = Field(examples=[[{"scheme": "ects", "value": "24.00"}]])
    """The sum of the components recognised at home, in each scheme."""


class LearningAgreementDrafted(LearningAgreementRevisionEvent, fact="drafted"):
    """The sending institution drafted it; the person who goes signs first."""


class LearningAgreementRevised(LearningAgreementRevisionEvent, fact="revised"):
    """The sending institution drafted another proposal. Signatures of the one before do not count for it."""


class LearningAgreementStudentSigned(LearningAgreementRevisionEvent, fact="student-signed"):
    """The person who goes signed; the sending institution signs next."""


class LearningAgreementProposed(LearningAgreementRevisionEvent, fact="proposed"):
    """The sending institution signed: the receiving one approves it or comments on it."""


class LearningAgreementCommentedOn(LearningAgreementRevisionEvent, ReasonedEvent, fact="commented-on"):
    """The receiving institution does not approve the proposal as it is. Its comment stands in the document."""


class LearningAgreementApproved(LearningAgreementRevisionEvent, fact="approved"):
    """The receiving institution signed, as the last of the three: this revision is in force."""


class LearningAgreementWithdrawn(LearningAgreementEvent, ReasonedEvent, fact="withdrawn"):
    """The sending institution gave up proposed changes; what is in force stays so."""


class LearningAgreementClosed(LearningAgreementEvent, ReasonedEvent, fact="closed"):
    """Nothing of it changes any more: the results are recognised, or the mobility was cancelled."""
