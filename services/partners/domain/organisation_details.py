"""What the directory says of an organisation, as it is asked for."""

from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any

import pycountry
from pydantic import AfterValidator, Field
from pypinyin import lazy_pinyin

from services.partners.domain.kinds import Level, OrganisationKind, Sector
from shared.contracts.organisation import ContactOffice, Membership
from shared.contracts.values import Identifier, OrganisationId, Text
from shared.domain.command import Command
from shared.domain.identifiers import CheckedIdentifier

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
    level: Level | None = None
    sector: Sector | None = None
    name: Text
    country: Annotated[str, AfterValidator(_known_country)]
    """ISO 3166-1 alpha-2, such as `GB` or `CN`."""
    city: Text
    address: Text | None = None
    identifiers: CheckedIdentifiers
    """In public registers, all of them: `ror`, `isni`, `lei`, `uscc`, `schac` and `pic` are checked, others kept."""
    parent_id: OrganisationId | None
    """The organisation that this one is part of; null for none."""
    contact_offices: Annotated[list[ContactOffice], Field(max_length=20)] = Field(default_factory=list[ContactOffice])
    """Functional mailboxes, never a person's."""
    memberships: Annotated[list[Membership], Field(max_length=50)] = Field(default_factory=list[Membership])
    """What it is a member of without being part of it."""

    @property
    def hash(self) -> str:
        """SHA-256 over all of it, so that what is accepted is what was proposed."""
        return sha256(self.model_dump_json(include=set(Details.model_fields)).encode()).hexdigest()

    @property
    def said(self) -> dict[str, Any]:
        """All of it by name, its codes open."""
        plain = {name: getattr(self, name) for name in Details.model_fields}
        return {name: str(value) if isinstance(value, StrEnum) else value for name, value in plain.items()}


def sort_key(name: Text) -> str:
    """What a name is sorted by: its pinyin if it is Chinese, else in lower case; at most 200 characters."""
    words = [pinyin.strip() for pinyin in lazy_pinyin(name.zh)] if name.zh else [str(name)]
    return " ".join(words).casefold()[:200]
