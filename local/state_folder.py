"""The state folder: who holds it, and which child processes a run has there."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import fasteners

OURS: set[Path] = set()
"""What this process holds: a POSIX lock goes when its own process opens and closes the file again, so never try one."""
PATIENCE = 0.5
"""Seconds that a hold is waited for: whoever only asks `is_held` has it for a moment."""


class StateHeld(Exception):
    """Another run holds the state folder."""

    def __init__(self, state: Path, holder: str) -> None:
        super().__init__(f"Another run (process {holder}) holds {state}; end it, or name another state folder.")


def replace_text(path: Path, text: str, mode: int = 0o600) -> None:
    """Write `path` whole, or leave it as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        os.fchmod(part.fileno(), mode)
        part.write(text)
    Path(part.name).replace(path)


@contextmanager
def held(state: Path) -> Generator[None]:
    """Hold the state folder, made if absent, against every other run; a killed run's hold ends with it.

    Raises:
        StateHeld: another run holds it.
    """
    state.mkdir(parents=True, exist_ok=True)
    lock, holder = fasteners.InterProcessLock(state / "lock"), state / "holder"
    if state.resolve() in OURS or not lock.acquire(timeout=PATIENCE):
        raise StateHeld(state, holder_of(state))
    OURS.add(state.resolve())
    try:
        replace_text(holder, str(os.getpid()))
        yield
    finally:
        OURS.remove(state.resolve())
        holder.unlink(missing_ok=True)
        lock.release()


def is_held(state: Path) -> bool:
    """Whether a run holds the state folder now; a killed one does not, whichever process has its number since."""
    if state.resolve() in OURS:
        return True
    lock = fasteners.InterProcessLock(state / "lock")
    if not lock.exists():
        return False
    if not lock.acquire(blocking=False):
        return True
    lock.release()
    return False


def holder_of(state: Path) -> str:
    """The process that holds the state folder, as it was written down."""
    holder = state / "holder"
    return holder.read_text() if holder.exists() else "unknown"
