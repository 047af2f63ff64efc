"""What an agreement says: its terms and parties, which a revision fixes as a whole."""

import hashlib
import json
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, model_validator

from services.partners.domain.delivery import Delivered
from services.partners.domain.kinds import AgreementKind, Renewal
from shared.contracts.agreement import DocumentReference, Revision, Target
from shared.contracts.values import AreaCode, Code, Day, Document, OrganisationId, Sha256, Text, Zone
from shared.domain.command import Command
from shared.domain.condition import ConditionWanted


def _distinct(areas: list[Code]) -> list[Code]:
    return sorted(set(areas))


class TargetWanted(BaseModel):
    """What the sides promise to deliver in one of the agreement's areas by a day."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    area: AreaCode
    fact: Delivered
    """What is counted, such as mobilities that became live."""
    number: Annotated[int, Field(ge=1, le=1_000_000)]
    due_on: Day
    """The last day on which it is in time, in the agreement's time zone."""


class FileReference(BaseModel):
    """A file that belongs to the agreement and is kept elsewhere, such as the signed scan."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    title: Text
    sha256: Sha256
    """SHA-256 of the file's bytes, in hexadecimal."""
    url: HttpUrl


class Terms(Command):
    """All that a revision fixes: the parties and what they agree."""

    kind: AgreementKind
    title: Text
    text: Document
    areas: Annotated[list[AreaCode], Field(min_length=1, max_length=50), AfterValidator(_distinct)]
    """The areas of cooperation, at least one, in alphabetical order."""
    signatories: Annotated[list[OrganisationId], Field(min_length=2, max_length=50)]
    """The organisations that will sign: at least two."""
    participants: list[OrganisationId] = Field(default_factory=list[OrganisationId], max_length=500)
    """Further organisations that may act under the agreement."""
    parent_agreement_id: UUID | None = None
    """For an annex: the agreement that it belongs to."""
    time_zone: Zone
    """The IANA zone in which its days begin and end."""
    starts_on: Day | None = None
    """The first day in force; none for the day of the last signature."""
    ends_on: Day | None = None
    """The last day, after `starts_on`; none for an agreement without end."""
    notice_days: Annotated[int, Field(ge=1, le=1830)] | None = None
    """How many days after its notice a side leaves; none if no side may give notice."""
    renewal: Renewal = Renewal.NONE
    renewal_months: Annotated[int, Field(ge=1, le=120)] | None = None
    """For an automatic renewal: by how many months the last day moves."""
    targets: list[TargetWanted] = Field(default_factory=list[TargetWanted], max_length=100)
    """What the sides promise to deliver."""
    conditions: list[ConditionWanted] = Field(default_factory=list[ConditionWanted], max_length=100)
    """Cooperation conditions of an annex of two institutions: who goes where, in which academic years."""
    documents: list[FileReference] = Field(default_factory=list[FileReference], max_length=50)
    """Files kept elsewhere."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.ends_on is not None and self.starts_on is not None and self.ends_on <= self.starts_on:
            raise ValueError("`ends_on` is the last day: give one after `starts_on`")
        if len({*self.signatories, *self.participants}) < len(self.signatories) + len(self.participants):
            raise ValueError("name each organisation once, among `signatories` or `participants`")
        automatic = self.renewal is Renewal.AUTOMATIC
        if automatic is (self.renewal_months is None):
            raise ValueError("give `renewal_months` with an automatic renewal, and only then")
        if automatic and self.ends_on is None:
            raise ValueError("an agreement that renews itself has a last day: give `ends_on`")
        if outside := {target.area for target in self.targets} - set(self.areas):
            raise ValueError(f"a target names an area that the agreement does not cover: {', '.join(sorted(outside))}")
        self._check_conditions()
        return self

    def _check_conditions(self) -> None:
        if self.conditions and len(self.signatories) != 2:
            raise ValueError("cooperation conditions stand in an annex with two `signatories`, its two institutions")
        if len({each.code for each in self.conditions}) < len(self.conditions):
            raise ValueError("give each cooperation condition a `code` of its own")
        if outside := {each.area for each in self.conditions} - set(self.areas):
            named = ", ".join(sorted(outside))
            raise ValueError(f"a cooperation condition names an area that the agreement does not cover: {named}")

    @property
    def said(self) -> dict[str, Any]:
        """The terms by name, as an agreement keeps them."""
        plain = {name: getattr(self, name) for name in Terms.model_fields}
        return plain | {
            "targets": [Target(**target.model_dump()) for target in self.targets],
            "conditions": [each.condition for each in self.conditions],
            "documents": [
                DocumentReference(title=each.title, sha256=each.sha256, url=str(each.url)) for each in self.documents
            ],
        }


def revision_of(terms: Terms, number: int) -> Revision:
    """Revision `number` with the SHA-256 of all terms; see `Revision.sha256` for the bytes that are hashed."""
    return Revision(number=number, sha256=hashlib.sha256(canonical(terms).encode()).hexdigest())


def canonical(terms: Terms) -> str:
    """The terms as RFC 8785 writes them: without fractions and with ASCII keys, sorting the keys is enough."""
    plain = {name: value for name, value in terms.model_dump(mode="json").items() if name in Terms.model_fields}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def changed(before: Terms, after: Terms) -> list[str]:
    """The terms that differ, by name as codes."""
    one, other = before.model_dump(), after.model_dump()
    return [name.replace("_", "-") for name in Terms.model_fields if one[name] != other[name]]
