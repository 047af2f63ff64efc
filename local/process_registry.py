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
"""Environment variable that every child carries: a leftover with it is ours, and of the folder that it names."""


class Entry(TypedDict):
    """A child as it stands in the registry."""

    pid: int
    create_time: float
    signal: int


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
