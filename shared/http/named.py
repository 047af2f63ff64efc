"""Organisations that a file names by an identifier, such as `ror:03angcq70`: an office's sheet has no ids."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.values import Identifier, OrganisationId
from shared.domain.identifiers import checked

Known = Mapping[Identifier, Sequence[OrganisationId]]
"""The organisations that have each identifier, in its normal form."""

WRITTEN = re.compile(r"([a-z][a-z0-9-]{1,29})\s*[:：]\s*(.+)", re.IGNORECASE)


def is_organisation(schema: Mapping[str, Any]) -> bool:
    """Whether a column of this schema holds the id of an organisation."""
    return schema.get("x-reference") == "organisations"


def identifier_in(cell: str) -> Identifier | None:
    """The identifier that a cell holds, in its normal form; None if it holds none.

    Raises ValueError with the reason for a wrong check digit.
    """
    if not (found := WRITTEN.fullmatch(cell)):
        return None
    try:
        identifier = Identifier(scheme=found[1].lower(), value=found[2])
    except ValidationError:
        return None
    return checked(identifier)


def organisation_in(cell: str, known: Known) -> str:
    """The id of the organisation that a cell names; raises ValueError with the reason."""
    if _is_id(cell):
        return cell
    if (identifier := identifier_in(cell)) is None:
        raise ValueError("is neither the id of an organisation nor an identifier of one, such as `ror:03angcq70`")
    match known.get(identifier, ()):
        case [one]:
            return str(one)
        case []:
            raise ValueError("is an identifier that no organisation has; correct it, or enter the organisation first")
        case _:
            raise ValueError("is an identifier of several organisations; give the id of the one that is meant")


def _is_id(cell: str) -> bool:
    try:
        UUID(cell)
    except ValueError:
        return False
    return True
