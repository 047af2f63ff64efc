"""The lock on the state folder: at most one run holds it."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import fasteners

HELD_HERE: set[Path] = set()
"""Folders this process holds. Never try their locks: a process loses its POSIX lock when it closes the file again."""
PATIENCE = 0.5
"""Seconds to wait for the lock, because `is_held` in another process takes it for a moment."""


class StateHeld(Exception):
    """Another run holds the state folder."""

    def __init__(self, state: Path, holder: str) -> None:
        super().__init__(
            f"Another run (process {holder}) holds {state}. Stop it, or set ENTENTE_STATE to another folder."
        )


def replace_text(path: Path, text: str, mode: int = 0o600) -> None:
    """Write the file atomically: a reader sees the old text or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        os.fchmod(part.fileno(), mode)
        part.write(text)
    Path(part.name).replace(path)


@contextmanager
def held(state: Path) -> Generator[None]:
    """Hold the state folder, and create it if missing. No other run can then hold it. A killed run holds nothing.

    Raises:
        StateHeld: another run holds it.
    """
    state.mkdir(parents=True, exist_ok=True)
    lock, holder = fasteners.InterProcessLock(state / "lock"), state / "holder"
    if state.resolve() in HELD_HERE or not lock.acquire(timeout=PATIENCE):
        raise StateHeld(state, holder_of(state))
    HELD_HERE.add(state.resolve())
    try:
        replace_text(holder, str(os.getpid()))
        yield
    finally:
        HELD_HERE.remove(state.resolve())
        holder.unlink(missing_ok=True)
        lock.release()


def is_held(state: Path) -> bool:
    """Whether a run holds the state folder now. A killed run does not, even if another process got its pid."""
    if state.resolve() in HELD_HERE:
        return True
    lock = fasteners.InterProcessLock(state / "lock")
    if not lock.exists():
        return False
    if not lock.acquire(blocking=False):
        return True
    lock.release()
    return False


def holder_of(state: Path) -> str:
    """The pid, as text, of the process that holds the state folder; `unknown` if not recorded."""
    holder = state / "holder"
    return holder.read_text() if holder.exists() else "unknown"
