"""Who is notified of what: one table. The person who caused an event is not notified of it."""

from services.notifications.domain.activity_rules import ACTIVITY_RULES
from services.notifications.domain.audience import Audience, Part, Recipients
from services.notifications.domain.kind import Kind
from services.notifications.domain.mobility_rules import EXCHANGES
from services.notifications.domain.rule import Rule, Where
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
    AgreementRecorded,
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
from shared.contracts.amendment import (
    AmendmentAgreed,
    AmendmentApprovalGiven,
    AmendmentLapsed,
    AmendmentProposed,
    AmendmentSignatureAdded,
    AmendmentSigned,
    AmendmentWithdrawn,
)
from shared.contracts.deal import (
    DealCompleted,
    DealDrafted,
    DealMilestoneAchieved,
    DealMilestoneDisputed,
    DealMilestoneLate,
    DealMilestoneReported,
    DealSignatureAdded,
    DealSigned,
    DealTerminated,
    DealWithdrawn,
)
from shared.contracts.event import Event
from shared.contracts.initiative import (
    InitiativeActivated,
    InitiativeAppraisalGiven,
    InitiativeAppraised,
    InitiativeApprovalGiven,
    InitiativeApproved,
    InitiativeAuthorityApproved,
    InitiativeClosed,
    InitiativeCompleted,
    InitiativeDeclined,
    InitiativeDeliverableAccepted,
    InitiativeDeliverableDisputed,
    InitiativeDeliverableOverdue,
    InitiativeDeliverableReported,
    InitiativeDeliverableRescheduled,
    InitiativeDeliverableReschedulingAgreed,
    InitiativeDeliverableWaived,
    InitiativeDeliverableWaiverAgreed,
    InitiativeOutputRecorded,
    InitiativePaused,
    InitiativeProposed,
    InitiativeResumed,
    InitiativeWithdrawn,
)
from shared.contracts.match import (
    MatchAcceptanceGiven,
    MatchAccepted,
    MatchConfidentialitySignatureAdded,
    MatchConfidentialitySigned,
    MatchDeclined,
    MatchLapsed,
    MatchProposed,
)
from shared.contracts.need import NeedClosed
from shared.contracts.offer import OfferAdvanced, OfferClosed
from shared.domain.actor import Role

OFFICER, SIGNATORY, COORDINATOR = Role.PARTNERSHIP_OFFICER, Role.SIGNATORY, Role.MOBILITY_COORDINATOR
CULTURE, TRANSFER = Role.CULTURE_OFFICER, Role.TECHNOLOGY_TRANSFER_OFFICER

# Only a signatory itself approves and signs, so people in organisations within it are not asked to.
REVIEWERS = Audience((OFFICER,), ("signatories",), Part.SIGNATORY, within=False)
SIGNERS = Audience((SIGNATORY,), ("signatories",), Part.SIGNATORY, within=False)
# An institute within a signatory may have drafted the agreement.
OFFICERS = Audience((OFFICER,), ("signatories",), Part.SIGNATORY)
SIDES = Audience((OFFICER, COORDINATOR, CULTURE, TRANSFER), ("signatories", "participants"), Part.SIDE)
MATCH = Audience((TRANSFER,), ("offering", "seeking"), Part.MATCH_SIDE)
DEAL = Audience((TRANSFER,), ("offering", "seeking"), Part.DEAL_SIDE)
# The outcome of a deal also matters to the partnership as a whole.
RESULT = Audience((TRANSFER, OFFICER), ("offering", "seeking"), Part.DEAL_SIDE)
PUBLISHER = Audience((TRANSFER,), ("organisation_id",), Part.PUBLISHER)

# Only a lead itself appraises and approves an initiative.
LEADS = Audience((OFFICER,), ("leads",), Part.INITIATIVE_LEAD, within=False)
APPROVERS = Audience((SIGNATORY,), ("leads",), Part.INITIATIVE_LEAD, within=False)
INITIATIVE = Audience((OFFICER,), ("leads", "participants"), Part.INITIATIVE_SIDE)


