"""The organisations of the directory: universities, institutes, governments, agencies, enterprises."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM
from shared.contracts.values import Identifier, OrganisationId, Text


class OrganisationKind(StrEnum):
    """The kind of an organisation. A closed list."""

    UNIVERSITY = "university"
    INSTITUTE = "institute"
    RESEARCH_INSTITUTE = "research-institute"
    NATIONAL_INSTITUTE = "national-institute"
    MUNICIPAL_GOVERNMENT = "municipal-government"
    GOVERNMENT_AGENCY = "government-agency"
    SCIENCE_AGENCY = "science-agency"
    ENTERPRISE = "enterprise"
    HEALTHCARE_ORGANISATION = "healthcare-organisation"


# Only the form is checked here: a code that ISO withdraws must not make old events unreadable.
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(examples=["GB"])]
"""An ISO 3166-1 alpha-2 country code, such as `GB` or `CN`."""


class OrganisationEvent(Event, topic="entente.partners.organisation"):
    """Something happened to an organisation. Every event carries the whole organisation as it is after the event."""

    organisation_id: OrganisationId = Field(examples=[BIRMINGHAM])
    kind: OrganisationKind
    name: Text = Field(examples=[{"en": "University of Birmingham", "zh": "伯明翰大学"}])
    country: CountryCode
    city: Text = Field(examples=[{"en": "Birmingham", "zh": "伯明翰"}])
    identifiers: list[Identifier]
    """Normalised, with check digits verified. No two organisations share one."""
    parent_id: OrganisationId | None = None
    """The organisation that this one is part of."""


class OrganisationRegistered(OrganisationEvent, fact="registered", version=1):
    """The organisation was added to the directory."""


class OrganisationAmended(OrganisationEvent, fact="amended", version=1):
    """The organisation's entry in the directory was changed."""
