"""`entente people`: lets people sign in to the development issuer."""

import sys

from local.development.people import PEOPLE, introduce
from local.installation import state_folder


def people() -> None:
    """Let people sign in to the development issuer. Reads a JSON list of {subject, name: {en, zh}} from standard input.

    Example: echo '[{"subject": "ada", "name": {"en": "Ada"}}]' | entente people
    """
    added = PEOPLE.validate_json(sys.stdin.read())
    introduce(added, state_folder() / "people.yaml")
    print(f"People added: {len(added)}")
