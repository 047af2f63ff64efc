"""`entente reset`: deletes what the embedded installation keeps."""

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
"""What runs keep in a state folder: the files, also one that was not written to its end; the folders; test runs."""


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete the state folder with all data of Kafka, Postgres, issuer and mailbox; refuses one with more in it.

    Example: entente reset --yes
    """
    state = state_folder()
    if not state.exists():
        print(f"There is no {state}: nothing to delete.")
        return
    refuse_foreign(state)
    refuse_held(state)
    if not yes:
        typer.confirm(f"Delete {state} with all data in it?", abort=True, err=True)
    remove_state(state)
    print(f"Deleted {state}.")


def refuse_foreign(state: Path) -> None:
    """Raises CommandError unless runs wrote all that is in the folder: it may be somebody's home."""
    names = sorted(path.name for path in state.iterdir())
    if names and not any(file.is_file() for file in (*(state / name for name in WRITTEN), *state.glob("tests-?/lock"))):
        raise CommandError(
            f"{state} is not a state folder of Entente: nothing was deleted; name the one in ENTENTE_STATE"
        )
    if foreign := [name for name in names if not OURS.fullmatch(name)]:
        raise CommandError(
            f"{foreign[0]} in {state} is not Entente's: nothing was deleted; "
            "take it away first, or delete by hand what is to go"
        )


def refuse_held(state: Path) -> None:
    """Raises StateHeld when a run holds the folder or one below it, such as that of a test run."""
    for folder in (state, *(lock.parent for lock in state.glob("*/lock"))):
        if is_held(folder):
            raise StateHeld(folder, holder_of(folder))
