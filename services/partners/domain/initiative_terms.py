"""What an initiative is, as it is proposed, and what is recorded of it."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError

from services.partners.domain.kinds import InitiativeKind, InitiativeRole, OutputKind
from shared.contracts.initiative import Output, Participation
from shared.contracts.values import AreaCode, Day, Document, FieldOfStudy, OrganisationId, Text, Words, Zone
from shared.domain.command import Command
from shared.domain.refused import Invalid


def _distinct(fields: list[str]) -> list[str]:
    return sorted(set(fields))


class WantedParticipation(Command):
    """What an organisation other than a lead is to do; a lead that also hosts or funds is named here too."""

    organisation_id: OrganisationId
    role: InitiativeRole


class WantedDeliverable(Command):
    """What an organisation of the initiative promises; deliverables are numbered in the order given."""

    title: Text
    owner: OrganisationId
    """One of the leads or participants."""
    due_on: Day
    """The last day on which it is in time; one that is past is overdue as soon as the initiative is active."""
    time_zone: Zone
    """The owner's zone, in which that day ends."""


class InitiativeProposal(Command):
    """An initiative with its organisations, its objectives and what each promises."""

    kind: InitiativeKind
    title: Text
    agreement_id: UUID
    """An agreement in force that covers the area and names the organisations."""
    area: AreaCode
    fields_of_study: Annotated[list[FieldOfStudy], Field(min_length=1, max_length=20), AfterValidator(_distinct)]
    """Detailed fields of ISCED-F 2013, four digits each."""
    leads: Annotated[list[OrganisationId], Field(min_length=1, max_length=10)]
    """The organisations that lead it; each appraises and approves it."""
    participants: Annotated[list[WantedParticipation], Field(max_length=50)] = Field(
        default_factory=list[WantedParticipation]
    )
    objectives: Document
    deliverables: Annotated[list[WantedDeliverable], Field(min_length=1, max_length=50)]

    def check(self) -> None:
        """Raises Invalid unless its parts fit together."""
        organisations = {*self.leads, *(p.organisation_id for p in self.participants)}
        if len(set(self.leads)) < len(self.leads) or len(set(self.participants)) < len(self.participants):
            raise Invalid(reason="each lead is named once, and each participant once for each role")
        if any(p.role is InitiativeRole.PARTNER and p.organisation_id in self.leads for p in self.participants):
            raise Invalid(reason="a lead may also be a host or funder, but not a partner")
        if len(organisations) < 2:
            raise Invalid(reason="an initiative has two or more organisations")
        if any(d.owner not in organisations for d in self.deliverables):
            raise Invalid(reason="the `owner` of a deliverable is a lead or a participant")

    @property
    def participations(self) -> list[Participation]:
        """The participants as the initiative keeps them."""
        return [Participation(organisation_id=p.organisation_id, role=str(p.role)) for p in self.participants]


class AuthorityApproval(BaseModel, frozen=True):
    """The decision of an authority that an initiative needed."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    authority: Text
    reference: Words
    """How the authority calls its decision."""
    approved_on: Day


class Scheme(StrEnum):
    """How an output is named."""

    DOI = "doi"
    PATENT = "patent"
    ADDRESS = "address"


def _doi(value: str) -> str:
    bare = value.lower().removeprefix("https://doi.org/").removeprefix("doi:")
    if not re.fullmatch(r"10\.[0-9]{4,9}/\S+", bare):
        raise Invalid(reason="a DOI is 10., four or more digits, / and a suffix, such as 10.1000/182")
    return bare


def _patent(value: str) -> str:
    bare = re.sub(r"[\s/.,-]", "", value).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{4,18}", bare):
        raise Invalid(reason="a patent number begins with its office's two letters, such as CN114000000A")
    return bare


def _address(value: str) -> str:
    try:
        return str(TypeAdapter(HttpUrl).validate_python(value))
    except ValidationError:
        raise Invalid(reason="an address is one of the web, such as https://example.org/data") from None


CHECKS: dict[Scheme, Callable[[str], str]] = {Scheme.DOI: _doi, Scheme.PATENT: _patent, Scheme.ADDRESS: _address}


class WantedOutput(Command):
    """A result, and where it is found."""

    kind: OutputKind
    scheme: Scheme
    """How `value` names it."""
    value: Words
    """A DOI, a patent number with its office's two letters, or an address."""
    on: Day
    """The day on which it was published, granted or opened."""

    @property
    def output(self) -> Output:
        """The output, its name in normal form; raises Invalid if that is no such name."""
        return Output(kind=str(self.kind), scheme=str(self.scheme), value=CHECKS[self.scheme](self.value), on=self.on)