SUBMITTED = Where("before", ("in-review", "approved"))
APPROVED = Where("before", ("approved",))
TO_SUSPEND, TO_RESUME = Where("about", ("suspend",)), Where("about", ("resume",))
TO_END = Where("about", ("terminate",))


RULES = [
    # event                                  who is notified   of what                                     only where
    Rule(AgreementSubmitted,                 REVIEWERS,        Kind.AGREEMENT_TO_REVIEW),
    Rule(AgreementRevised,                   SIGNERS,          Kind.AGREEMENT_REVISED,                     APPROVED),
    Rule(AgreementRevised,                   OFFICERS,         Kind.AGREEMENT_REVISED,                     SUBMITTED),
    Rule(AgreementReviewed,                  OFFICERS,         Kind.AGREEMENT_REVIEWED),
    Rule(AgreementReturned,                  OFFICERS,         Kind.AGREEMENT_RETURNED),
    Rule(AgreementApproved,                  SIGNERS,          Kind.AGREEMENT_TO_SIGN),
    Rule(AgreementApproved,                  OFFICERS,         Kind.AGREEMENT_APPROVED),
    Rule(AgreementSignatureAdded,            SIGNERS,          Kind.AGREEMENT_SIGNATURE_ADDED),
    Rule(AgreementSignatureAdded,            OFFICERS,         Kind.AGREEMENT_SIGNATURE_ADDED),
    Rule(AgreementSigned,                    SIGNERS,          Kind.AGREEMENT_SIGNED),
    Rule(AgreementSigned,                    SIDES,            Kind.AGREEMENT_SIGNED),
    Rule(AgreementInForce,                   SIGNERS,          Kind.AGREEMENT_IN_FORCE),
    Rule(AgreementInForce,                   SIDES,            Kind.AGREEMENT_IN_FORCE),
    Rule(AgreementEnded,                     SIGNERS,          Kind.AGREEMENT_ENDED),
    Rule(AgreementEnded,                     SIDES,            Kind.AGREEMENT_ENDED),
    Rule(AgreementTerminated,                SIGNERS,          Kind.AGREEMENT_TERMINATED),
    Rule(AgreementTerminated,                SIDES,            Kind.AGREEMENT_TERMINATED),
    Rule(AgreementWithdrawn,                 SIGNERS,          Kind.AGREEMENT_WITHDRAWN,                   APPROVED),
    Rule(AgreementWithdrawn,                 OFFICERS,         Kind.AGREEMENT_WITHDRAWN),
    Rule(AgreementRecorded,                  REVIEWERS,        Kind.AGREEMENT_RECORD_TO_CONFIRM),
    Rule(AgreementRecordReviewed,            OFFICERS,         Kind.AGREEMENT_RECORD_REVIEWED),
    Rule(AgreementRecordConfirmed,           SIDES,            Kind.AGREEMENT_RECORD_CONFIRMED),
    Rule(AgreementExpiryNear,                SIGNERS,          Kind.AGREEMENT_EXPIRY_NEAR),
    Rule(AgreementExpiryNear,                OFFICERS,         Kind.AGREEMENT_EXPIRY_NEAR),
    Rule(AgreementRenewed,                   SIGNERS,          Kind.AGREEMENT_RENEWED),
    Rule(AgreementRenewed,                   SIDES,            Kind.AGREEMENT_RENEWED),
    Rule(AgreementAmended,                   SIGNERS,          Kind.AGREEMENT_AMENDED),
    Rule(AgreementAmended,                   SIDES,            Kind.AGREEMENT_AMENDED),
    Rule(AgreementConsentGiven,              SIGNERS,          Kind.AGREEMENT_SUSPENSION_TO_AGREE,         TO_SUSPEND),
    Rule(AgreementConsentGiven,              SIGNERS,          Kind.AGREEMENT_RESUMPTION_TO_AGREE,         TO_RESUME),
    Rule(AgreementConsentGiven,              SIGNERS,          Kind.AGREEMENT_TERMINATION_TO_AGREE,        TO_END),
    Rule(AgreementSuspended,                 SIGNERS,          Kind.AGREEMENT_SUSPENDED),
    Rule(AgreementSuspended,                 SIDES,            Kind.AGREEMENT_SUSPENDED),
    Rule(AgreementResumed,                   SIGNERS,          Kind.AGREEMENT_RESUMED),
    Rule(AgreementResumed,                   SIDES,            Kind.AGREEMENT_RESUMED),
    Rule(AgreementNoticeGiven,               SIGNERS,          Kind.AGREEMENT_NOTICE_GIVEN),
    Rule(AgreementNoticeGiven,               SIDES,            Kind.AGREEMENT_NOTICE_GIVEN),
    Rule(AgreementNoticeRetracted,           SIGNERS,          Kind.AGREEMENT_NOTICE_RETRACTED),
    Rule(AgreementNoticeRetracted,           SIDES,            Kind.AGREEMENT_NOTICE_RETRACTED),
    Rule(AmendmentProposed,                  REVIEWERS,        Kind.AMENDMENT_TO_REVIEW),
    Rule(AmendmentApprovalGiven,             OFFICERS,         Kind.AMENDMENT_REVIEWED),
    Rule(AmendmentAgreed,                    SIGNERS,          Kind.AMENDMENT_TO_SIGN),
    Rule(AmendmentSignatureAdded,            SIGNERS,          Kind.AMENDMENT_SIGNATURE_ADDED),
    Rule(AmendmentSigned,                    OFFICERS,         Kind.AMENDMENT_SIGNED),
    Rule(AmendmentWithdrawn,                 OFFICERS,         Kind.AMENDMENT_WITHDRAWN),
    Rule(AmendmentLapsed,                    OFFICERS,         Kind.AMENDMENT_LAPSED),
    Rule(MatchProposed,                      MATCH,            Kind.MATCH_TO_ACCEPT),
    Rule(MatchAcceptanceGiven,               MATCH,            Kind.MATCH_ACCEPTANCE_GIVEN),
    Rule(MatchAccepted,                      MATCH,            Kind.MATCH_ACCEPTED),
    Rule(MatchConfidentialitySignatureAdded, MATCH,            Kind.MATCH_CONFIDENTIALITY_SIGNATURE_ADDED),
    Rule(MatchConfidentialitySigned,         MATCH,            Kind.MATCH_CONFIDENTIALITY_SIGNED),
    Rule(MatchDeclined,                      MATCH,            Kind.MATCH_DECLINED),
    Rule(MatchLapsed,                        MATCH,            Kind.MATCH_LAPSED),
    Rule(DealDrafted,                        DEAL,             Kind.DEAL_TO_SIGN),
    Rule(DealSignatureAdded,                 DEAL,             Kind.DEAL_SIGNATURE_ADDED),
    Rule(DealSigned,                         RESULT,           Kind.DEAL_SIGNED),
    Rule(DealWithdrawn,                      DEAL,             Kind.DEAL_WITHDRAWN),
    Rule(DealCompleted,                      RESULT,           Kind.DEAL_COMPLETED),
    Rule(DealTerminated,                     RESULT,           Kind.DEAL_TERMINATED),
    Rule(DealMilestoneReported,              DEAL,             Kind.MILESTONE_TO_CONFIRM),
    Rule(DealMilestoneAchieved,              DEAL,             Kind.MILESTONE_ACHIEVED),
    Rule(DealMilestoneDisputed,              DEAL,             Kind.MILESTONE_DISPUTED),
    Rule(DealMilestoneLate,                  RESULT,           Kind.MILESTONE_LATE),
    Rule(OfferAdvanced,                      PUBLISHER,        Kind.OFFER_ADVANCED),
    Rule(OfferClosed,                        PUBLISHER,        Kind.OFFER_CLOSED),
    Rule(NeedClosed,                         PUBLISHER,        Kind.NEED_CLOSED),
    Rule(InitiativeProposed,                      LEADS,            Kind.INITIATIVE_TO_APPRAISE),
    Rule(InitiativeProposed,                      INITIATIVE,       Kind.INITIATIVE_PROPOSED),
    Rule(InitiativeAppraisalGiven,                LEADS,            Kind.INITIATIVE_APPRAISAL_GIVEN),
    Rule(InitiativeAppraised,                     APPROVERS,        Kind.INITIATIVE_TO_APPROVE),
    Rule(InitiativeAppraised,                     LEADS,            Kind.INITIATIVE_APPRAISED),
    Rule(InitiativeApprovalGiven,                 APPROVERS,        Kind.INITIATIVE_APPROVAL_GIVEN),
    Rule(InitiativeApprovalGiven,                 LEADS,            Kind.INITIATIVE_APPROVAL_GIVEN),
    Rule(InitiativeApproved,                      INITIATIVE,       Kind.INITIATIVE_APPROVED),
    Rule(InitiativeActivated,                     INITIATIVE,       Kind.INITIATIVE_ACTIVATED),
    Rule(InitiativePaused,                        INITIATIVE,       Kind.INITIATIVE_PAUSED),
    Rule(InitiativeResumed,                       INITIATIVE,       Kind.INITIATIVE_RESUMED),
    Rule(InitiativeCompleted,                     INITIATIVE,       Kind.INITIATIVE_COMPLETED),
    Rule(InitiativeClosed,                        INITIATIVE,       Kind.INITIATIVE_CLOSED),
    Rule(InitiativeDeclined,                      INITIATIVE,       Kind.INITIATIVE_DECLINED),
    Rule(InitiativeWithdrawn,                     INITIATIVE,       Kind.INITIATIVE_WITHDRAWN),
    Rule(InitiativeAuthorityApproved,             INITIATIVE,       Kind.INITIATIVE_AUTHORITY_APPROVED),
    Rule(InitiativeOutputRecorded,                INITIATIVE,       Kind.INITIATIVE_OUTPUT_RECORDED),
    Rule(InitiativeDeliverableReported,           INITIATIVE,       Kind.DELIVERABLE_TO_ACCEPT),
    Rule(InitiativeDeliverableAccepted,           INITIATIVE,       Kind.DELIVERABLE_ACCEPTED),
    Rule(InitiativeDeliverableDisputed,           INITIATIVE,       Kind.DELIVERABLE_DISPUTED),
    Rule(InitiativeDeliverableOverdue,            INITIATIVE,       Kind.DELIVERABLE_OVERDUE),
    Rule(InitiativeDeliverableReschedulingAgreed, INITIATIVE,       Kind.DELIVERABLE_RESCHEDULING_TO_AGREE),
    Rule(InitiativeDeliverableRescheduled,        INITIATIVE,       Kind.DELIVERABLE_RESCHEDULED),
    Rule(InitiativeDeliverableWaiverAgreed,       INITIATIVE,       Kind.DELIVERABLE_WAIVER_TO_AGREE),
    Rule(InitiativeDeliverableWaived,             INITIATIVE,       Kind.DELIVERABLE_WAIVED),
    *EXCHANGES,
    *ACTIVITY_RULES,
]  # fmt: skip
"""If several rows name the same person, the first one counts, so that no one is notified twice."""


def recipients(event: Event) -> list[Recipients]:
    """Who gets which notification of `event`, in the order of the table; empty if no one is notified."""
    return [
        Recipients(
            kind=rule.kind, part=rule.audience.part, roles=list(rule.audience.roles),
            organisations=rule.audience.organisations(event), within=rule.audience.within,
        )
        for rule in RULES if rule.applies_to(event)
    ]  # fmt: skip
