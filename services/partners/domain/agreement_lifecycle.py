"""The states of an agreement, and what leads from one to another."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.contracts.agreement import (
    AgreementAmended,
    AgreementApproved,
    AgreementConsentGiven,
    AgreementEnded,
    AgreementExpiryNear,
    AgreementInForce,
    AgreementNoticeGiven,
    AgreementNoticeRetracted,
    AgreementRecordConfirmed,
    AgreementRecordReviewed,
    AgreementRenewed,
    AgreementResumed,
    AgreementReturned,
    AgreementReviewed,
    AgreementRevised,
    AgreementSignatureAdded,
    AgreementSigned,
    AgreementSubmitted,
    AgreementSuspended,
    AgreementTerminated,
    AgreementWithdrawn,
)
from shared.domain.actor import Actor
from shared.domain.aggregate import Act, Awaits, Lifecycle
from shared.domain.reason import Reason, ReasonCode
from shared.domain.refused import NotFound


class Status(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    RECORDED = "recorded"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    ENDED = "ended"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"


UNSIGNED = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.RECORDED)
"""Before all signatories have signed it, or confirmed its record."""
RUNNING = (Status.IN_FORCE, Status.SUSPENDED)
OPEN = (*UNSIGNED, Status.SIGNED, *RUNNING)
"""What can still come into force or is."""

LIFECYCLE = Lifecycle(
    [
        (Status.DRAFT, "submit", Status.IN_REVIEW, AgreementSubmitted),
        (Status.DRAFT, "revise", Status.DRAFT, AgreementRevised),
        (Status.DRAFT, "withdraw", Status.WITHDRAWN, AgreementWithdrawn),
        (Status.IN_REVIEW, "approve", Status.IN_REVIEW, AgreementReviewed),  # by one signatory
        (Status.IN_REVIEW, "approve", Status.APPROVED, AgreementApproved),  # by the last
        (Status.IN_REVIEW, "return", Status.DRAFT, AgreementReturned),
        (Status.IN_REVIEW, "revise", Status.IN_REVIEW, AgreementRevised),
        (Status.IN_REVIEW, "withdraw", Status.WITHDRAWN, AgreementWithdrawn),
        (Status.APPROVED, "revise", Status.IN_REVIEW, AgreementRevised),  # before the first signature
        (Status.APPROVED, "withdraw", Status.WITHDRAWN, AgreementWithdrawn),  # also after a signature
        (Status.APPROVED, "sign", Status.APPROVED, AgreementSignatureAdded),  # by one signatory
        (Status.APPROVED, "sign", Status.SIGNED, AgreementSigned),  # by the last
        *(
            row
            for what in ("confirm record", "vouch for record")  # for a signatory that has nobody here
            for row in (
                (Status.RECORDED, what, Status.RECORDED, AgreementRecordReviewed),  # for one signatory
                (Status.RECORDED, what, Status.SIGNED, AgreementRecordConfirmed),  # for the last; it begins later
                (Status.RECORDED, what, Status.IN_FORCE, AgreementRecordConfirmed),
                (Status.RECORDED, what, Status.ENDED, AgreementRecordConfirmed),  # its last day is over
            )
        ),
        (Status.RECORDED, "withdraw", Status.WITHDRAWN, AgreementWithdrawn),
        (Status.SIGNED, "commence", Status.IN_FORCE, AgreementInForce),  # a timer, on the first day
        (Status.SIGNED, "terminate", Status.SIGNED, AgreementConsentGiven),  # by one signatory
        (Status.SIGNED, "terminate", Status.TERMINATED, AgreementTerminated),  # by the last
        (Status.SIGNED, "end", Status.ENDED, AgreementEnded),  # with its parent
        (Status.IN_FORCE, "suspend", Status.IN_FORCE, AgreementConsentGiven),
        (Status.IN_FORCE, "suspend", Status.SUSPENDED, AgreementSuspended),
        (Status.SUSPENDED, "resume", Status.SUSPENDED, AgreementConsentGiven),
        (Status.SUSPENDED, "resume", Status.IN_FORCE, AgreementResumed),
        *(
            row
            for status in RUNNING
            for row in (
                (status, "terminate", status, AgreementConsentGiven),
                (status, "terminate", Status.TERMINATED, AgreementTerminated),
                (status, "give notice", status, AgreementNoticeGiven),
                (status, "retract notice", status, AgreementNoticeRetracted),
                (status, "terminate by notice", Status.TERMINATED, AgreementTerminated),  # a timer
                (status, "amend", status, AgreementAmended),
                (status, "remind", status, AgreementExpiryNear),  # a timer
                (status, "renew", status, AgreementRenewed),  # a timer, after the last day
                (status, "end", Status.ENDED, AgreementEnded),  # a timer, after the last day
            )
        ),
    ]
)


def _once_begun(what: str, act: Act) -> Act:
    """The act, where a signatory has agreed to it already; raises NotFound before."""

    def join(it: Any, actor: Actor, now: datetime) -> None:
        if what not in it.consents:
            raise NotFound(what=f"consent to {what}", id=it.id)
        act(it, actor, now)

    return join


WHY = Reason(ReasonCode.OTHER)
TERMINATE = _once_begun("terminate", lambda it, actor, now: it.terminate(actor, WHY, now))
AWAITS: Awaits = {
    Status.IN_REVIEW: {"approve": lambda it, actor, now: it.approve(actor, it.revision, now)},
    Status.APPROVED: {"sign": lambda it, actor, now: it.sign(actor, it.revision, now)},
    Status.RECORDED: {"confirm record": lambda it, actor, now: it.confirm_record(actor, it.revision, now)},
    Status.SIGNED: {"terminate": TERMINATE},
    Status.IN_FORCE: {
        "suspend": _once_begun("suspend", lambda it, actor, now: it.suspend(actor, WHY, now)),
        "terminate": TERMINATE,
    },
    Status.SUSPENDED: {
        "resume": _once_begun("resume", lambda it, actor, now: it.resume(actor, now)),
        "terminate": TERMINATE,
    },
}
