"""Identifiers of organisations: brought to one form, their check digits verified."""

import re
from collections.abc import Callable
from typing import Annotated, cast

from pydantic import AfterValidator
from stdnum import isni, lei  # pyright: ignore[reportMissingTypeStubs]
from stdnum.cn import uscc  # pyright: ignore[reportMissingTypeStubs]
from stdnum.exceptions import ValidationError  # pyright: ignore[reportMissingTypeStubs]

from shared.contracts.values import Identifier

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


def ror(value: str) -> str:
    """A ROR id as `03angcq70`, also from its address; raises ValueError if its check digits are wrong."""
    bare = value.strip().lower().removeprefix("https://").removeprefix("ror.org/")
    if not re.fullmatch(rf"0[{_CROCKFORD}]{{6}}[0-9]{{2}}", bare):
        raise ValueError("a ROR id is 0, six letters or digits and two digits, such as 03angcq70")
    number = sum(_CROCKFORD.index(c) * 32**place for place, c in enumerate(reversed(bare[:7])))
    if (number * 100 + int(bare[7:])) % 97 != 1:  # ISO 7064 MOD 97-10
        raise ValueError("the last two digits of this ROR id do not fit the rest; check it at ror.org")
    return bare


def schac(value: str) -> str:
    """A home organisation's domain as SCHAC has it, in lower case, such as `bham.ac.uk`; raises ValueError."""
    domain = value.strip().lower()
    if len(domain) > 253 or not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*\.[a-z]{{2,63}}", domain):
        raise ValueError("a SCHAC home organisation is a domain, such as bham.ac.uk")
    return domain


def pic(value: str) -> str:
    """A participant identification code of the European Commission, nine digits; raises ValueError."""
    if not re.fullmatch(r"[0-9]{9}", value):
        raise ValueError("a PIC is nine digits, such as 999978433")
    return value


def _by(validate: object, name: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            return cast("Callable[[str], str]", validate)(value)
        except ValidationError as error:
            raise ValueError(f"not a valid {name}: {error}") from error

    return check


_CHECKS: dict[str, Callable[[str], str]] = {
    "ror": ror,
    "schac": schac,
    "pic": pic,
    "isni": _by(isni.validate, "ISNI"),  # pyright: ignore[reportUnknownMemberType]
    "lei": _by(lei.validate, "LEI"),  # pyright: ignore[reportUnknownMemberType]
    "uscc": _by(uscc.validate, "unified social credit code"),  # pyright: ignore[reportUnknownMemberType]
}


def checked(identifier: Identifier) -> Identifier:
    """The identifier in its normal form; raises ValueError for a wrong check digit. Unknown schemes pass as given."""
    check = _CHECKS.get(identifier.scheme)
    return identifier.model_copy(update={"value": check(identifier.value)}) if check else identifier


CheckedIdentifier = Annotated[Identifier, AfterValidator(checked)]
"""An identifier in its normal form with its check digits verified."""
