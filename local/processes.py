"""Supervised child processes: they end when this process ends, even if it is killed."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from local.process_registry import MARK, Registry, family, kill_all

PR_SET_PDEATHSIG = 1
# Load it before any fork: a child must not load libraries between fork and exec.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Failed(Exception):
    """A child process ended with a status other than 0, or before it was ready."""

    def __init__(self, name: str, code: int, log: Path | None) -> None:
        where = f" See its log: {log}" if log else ""
        super().__init__(f"{name} ended with status {code}.{where}")


@dataclass
class Supervised:
    """A child process, in a process group of its own, that ends when this process does.

    On Linux, the kernel sends it `orphaned` when the *thread* that started it ends, so start it from the main thread.
    Elsewhere the next run ends it with `Registry.end_leftovers`.

    Attributes:
        environment: variables in addition to those of this process.
        output: called in the event loop with each line of output; without it, output goes to `log`.
        log: the output file. Each start begins a new one and keeps the previous one as `*.before`.
        patience: seconds from `stop_signal` to SIGKILL.
        exited: called in the event loop with the exit status if it ends without `stop` or `kill`.
        user: numeric user id to run as; needs root.
    """

    name: str
    command: Sequence[str | Path]
    registry: Registry
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: Path | None = None
    output: Callable[[str], None] | None = None
    log: Path | None = None
    patience: float = 10.0
    stop_signal: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGKILL
    exited: Callable[["Supervised", int], None] | None = None
    user: int | None = None
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _ended: "asyncio.Future[int] | None" = field(default=None, init=False, repr=False)
    _stopping: bool = field(default=False, init=False, repr=False)

    @property
    def running(self) -> bool:
        """Whether it has started and not ended."""
        return self._ended is not None and not self._ended.done()

    @property
    def pid(self) -> int:
        """Its process id; 0 if it was never started."""
        return self._child.pid if self._child else 0

    async def start(self) -> None:
        """Start it. The caller must check when it is ready."""
        if self.running:
            raise RuntimeError(f"{self.name} is already running.")
        loop = asyncio.get_running_loop()
        self._stopping, self._ended = False, loop.create_future()
        self._child = self._spawn()
        self.registry.record(self.name, self._child.pid, self.stop_signal)
        # Threads, not the event loop's subprocesses: uvloop supports neither `user` nor `process_group`.
        if self._child.stdout:
            threading.Thread(target=self._read, args=(self._child.stdout, loop), daemon=True).start()
        threading.Thread(target=self._watch, args=(self._child, loop), daemon=True).start()

    async def finish(self) -> None:
        """Start it and wait until it ends.

        Raises:
            Failed: its exit status was not 0.
        """
        await self.start()
        try:
            code = await self.wait()
        except asyncio.CancelledError:
            await self.kill()
            raise
        if code:
            raise Failed(self.name, code, self.log)

    async def stop(self) -> None:
        """Send the stop signal, wait `patience` seconds, then kill it and its descendants."""
        self._stopping = True
        if not self.running:
            return
        self._signal(self.stop_signal)
        self.resume()
        try:
            await asyncio.wait_for(self.wait(), self.patience)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it and its descendants at once with SIGKILL."""
        self._stopping = True
        if not self.running:
            return
        everyone = family(self.pid)
        kill_all(everyone)
        await self.wait()
        await asyncio.to_thread(psutil.wait_procs, everyone, 10)

    def pause(self) -> None:
        """Suspend it and its descendants, as if the machine hung."""
        for process in family(self.pid) if self.running else []:
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def resume(self) -> None:
        """Resume it after `pause`."""
        for process in family(self.pid) if self.running else []:
            with suppress(psutil.NoSuchProcess):
                process.resume()

    async def wait(self) -> int:
        """Wait until it ends and return its exit status; a negative one is the signal that ended it."""
        if self._ended is None:
            raise RuntimeError(f"{self.name} was not started.")
        return await asyncio.shield(self._ended)

    def _spawn(self) -> subprocess.Popen[bytes]:
        target = subprocess.PIPE if self.output else self._open_log()
        try:
            return subprocess.Popen(
                [str(word) for word in self.command],
                env={**os.environ, **self.environment, MARK: str(self.registry.state)},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=target,
                stderr=subprocess.STDOUT,
                process_group=0,
                user=self.user,
                group=None if self.user is None else self.user,
                extra_groups=None if self.user is None else [],
                preexec_fn=_end_with_parent(LIBC, self.orphaned) if LIBC else None,
            )
        finally:
            if not isinstance(target, int):
                target.close()

    def _open_log(self) -> IO[bytes] | int:
        if self.log is None:
            return subprocess.DEVNULL
        if self.log.exists():
            self.log.replace(self.log.with_name(self.log.name + ".before"))
        self.log.parent.mkdir(parents=True, exist_ok=True)
        return self.log.open("wb")

    def _signal(self, number: signal.Signals) -> None:
        if self._child and self._child.poll() is None:
            self._child.send_signal(number)

    def _read(self, stream: IO[bytes], loop: asyncio.AbstractEventLoop) -> None:
        output = self.output or print
        with stream, suppress(RuntimeError):  # the loop may close before the last line
            for line in stream:
                loop.call_soon_threadsafe(output, line.decode(errors="replace").rstrip("\n"))

    def _watch(self, child: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
        code = child.wait()
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._note_end, child.pid, code)

    def _note_end(self, pid: int, code: int) -> None:
        self.registry.forget(self.name, pid)
        if self._ended and not self._ended.done():
            self._ended.set_result(code)
        if self.exited and not self._stopping:
            self.exited(self, code)


def _end_with_parent(libc: ctypes.CDLL, number: signal.Signals) -> Callable[[], None]:
    """Return the function for a child to call between fork and exec. It runs after setuid, which clears the setting."""
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # the parent ended before this call
            os._exit(1)

    return ask_kernel


async def stop_in_reverse(children: Sequence[Supervised]) -> None:
    """Stop the children one after another, last started first."""
    for child in reversed(children):
        await child.stop()
