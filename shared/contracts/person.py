"""The people of the directory: the only topic with personal data. It is compacted; a tombstone erases a person."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.event import State, Tombstone
from shared.contracts.examples import BIRMINGHAM
from shared.contracts.values import Instant, OrganisationId, PersonId, Text


class Account(BaseModel):
    """A person's account at an identity provider. No two people share one."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    issuer: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[!-~]+$")] = Field(
        examples=["https://login.example.org"]
    )
    """The provider's issuer identifier, the `iss` of its tokens."""
    subject: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[!-~]+$")] = Field(
        examples=["a1b2c3"]
    )
    """The provider's identifier of the person, the `sub` of its tokens."""

    @property
    def key(self) -> str:
        """Issuer and subject in one string, `issuer|subject`."""
        return f"{self.issuer}|{self.subject}"


# Open on purpose: a reader that does not know a new role must still read the state.
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
"""A role's name, such as `partnership-officer`; readers ignore those they do not know."""


def _distinct(roles: list[str]) -> list[str]:
    return sorted(set(roles))


class Office(BaseModel):
    """What a person is, and may do, in one organisation."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    office_id: UUID
    organisation_id: OrganisationId = Field(examples=[BIRMINGHAM])
    title: Text = Field(examples=[{"en": "Director of the International Office", "zh": "国际处处长"}])
    roles: Annotated[list[RoleName], AfterValidator(_distinct)] = Field(examples=[["partnership-officer", "signatory"]])
    """In alphabetical order, without duplicates."""
    since: Instant
    until: Instant | None = None
    """Before `since`, and from this moment on, it counts for nothing."""


class PersonEvent(State, topic="entente.partners.person"):
    """What the directory holds about a person. The newest state wins."""


class PersonState(PersonEvent, fact="state", version=1):
    """The whole person, with accounts and offices."""

    person_id: PersonId
    name: Text = Field(examples=[{"en": "Alex Example", "zh": "示例"}])
    accounts: list[Account]
    offices: list[Office]
    """Also those that have yet to begin, or are over; there may be several in one organisation."""
    offered: list[Office] = Field(default_factory=list["Office"])
    """What other organisations offer: it counts for nothing until the person accepts it."""


PersonErased = Tombstone.of(PersonEvent)
"""The erasure of a person: only the key remains."""
