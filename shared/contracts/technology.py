"""Values that describe a technology, for offers, needs, matches and deals."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.values import Day, Text


class TechnologyField(StrEnum):
    """The field of a technology. A closed list."""

    ADVANCED_MANUFACTURING = "advanced-manufacturing"
    AGRICULTURE_AND_FOOD = "agriculture-and-food"
    BUILT_ENVIRONMENT = "built-environment"
    CHEMICAL_ENGINEERING = "chemical-engineering"
    DIGITAL = "digital"
    ELECTRICAL_ENGINEERING = "electrical-engineering"
    ENVIRONMENT = "environment"
    LIFE_SCIENCES = "life-sciences"
    MATERIALS = "materials"
    MEDICAL_TECHNOLOGY = "medical-technology"
    NEW_ENERGY = "new-energy"
    TRANSPORT = "transport"


class CooperationForm(StrEnum):
    """How two organisations bring a technology into use together. A closed list."""

    ASSIGNMENT = "assignment"
    CONTRACT_RESEARCH = "contract-research"
    JOINT_DEVELOPMENT = "joint-development"
    JOINT_VENTURE = "joint-venture"
    LICENCE = "licence"
    SPIN_OUT = "spin-out"
    TECHNICAL_ASSISTANCE = "technical-assistance"


class IntellectualProperty(StrEnum):
    """How a technology is protected. A closed list."""

    COPYRIGHT = "copyright"
    PATENT_APPLIED_FOR = "patent-applied-for"
    PATENT_GRANTED = "patent-granted"
    REGISTERED_DESIGN = "registered-design"
    SECRET_KNOW_HOW = "secret-know-how"  # noqa: S105  a kind of protection, no password
    UNPROTECTED = "unprotected"


Readiness = Annotated[int, Field(ge=1, le=9, examples=[4])]
"""A technology readiness level (TRL), 1 to 9: ISO 16290:2013, in the European Union's wording (Horizon 2020 work
programme, general annex G). 1 basic principles observed, 2 concept formulated, 3 proof of concept, 4 validated in a
laboratory, 5 validated and 6 demonstrated in a relevant environment, 7 a prototype demonstrated in an operational
environment, 8 complete and qualified, 9 proven in operation."""

CooperationForms = Annotated[list[CooperationForm], Field(min_length=1, max_length=len(CooperationForm))]
"""At least one form of cooperation, without duplicates."""


class Criterion(StrEnum):
    """A criterion by which an offer and a need are compared."""

    FIELD = "field"
    READINESS = "readiness"
    COOPERATION = "cooperation"
    AGREEMENT = "agreement"


class Reason(BaseModel, frozen=True):
    """One reason why an offer fits a need, and how much it adds to the score."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    criterion: Criterion
    points: Annotated[int, Field(ge=1, le=100, examples=[40])]
    """The points of all reasons add up to the score."""


class PlannedMilestone(BaseModel, frozen=True):
    """A milestone of a deal: what to achieve, and by when."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    number: Annotated[int, Field(ge=1, le=50, examples=[2])]
    """1, 2, 3 … within the deal."""
    title: Text = Field(examples=[{"en": "Ten buses in service", "zh": "十辆公交车投入运行"}])
    due_on: Day = Field(examples=["2027-06-30"])
    """The last day on which it is on time, in the deal's time zone."""
    trl: Readiness | None = None
    """The technology readiness level that achieving it proves; null if it is about something else."""
