"""How people are reached: a language and an e-mail address."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


class Language(StrEnum):
    """A language that people are written to in."""

    ENGLISH = "en"
    CHINESE = "zh"


_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("not an email address; write it like `anne@example.org`")
    return value


Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(_address)]
"""An email address, such as `anne@example.org`."""
