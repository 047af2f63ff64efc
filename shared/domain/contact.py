"""How people are reached: a language and an e-mail address."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.contracts.values import Text


class Language(StrEnum):
    """A language that people are written to in."""

    ENGLISH = "en"
    CHINESE = "zh"


def in_language(text: Text, language: Language) -> str:
    """`text` in `language`, or in the other language if that is missing."""
    first, other = (text.en, text.zh) if language is Language.ENGLISH else (text.zh, text.en)
    return first or other or ""


_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("not an email address; write it like `anne@example.org`")
    return value


Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(_address)]
"""An email address, such as `anne@example.org`."""
