"""What an installation of today knows of agreements and initiatives: their kinds, and how agreements renew."""

from enum import StrEnum


class AgreementKind(StrEnum):
    """The kind of an agreement."""

    MEMORANDUM_OF_UNDERSTANDING = "memorandum-of-understanding"
    TREATY_OF_FRIENDSHIP = "treaty-of-friendship"
    FRAMEWORK_AGREEMENT = "framework-agreement"
    IMPLEMENTATION_AGREEMENT = "implementation-agreement"
    EXCHANGE_ANNEX = "exchange-annex"


class Renewal(StrEnum):
    """What happens after the last day."""

    NONE = "none"
    BY_CONSENT = "by-consent"
    AUTOMATIC = "automatic"


class InitiativeKind(StrEnum):
    """The kind of an initiative."""

    JOINT_INSTITUTE = "joint-institute"
    JOINT_PROJECT = "joint-project"
    DATA_INFRASTRUCTURE = "data-infrastructure"
    CULTURAL_PROGRAMME = "cultural-programme"
    EDUCATION_PROGRAMME = "education-programme"


class InitiativeRole(StrEnum):
    """What an organisation other than a lead does in an initiative."""

    PARTNER = "partner"
    HOST = "host"
    FUNDER = "funder"


class OutputKind(StrEnum):
    """The kind of an output."""

    PUBLICATION = "publication"
    DATASET = "dataset"
    SOFTWARE = "software"
    PATENT = "patent"
    STANDARD = "standard"
    COURSE = "course"
    EVENT = "event"
    REPORT = "report"
