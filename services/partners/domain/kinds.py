"""What kinds of organisation may be entered in the directory. Events carry them as open codes."""

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
