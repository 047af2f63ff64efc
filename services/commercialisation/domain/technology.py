"""The codes that an installation of today knows: technologies, forms of cooperation, criteria of a match."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

COMMERCIALISATION = "commercialisation"
"""The area of cooperation that offers and needs belong to."""


class TechnologyField(StrEnum):
    """The field of a technology."""

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
    """How two organisations bring a technology into use together."""

    ASSIGNMENT = "assignment"
    CONTRACT_RESEARCH = "contract-research"
    JOINT_DEVELOPMENT = "joint-development"
    JOINT_VENTURE = "joint-venture"
    LICENCE = "licence"
    SPIN_OUT = "spin-out"
    TECHNICAL_ASSISTANCE = "technical-assistance"


class IntellectualProperty(StrEnum):
    """How a technology is protected."""

    COPYRIGHT = "copyright"
    PATENT_APPLIED_FOR = "patent-applied-for"
    PATENT_GRANTED = "patent-granted"
    REGISTERED_DESIGN = "registered-design"
    SECRET_KNOW_HOW = "secret-know-how"  # noqa: S105  a kind of protection, no password
    UNPROTECTED = "unprotected"


CooperationForms = Annotated[list[CooperationForm], Field(min_length=1, max_length=len(CooperationForm))]
"""At least one form of cooperation, without duplicates."""


class Criterion(StrEnum):
    """A criterion by which an offer and a need are compared."""

    FIELD = "field"
    READINESS = "readiness"
    COOPERATION = "cooperation"
    AGREEMENT = "agreement"
