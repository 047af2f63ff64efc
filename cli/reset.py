"""`entente reset`: deletes all data of the embedded installation."""

import re
from pathlib import Path
from typing import Annotated

import typer

from local import StateHeld, holder_of, is_held, remove_state
from local.errors import CommandError
from local.installation import state_folder
from services import SERVICES

WRITTEN = ("lock", "processes.json", "passwords.json", "people.yaml", "postgres.password", "addresses.json", "holder")
FOLDERS = ("kafka", "postgres", "issuer", "mailbox", *SERVICES)
_FILES, _FOLDERS = ("|".join(map(re.escape, names)) for names in (WRITTEN, FOLDERS))
OURS = re.compile(rf"{_FILES}|\.({_FILES})\.[^.]+|{_FOLDERS}|tests-\d")
"""Everything that runs keep in a state folder: files, temporary files, folders, and the folders of test runs."""


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Delete the state folder with all data of Kafka, Postgres, issuer and mailbox. Refuses if it holds other files.

    Example: entente reset --yes
    """
    state = state_folder()
    if not state.exists():
        print(f"{state} does not exist: nothing to delete.")
        return
    refuse_foreign(state)
    refuse_held(state)
    if not yes:
        typer.confirm(f"Delete {state} and all data in it?", abort=True, err=True)
    remove_state(state)
    print(f"Deleted {state}.")


def refuse_foreign(state: Path) -> None:
    """Raise CommandError unless runs wrote everything in the folder; it could be somebody's home."""
    names = sorted(path.name for path in state.iterdir())
    if names and not any(file.is_file() for file in (*(state / name for name in WRITTEN), *state.glob("tests-?/lock"))):
        raise CommandError(
            f"{state} is not a state folder of Entente: nothing deleted. Set ENTENTE_STATE to the right one"
        )
    if foreign := [name for name in names if not OURS.fullmatch(name)]:
        raise CommandError(
            f"{foreign[0]} in {state} does not belong to Entente: nothing deleted. "
            "Move it away first, or delete the folder by hand"
        )


def refuse_held(state: Path) -> None:
    """Raise StateHeld if a run holds the folder or one directly below it, such as a test run's."""
    for folder in (state, *(lock.parent for lock in state.glob("*/lock"))):
        if is_held(folder):
            raise StateHeld(folder, holder_of(folder))
