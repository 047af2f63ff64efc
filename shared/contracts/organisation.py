"""The organisations of the directory: universities, institutes, governments, agencies, enterprises."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.examples import BIRMINGHAM
from shared.contracts.family import AggregateEvent
from shared.contracts.values import Code, Day, Identifier, OrganisationId, Text

# Only the form is checked here: a code that ISO withdraws must not make old events unreadable.
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(examples=["GB"])]
"""An ISO 3166-1 alpha-2 country code, such as `GB` or `CN`."""


class ContactOffice(BaseModel):
    """An office that outsiders write to: a functional mailbox, never a person's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: Text = Field(examples=[{"en": "International Office", "zh": "国际处"}])
    email: Annotated[
        str, StringConstraints(max_length=254, pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
    ] = Field(examples=["international@example.org"])
    phone: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9 ]{5,28}[0-9]$")] | None = Field(
        default=None, examples=["+44 121 414 3344"]
    )


class Membership(BaseModel):
    """That an organisation is a member of another one, without being part of it."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    organisation_id: OrganisationId
    """What it is a member of."""
    since: Day | None = None
    until: Day | None = None
    """The first day on which it is no member any more."""


class OrganisationEvent(AggregateEvent, topic="entente.partners.organisation"):
    """Something happened to an organisation: every event carries its whole entry.

    Its status is `active`, `merged` or `closed`.
    """

    organisation_id: OrganisationId = Field(examples=[BIRMINGHAM])
    kind: Code = Field(examples=["university"])
    level: Code | None = Field(default=None, examples=["national"])
    """How far it reaches, such as `national`, `regional` or `municipal`."""
    sector: Code | None = Field(default=None, examples=["science"])
    """What it is concerned with, such as `culture` or `health`."""
    name: Text = Field(examples=[{"en": "University of Birmingham", "zh": "伯明翰大学"}])
    sort_key: str = Field(examples=["bo ming han da xue"])
    """Chinese names by their pinyin, others in lower case."""
    country: CountryCode
    city: Text = Field(examples=[{"en": "Birmingham", "zh": "伯明翰"}])
    address: Text | None = Field(
        default=None, examples=[{"en": "Edgbaston, Birmingham B15 2TT", "zh": "伯明翰埃奇巴斯顿"}]
    )
    identifiers: list[Identifier]
    """Normalised, with check digits verified. No two organisations share one."""
    parent_id: OrganisationId | None = None
    """The organisation that this one is part of."""
    contact_offices: list[ContactOffice] = Field(default_factory=list[ContactOffice])
    memberships: list[Membership] = Field(default_factory=list[Membership])
    successor_id: OrganisationId | None = None
    """What a merged organisation became part of, or was replaced by."""


class OrganisationRegistered(OrganisationEvent, fact="registered", version=1):
    """The organisation was added to the directory."""


class OrganisationAmended(OrganisationEvent, fact="amended", version=1):
    """The organisation's entry in the directory was changed."""


class OrganisationMerged(OrganisationEvent, fact="merged", version=1):
    """The organisation became part of its successor, or was reorganised into it: the successor stands for it now."""


class OrganisationClosed(OrganisationEvent, fact="closed", version=1):
    """The organisation ceased to be, without a successor."""
