"""An organisation of the directory."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, Self
from uuid import UUID

import pycountry
from pydantic import AfterValidator, Field, computed_field

from services.partners.domain.authority import require_officer
from services.partners.domain.identifiers import CheckedIdentifier
from shared.contracts.organisation import OrganisationAmended, OrganisationKind, OrganisationRegistered
from shared.contracts.values import Identifier, OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command
from shared.domain.refused import Refused


class WithinItself(Refused):
    """The organisation {organisation} cannot be part of itself or of one of its own parts.

    Name another parent, or none.
    """


COUNTRIES_MEANT = {"UK": "GB", "EL": "GR"}
"""Codes in common use that are not those of ISO 3166."""


def _known_country(code: str) -> str:
    if meant := COUNTRIES_MEANT.get(code.upper()):
        raise ValueError(f"{code!r} is not an ISO 3166 country code; write it as {meant!r}")
    if len(code) != 2 or pycountry.countries.get(alpha_2=code) is None or not code.isupper():
        raise ValueError("not an ISO 3166 country code of two letters; write it like `GB` or `CN`")
    return code


def _distinct(identifiers: list[Identifier]) -> list[Identifier]:
    return list(dict.fromkeys(identifiers))


CheckedIdentifiers = Annotated[list[CheckedIdentifier], Field(max_length=20), AfterValidator(_distinct)]
"""Identifiers in their normal form, each once."""


class Details(Command):
    """What the directory says of an organisation."""

    kind: OrganisationKind
    name: Text
    country: Annotated[str, AfterValidator(_known_country)]
    """ISO 3166-1 alpha-2, such as `GB` or `CN`."""
    city: Text
    identifiers: CheckedIdentifiers
    """In public registers, all of them: `ror`, `isni`, `lei` and `uscc` are checked, others kept as given."""
    parent_id: OrganisationId | None
    """The organisation that this one is part of; null for none."""


@dataclass(kw_only=True)
class Organisation(Aggregate):
    """An organisation: its kind, place and identifiers, and what it is part of."""

    keeps_versions = True

    kind: OrganisationKind
    name: Text
    country: str
    city: Text
    identifiers: list[Identifier]
    parent_id: OrganisationId | None

    @classmethod
    def register(cls, id: UUID, details: Details) -> Self:
        """A new organisation in the directory; the caller checks that its parent exists."""
        organisation = cls(id=id, **_said(details))
        organisation.record(OrganisationRegistered)
        return organisation

    @computed_field
    @property
    def identifier_keys(self) -> list[str]:
        """The identifiers as `scheme:value`, for lists to filter by."""
        return [f"{i.scheme}:{i.value}" for i in self.identifiers]

    def amend(self, details: Details, actor: Actor, lineage: Collection[UUID], above: Collection[UUID]) -> None:
        """Changes what the directory says.

        `lineage` is this organisation and those it is part of, `above` the new parent and those that is part of.
        Raises NotAllowed or NotASide for all but operators and officers of the lineage, WithinItself for a cycle.
        """
        require_officer(actor, lineage)
        if self.id in above:
            raise WithinItself(organisation=self.id)
        if details.parent_id is not None and details.parent_id != self.parent_id:
            # A part of a side sees the side's agreements, so an officer of the new parent must agree.
            require_officer(actor, above)
        for name, value in _said(details).items():
            setattr(self, name, value)
        self.record(OrganisationAmended)


def alike(found: Organisation | Details, asked: Details) -> bool:
    """Whether `asked` describes `found`, identifiers apart: its kind, its place, and what it is part of.

    Names and cities are compared in English, or in Chinese where `asked` has no English.
    """
    same = (found.kind, found.country, found.parent_id) == (asked.kind, asked.country, asked.parent_id)
    return same and _same(found.name, asked.name) and _same(found.city, asked.city)


def _same(found: Text, asked: Text) -> bool:
    return found.en == asked.en if asked.en else found.zh == asked.zh


def _said(details: Details) -> dict[str, Any]:
    return {name: getattr(details, name) for name in Details.model_fields}
