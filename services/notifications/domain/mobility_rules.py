"""Who is notified of programmes, calls and mobilities."""

from services.notifications.domain.audience import Audience, Part
from services.notifications.domain.kind import Kind
from services.notifications.domain.rule import Rule, Where
from shared.contracts.call import CallClosed, CallOpened
from shared.contracts.learning_agreement import (
    LearningAgreementApproved,
    LearningAgreementCommentedOn,
    LearningAgreementProposed,
    LearningAgreementStudentSigned,
    LearningAgreementWithdrawn,
)
from shared.contracts.mobility import (
    MobilityApproved,
    MobilityArrived,
    MobilityCancellationRequested,
    MobilityCancelled,
    MobilityCorrected,
    MobilityDeparted,
    MobilityInterrupted,
    MobilityLive,
    MobilityMovedBack,
    MobilityMovedUp,
    MobilityNominated,
    MobilityNoShow,
    MobilityRecognised,
    MobilityRejected,
    MobilityTranscriptSent,
)
from shared.contracts.programme import (
    ProgrammeAgreementGiven,
    ProgrammeChanged,
    ProgrammeClosed,
    ProgrammeClosingAgreed,
    ProgrammeOpened,
    ProgrammeProposed,
    ProgrammeWithdrawn,
)
from shared.domain.actor import Role

COORDINATOR = Role.MOBILITY_COORDINATOR
# Only an institution itself agrees to a programme, and to its closing.
AGREEING = Audience((COORDINATOR,), ("sending", "receiving"), Part.INSTITUTION, within=False)
PROGRAMME = Audience((COORDINATOR, Role.PARTNERSHIP_OFFICER), ("sending", "receiving"), Part.INSTITUTION)
BOTH = Audience((COORDINATOR,), ("sending", "receiving"), Part.MOBILITY_SIDE)
SENDING = Audience((COORDINATOR,), ("sending",), Part.MOBILITY_SIDE)
# Only the receiving institution itself decides on nominations.
DECIDING = Audience((COORDINATOR,), ("receiving",), Part.MOBILITY_SIDE, within=False)
# Only the sending institution itself signs.
SIGNING = Audience((COORDINATOR,), ("sending",), Part.MOBILITY_SIDE, within=False)
RECEIVING = Audience((COORDINATOR,), ("receiving",), Part.MOBILITY_SIDE)
PENDING, WAITING = Where("status", ("pending",)), Where("status", ("waiting",))

EXCHANGES = [
    # event                            who is notified   of what                                only where
    Rule(ProgrammeProposed,             AGREEING,        Kind.PROGRAMME_TO_AGREE),
    Rule(ProgrammeAgreementGiven,       AGREEING,        Kind.PROGRAMME_TO_AGREE),
    Rule(ProgrammeOpened,               PROGRAMME,       Kind.PROGRAMME_OPENED),
    Rule(ProgrammeChanged,              PROGRAMME,       Kind.PROGRAMME_CHANGED),
    Rule(ProgrammeWithdrawn,            PROGRAMME,       Kind.PROGRAMME_WITHDRAWN),
    Rule(ProgrammeClosingAgreed,        AGREEING,        Kind.PROGRAMME_CLOSING_TO_AGREE),
    Rule(ProgrammeClosed,               PROGRAMME,       Kind.PROGRAMME_CLOSED),
    Rule(CallOpened,                    BOTH,            Kind.CALL_OPENED),
    Rule(CallClosed,                    BOTH,            Kind.CALL_CLOSED),
    Rule(MobilityNominated,             DECIDING,        Kind.NOMINATION_TO_DECIDE,             PENDING),
    Rule(MobilityNominated,             SENDING,         Kind.NOMINATION_WAITING,               WAITING),
    Rule(MobilityCorrected,             DECIDING,        Kind.NOMINATION_TO_DECIDE,             PENDING),
    Rule(MobilityCorrected,             SENDING,         Kind.NOMINATION_WAITING,               WAITING),
    Rule(MobilityMovedUp,               DECIDING,        Kind.NOMINATION_TO_DECIDE),
    Rule(MobilityMovedUp,               SENDING,         Kind.NOMINATION_MOVED_UP),
    Rule(MobilityMovedBack,             BOTH,            Kind.NOMINATION_MOVED_BACK),
    Rule(MobilityApproved,              BOTH,            Kind.MOBILITY_APPROVED),
    Rule(MobilityRejected,              SENDING,         Kind.NOMINATION_TO_CORRECT),
    Rule(MobilityLive,                  BOTH,            Kind.MOBILITY_LIVE),
    Rule(MobilityArrived,               BOTH,            Kind.MOBILITY_ARRIVED),
    Rule(MobilityDeparted,              BOTH,            Kind.MOBILITY_DEPARTED),
    Rule(MobilityNoShow,                SENDING,         Kind.MOBILITY_NO_SHOW),
    Rule(MobilityInterrupted,           BOTH,            Kind.MOBILITY_INTERRUPTED),
    Rule(MobilityTranscriptSent,        SENDING,         Kind.MOBILITY_TO_RECOGNISE),
    Rule(MobilityRecognised,            BOTH,            Kind.MOBILITY_RECOGNISED),
    Rule(MobilityCancellationRequested, SENDING,         Kind.MOBILITY_TO_CANCEL),
    Rule(MobilityCancelled,             BOTH,            Kind.MOBILITY_CANCELLED),
    Rule(LearningAgreementStudentSigned, SIGNING,        Kind.LEARNING_AGREEMENT_TO_SIGN),
    Rule(LearningAgreementProposed,     DECIDING,        Kind.LEARNING_AGREEMENT_TO_APPROVE),
    Rule(LearningAgreementCommentedOn,  SENDING,         Kind.LEARNING_AGREEMENT_TO_REVISE),
    Rule(LearningAgreementApproved,     BOTH,            Kind.LEARNING_AGREEMENT_IN_FORCE),
    Rule(LearningAgreementWithdrawn,    RECEIVING,       Kind.LEARNING_AGREEMENT_WITHDRAWN),
]  # fmt: skip
