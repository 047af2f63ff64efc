"""The folder that only root writes to, for a Postgres that runs as nobody: binaries, and data of state folders."""

import hashlib
import json
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from local.state_folder import replace_text

SHARED_FOLDER = Path("/var/tmp/entente")  # noqa: S108 - made below with an owner and a mode that are checked
MARKER = ".state"
"""Ends the name of the file beside each data folder that says whose it is."""
GONE = ".gone-"


class FolderTaken(Exception):
    """The folder for an unprivileged Postgres belongs to somebody else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not a folder that only root can write to; remove it, then start again.")


def shared_folder() -> Path:
    """The folder, made if absent.

    Raises:
        FolderTaken: it is not ours.
    """
    SHARED_FOLDER.mkdir(mode=0o755, exist_ok=True)
    found = SHARED_FOLDER.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise FolderTaken(SHARED_FOLDER)
    SHARED_FOLDER.chmod(0o755)  # the umask may have closed it
    return SHARED_FOLDER


def data_folder(state: Path) -> Path:
    """Where the data of this state folder lies, marked as its own, so that it does not outlive the folder for ever.

    Raises:
        FolderTaken: the folder is not ours.
    """
    data = shared_folder() / _name(state)
    _follow(state / "postgres" / "elsewhere", data)
    mark = {"state": str(state.resolve()), "device": state.stat().st_dev}
    replace_text(_marker(data), json.dumps(mark))
    return data


def _follow(note: Path, data: Path) -> None:
    """Takes along the data of a state folder that was moved: the note in it tells what its data was called."""
    before = data.with_name(note.read_text()) if note.is_file() else data
    if before.is_dir() and not data.exists() and _is_orphaned(before):
        before.rename(data)
        _delete(data.parent, before.name)
    replace_text(note, data.name)


def delete_data(state: Path) -> None:
    """Deletes the data that this state folder has outside itself."""
    if os.geteuid() == 0 and SHARED_FOLDER.is_dir():
        _delete(shared_folder(), _name(state))


def delete_orphaned_data() -> None:
    """Deletes the data of state folders that are gone; what has no mark of ours, or is in use, is left alone."""
    if os.geteuid() == 0 and SHARED_FOLDER.is_dir():
        folder = shared_folder()
        for half_deleted in folder.glob(f"{GONE}*"):
            shutil.rmtree(half_deleted, ignore_errors=True)
        for marker in folder.glob(f"data-*{MARKER}"):
            data = folder / marker.name.removesuffix(MARKER)
            if _is_orphaned(data):
                _delete(folder, data.name)


def _is_orphaned(data: Path) -> bool:
    return _state_is_gone(data) and not _is_in_use(data)


def _marker(data: Path) -> Path:
    return data.with_name(data.name + MARKER)


def _name(state: Path) -> str:
    return "data-" + hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:16]


def _state_is_gone(data: Path) -> bool:
    try:
        mark: dict[str, Any] = json.loads(_marker(data).read_text())
        state, device = Path(mark["state"]), mark["device"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if _name(state) != data.name or state.exists():
        return False
    # What is not mounted now comes back: then the nearest folder that is there lies on another device.
    return next(above for above in state.parents if above.exists()).stat().st_dev == device


def _is_in_use(data: Path) -> bool:
    try:
        return psutil.pid_exists(int((data / "postmaster.pid").read_text().splitlines()[0]))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, IndexError):
        return True


def _delete(folder: Path, name: str) -> None:
    # Under another name first: a start of the same state folder at this moment makes its data anew beside it. The mark
    # goes last, so that what a kill leaves is found again.
    for path in sorted(folder.glob(f"{name}*"), key=lambda path: path.name.endswith(MARKER)):
        gone = folder / f"{GONE}{os.getpid()}-{path.name}"
        with suppress(FileNotFoundError):
            path.rename(gone)
        if gone.is_dir():
            shutil.rmtree(gone, ignore_errors=True)
        else:
            gone.unlink(missing_ok=True)
