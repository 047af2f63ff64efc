"""What a paper says of its signing, for an agreement that was signed before it was entered here."""

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.values import Day, OrganisationId, Text


class PaperSignature(BaseModel):
    """Which office signed for an organisation; never a person's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation_id: OrganisationId
    office: Text = Field(examples=[{"en": "Vice-Chancellor", "zh": "校长"}])


class Paper(BaseModel):
    """When and where a paper was signed, and by which offices."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    signed_on: Day
    """The day of its last signature."""
    signed_in: Text | None = None
    """The place, such as Nanjing."""
    offices: list[PaperSignature] = Field(default_factory=list[PaperSignature], max_length=50)
    """Who signed for each side, by office."""
