"""What an agreement says, as it is proposed and revised."""

import hashlib
import json
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from services.partners.domain.kinds import AgreementKind
from shared.contracts.agreement import Revision
from shared.contracts.values import AreaCode, Code, Day, Document, OrganisationId, Text, Zone
from shared.domain.command import Command


def _distinct(areas: list[Code]) -> list[Code]:
    return sorted(set(areas))


class Terms(Command):
    """What a revision of an agreement fixes."""

    title: Text
    text: Document
    areas: Annotated[list[AreaCode], Field(min_length=1, max_length=50), AfterValidator(_distinct)]
    """The areas of cooperation, at least one, in alphabetical order."""
    time_zone: Zone
    """The IANA zone in which the first day begins and the last one ends."""
    starts_on: Day
    ends_on: Day | None = None
    """The last day, after `starts_on`; none for an agreement without end."""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ValueError("`ends_on` is the last day: give one after `starts_on`")
        return self


class Proposal(Terms):
    """A new agreement: its terms and its sides."""

    kind: AgreementKind
    signatories: Annotated[list[OrganisationId], Field(min_length=2, max_length=50)]
    """The organisations that will sign: at least two."""
    participants: list[OrganisationId] = Field(default_factory=list[OrganisationId], max_length=500)
    """Further organisations that may act under the agreement."""

    @model_validator(mode="after")
    def _each_side_once(self) -> Self:
        sides = [*self.signatories, *self.participants]
        if len(set(sides)) < len(sides):
            raise ValueError("name each organisation once, among `signatories` or `participants`")
        return self


def revision_of(text: Document, number: int) -> Revision:
    """Revision `number` with the SHA-256 of `text`; see `Revision.sha256` for the bytes that are hashed."""
    canonical = json.dumps({"en": text.en, "zh": text.zh}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return Revision(number=number, sha256=hashlib.sha256(canonical.encode()).hexdigest())
