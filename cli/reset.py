"""`entente reset`: deletes what the embedded installation keeps."""

from pathlib import Path
from typing import Annotated

import fasteners
import typer

from cli.installation import state_folder
from shared.platform.embedded import StateHeld, remove_state


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
    for lock in (state / "lock", *state.glob("*/lock")):
        held = fasteners.InterProcessLock(lock)
        if lock.exists() and not held.acquire(blocking=False):
            holder = lock.with_name("holder")
            raise StateHeld(lock.parent, holder.read_text() if holder.exists() else "unknown")
        if held.acquired:
            held.release()
