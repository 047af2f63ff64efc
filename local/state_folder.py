"""The state folder: who holds it, and which child processes a run has there."""

import json
import os
import signal
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypedDict

import fasteners
import psutil

MARK = "ENTENTE_STATE"
"""Environment variable that every child carries: a leftover with it is ours, and of the folder that it names."""

OURS: set[Path] = set()
"""What this process holds: a POSIX lock goes when its own process opens and closes the file again, so never try one."""
PATIENCE = 0.5
"""Seconds that a hold is waited for: whoever only asks `is_held` has it for a moment."""


class StateHeld(Exception):
    """Another run holds the state folder."""

    def __init__(self, state: Path, holder: str) -> None:
        super().__init__(f"Another run (process {holder}) holds {state}; end it, or name another state folder.")


class Entry(TypedDict):
    """A child as it stands in the registry."""

    pid: int
    create_time: float
    signal: int


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


class Registry:
    """The children of a state folder, in its `processes.json`: the next start ends what a killed run left."""

    def __init__(self, state: Path) -> None:
        self.state = state.absolute()
        self._file = self.state / "processes.json"

    def record(self, name: str, pid: int, stop_signal: signal.Signals) -> None:
        """Remember the child `name`."""
        with suppress(psutil.NoSuchProcess):
            entry = Entry(pid=pid, create_time=psutil.Process(pid).create_time(), signal=stop_signal)
            self._write({**self._read(), name: entry})

    def forget(self, name: str, pid: int) -> None:
        """Forget the child `name`, if it is still the one with `pid`."""
        self._write({key: entry for key, entry in self._read().items() if (key, entry["pid"]) != (name, pid)})

    def end_leftovers(self, patience: float = 10.0) -> list[str]:
        """End and name what an earlier run left, the last started first; blocks at most twice `patience` s each."""
        ended: list[str] = []
        for name, entry in reversed(self._read().items()):
            if child := self._ours(entry):
                end_tree(child, signal.Signals(entry["signal"]), patience)
                ended.append(name)
        self._write({})
        return ended

    def _ours(self, entry: Entry) -> psutil.Process | None:
        # The pid alone may be anybody's by now; create_time is computed from a clock that may have been set meanwhile.
        with suppress(psutil.Error):
            child = psutil.Process(entry["pid"])
            same = abs(child.create_time() - entry["create_time"]) < 2
            if same and child.environ().get(MARK) == str(self.state):
                return child
        return None

    def _read(self) -> dict[str, Entry]:
        try:
            return json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def _write(self, entries: Mapping[str, Entry]) -> None:
        replace_text(self._file, json.dumps(entries))


def family(pid: int) -> list[psutil.Process]:
    """Return the process and all its descendants, none if it has ended."""
    with suppress(psutil.NoSuchProcess):
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    return []


def kill_all(processes: list[psutil.Process]) -> None:
    """Send each SIGKILL."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def end_tree(head: psutil.Process, number: signal.Signals, patience: float) -> None:
    """Ask `head` to end by a signal; kill what is left of it and its descendants after `patience` seconds. Blocks."""
    everyone = family(head.pid)
    with suppress(psutil.NoSuchProcess):
        head.send_signal(number)
        head.resume()
    _, alive = psutil.wait_procs(everyone, timeout=patience)
    kill_all(alive)
    psutil.wait_procs(alive, timeout=patience)
