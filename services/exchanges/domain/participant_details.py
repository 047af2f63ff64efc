"""What is recorded of a participant: name in both scripts, how to reach them, and why and how long it is kept."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from shared.contracts.values import Day, Words
from shared.domain.command import Command
from shared.domain.contact import Address, Language


class NameParts(BaseModel):
    """A name in one script. Somebody with a single name has it as `family`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    family: Words
    given: Words | None = None


class Name(BaseModel):
    """A name in Latin script, in Chinese or in both."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    latin: NameParts | None = None
    chinese: NameParts | None = None

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if self.latin is None and self.chinese is None:
            raise ValueError("give the name in at least one script: `latin` or `chinese`")
        return self

    def said(self, language: Language) -> str:
        """The whole name, in the script of the language if it is known."""
        if self.chinese and (language is Language.CHINESE or self.latin is None):
            return f"{self.chinese.family}{self.chinese.given or ''}"
        return f"{self.latin.given or ''} {self.latin.family}".strip() if self.latin else ""


class Purpose(StrEnum):
    """What the record is for; docs/privacy.md has a line for each of these codes, and of those below."""

    STUDENT_MOBILITY = "student-mobility"
    STAFF_MOBILITY = "staff-mobility"
    ACTIVITY = "activity"


class LegalBasis(StrEnum):
    """What allows the home institution to record it: article 6 of the UK GDPR, article 13 of the PIPL."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTERESTS = "legitimate-interests"


class TransferRoute(StrEnum):
    """What allows it to be shown abroad: chapter V of the UK GDPR, article 38 and 39 of the PIPL."""

    NOT_TRANSFERRED = "not-transferred"
    ADEQUACY = "adequacy"
    STANDARD_CONTRACT = "standard-contract"
    CERTIFICATION = "certification"
    SECURITY_ASSESSMENT = "security-assessment"
    EXPLICIT_CONSENT = "explicit-consent"
    CONTRACT_NECESSITY = "contract-necessity"


NoticeVersion = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class Details(Command):
    """What is recorded of a participant."""

    name: Name
    email: Address
    language: Language
    """In which they are written to."""
    purpose: Purpose
    legal_basis: LegalBasis
    notice_version: NoticeVersion
    """Of the privacy notice that they were given."""
    transfer_route: TransferRoute
    """With `not-transferred` no other institution sees the name."""
    kept_until: Day
    """The last day on which it is kept, in UTC; then it is erased by itself. At most ten years ahead."""

    @property
    def said(self) -> dict[str, Any]:
        """All of it by name, as the record keeps it."""
        return {name: getattr(self, name) for name in Details.model_fields}
