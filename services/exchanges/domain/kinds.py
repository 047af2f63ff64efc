"""The kinds of programmes that an installation of today knows."""

from enum import StrEnum


class ProgrammeKind(StrEnum):
    """The kind of a programme."""

    STUDENT_EXCHANGE = "student-exchange"
    TRAINING_COHORT = "training-cohort"
    CULTURAL_EVENT = "cultural-event"
    DELEGATION = "delegation"
