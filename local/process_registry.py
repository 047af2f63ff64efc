"""The child processes of a run, recorded in its state folder so that the next start can end leftovers."""

import json
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

import psutil

from local.state_folder import replace_text

MARK = "ENTENTE_STATE"
"""Environment variable of every child process. It identifies a leftover as ours, and names its state folder."""


class Entry(TypedDict):
    """A child process in the registry file."""

    pid: int
    create_time: float
    signal: int


class Registry:
    """Records the child processes of a run in `processes.json`, so that the next start ends what a killed run left."""

    def __init__(self, state: Path) -> None:
        self.state = state.absolute()
        self._file = self.state / "processes.json"

    def record(self, name: str, pid: int, stop_signal: signal.Signals) -> None:
        """Add the child `name`; do nothing if it has already ended."""
        with suppress(psutil.NoSuchProcess):
            entry = Entry(pid=pid, create_time=psutil.Process(pid).create_time(), signal=stop_signal)
            self._write({**self._read(), name: entry})

    def forget(self, name: str, pid: int) -> None:
        """Remove the child `name`, if its entry still has this `pid`."""
        self._write({key: entry for key, entry in self._read().items() if (key, entry["pid"]) != (name, pid)})

    def end_leftovers(self, patience: float = 10.0) -> list[str]:
        """End an earlier run's children, last started first; return their names. Blocks up to 2 × `patience` s each."""
        ended: list[str] = []
        for name, entry in reversed(self._read().items()):
            if child := self._ours(entry):
                end_tree(child, signal.Signals(entry["signal"]), patience)
                ended.append(name)
        self._write({})
        return ended

    def _ours(self, entry: Entry) -> psutil.Process | None:
        # Another process may have the pid by now. create_time may differ a little if the clock was set since.
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
    """Return the process and all its descendants; empty if it has ended."""
    with suppress(psutil.NoSuchProcess):
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    return []


def kill_all(processes: list[psutil.Process]) -> None:
    """Send SIGKILL to each that still exists."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def end_tree(head: psutil.Process, number: signal.Signals, patience: float) -> None:
    """Send `head` a signal; after `patience` seconds, kill it and any descendants still running. Blocks."""
    everyone = family(head.pid)
    with suppress(psutil.NoSuchProcess):
        head.send_signal(number)
        head.resume()
    _, alive = psutil.wait_procs(everyone, timeout=patience)
    kill_all(alive)
    psutil.wait_procs(alive, timeout=patience)
