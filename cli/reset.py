"""`entente reset`: deletes what the embedded installation keeps."""

from pathlib import Path
from typing import Annotated

import typer

from cli.installation import state_folder
from shared.platform.embedded import StateHeld, holder_of, is_held, remove_state


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete the state folder with all data of Kafka, Postgres, issuer and mailbox.

    Example: entente reset --yes
    """
    state = state_folder()
    if not state.exists():
        print(f"There is no {state}: nothing to delete.")
        return
    refuse_held(state)
    if not yes:
        typer.confirm(f"Delete {state} with all data in it?", abort=True, err=True)
    remove_state(state)
    print(f"Deleted {state}.")


def refuse_held(state: Path) -> None:
    """Raises StateHeld when a run holds the folder or one below it, such as that of a test run."""
    for folder in (state, *(lock.parent for lock in state.glob("*/lock"))):
        if is_held(folder):
            raise StateHeld(folder, holder_of(folder))
