"""`entente people`: adds people to those who can sign in to the development issuer."""

import sys

from local.development.people import PEOPLE, introduce
from local.installation import state_folder


def people() -> None:
    """Add people whom the development issuer lets in: a JSON list of {subject, name: {en, zh}} on standard input.

    Example: echo '[{"subject": "ada", "name": {"en": "Ada"}}]' | entente people
    """
    read = PEOPLE.validate_json(sys.stdin.read())
    introduce(read, state_folder() / "people.yaml")
    print(f"{len(read)} people can sign in")
