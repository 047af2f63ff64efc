"""When root starts Postgres: a folder that only root can write to, for binaries and data that `nobody` can reach."""

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

SHARED_FOLDER = Path("/var/tmp/entente")  # noqa: S108 - shared_folder() checks its owner and mode
MARKER = ".state"
"""Suffix of the file beside each data folder that names its state folder."""
GONE = ".gone-"


class FolderTaken(Exception):
    """Somebody else owns the folder for an unprivileged Postgres, or can write to it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not a folder that only root can write to. Remove it and start again.")


def shared_folder() -> Path:
    """Return the folder, and create it if missing.

    Raises:
        FolderTaken: somebody else owns it or can write to it.
    """
    SHARED_FOLDER.mkdir(mode=0o755, exist_ok=True)
    found = SHARED_FOLDER.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise FolderTaken(SHARED_FOLDER)
    SHARED_FOLDER.chmod(0o755)  # whatever the umask
    return SHARED_FOLDER


def data_folder(state: Path) -> Path:
    """Return the data folder of this state folder, and record which it belongs to, so that it can be deleted later.

    Raises:
        FolderTaken: somebody else owns the shared folder or can write to it.
    """
    data = shared_folder() / _name(state)
    _follow(state / "postgres" / "elsewhere", data)
    mark = {"state": str(state.resolve()), "device": state.stat().st_dev}
    replace_text(_marker(data), json.dumps(mark))
    return data


def _follow(note: Path, data: Path) -> None:
    """Rename the data folder if its state folder has moved; `note`, in the state folder, holds the old name."""
    before = data.with_name(note.read_text()) if note.is_file() else data
    if before.is_dir() and not data.exists() and _is_orphaned(before):
        before.rename(data)
        _delete(data.parent, before.name)
    replace_text(note, data.name)


def delete_data(state: Path) -> None:
    """Delete the data that this state folder has in the shared folder."""
    if os.geteuid() == 0 and SHARED_FOLDER.is_dir():
        _delete(shared_folder(), _name(state))


def delete_orphaned_data() -> None:
    """Delete the data of state folders that no longer exist. Keep data without a marker, and data in use."""
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
    # The state folder may be on a volume not mounted now; then its nearest existing parent is on another device.
    return next(above for above in state.parents if above.exists()).stat().st_dev == device


def _is_in_use(data: Path) -> bool:
    try:
        return psutil.pid_exists(int((data / "postmaster.pid").read_text().splitlines()[0]))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, IndexError):
        return True


def _delete(folder: Path, name: str) -> None:
    # Rename first, because a start on the same state folder may be creating new data now. Delete the marker last, so
    # that the next start finds what a kill leaves.
    for path in sorted(folder.glob(f"{name}*"), key=lambda path: path.name.endswith(MARKER)):
        gone = folder / f"{GONE}{os.getpid()}-{path.name}"
        with suppress(FileNotFoundError):
            path.rename(gone)
        if gone.is_dir():
            shutil.rmtree(gone, ignore_errors=True)
        else:
            gone.unlink(missing_ok=True)
