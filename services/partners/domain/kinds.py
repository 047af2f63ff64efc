"""The kinds of agreements that an installation of today knows."""

from enum import StrEnum


class AgreementKind(StrEnum):
    """The kind of an agreement."""

    MEMORANDUM_OF_UNDERSTANDING = "memorandum-of-understanding"
    TREATY_OF_FRIENDSHIP = "treaty-of-friendship"
    FRAMEWORK_AGREEMENT = "framework-agreement"
    IMPLEMENTATION_AGREEMENT = "implementation-agreement"
