"""What an installation of today knows: kinds of agreements, initiatives and organisations. Events carry open codes."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is."""

    UNIVERSITY = "university"
    FACULTY = "faculty"
    SCHOOL = "school"
    DEPARTMENT = "department"
    INSTITUTE = "institute"
    HOSPITAL = "hospital"
    RESEARCH_INSTITUTE = "research-institute"
    GOVERNMENT = "government"
    AGENCY = "agency"
    ENTERPRISE = "enterprise"
    MUSEUM = "museum"
    ASSOCIATION = "association"


class Level(StrEnum):
    """How far an organisation reaches."""

    INTERNATIONAL = "international"
    NATIONAL = "national"
    REGIONAL = "regional"
    MUNICIPAL = "municipal"
    DISTRICT = "district"


class Sector(StrEnum):
    """What an organisation is concerned with."""

    EDUCATION = "education"
    SCIENCE = "science"
    INDUSTRY = "industry"
    CULTURE = "culture"
    HEALTH = "health"
    FOREIGN_AFFAIRS = "foreign-affairs"


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
