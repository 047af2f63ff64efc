"""Data outside the state folder, from a Postgres started by root, is deleted once the state folder is gone."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from local import running_as_root
from local.running_as_root import MARKER, data_folder, delete_data, delete_orphaned_data

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's Postgres has its data outside the state folder")

Lost = Callable[[Path], object]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data of the state folder `state`, and what a killed `initdb` left beside it."""
    monkeypatch.setattr(running_as_root, "SHARED_FOLDER", tmp_path / "elsewhere")
    (tmp_path / "checkout" / "state").mkdir(parents=True)
    found = data_folder(tmp_path / "checkout" / "state")
    for folder in (found, found.with_name(f"{found.name}.part")):
        folder.mkdir()
        (folder / "PG_VERSION").write_text("18")
    return found


def kept(data: Path) -> list[str]:
    """What is left of the data."""
    return sorted(path.name.removeprefix(data.name) for path in data.parent.iterdir())


def test_data_of_a_deleted_checkout_is_deleted_by_the_next_start(data: Path, tmp_path: Path) -> None:
    """All its data is deleted, including what a killed deletion left; an existing state folder keeps its data."""
    (tmp_path / "other").mkdir()
    other = data_folder(tmp_path / "other")
    other.mkdir()
    (data.parent / ".gone-1-data").mkdir()
    shutil.rmtree(tmp_path / "checkout")

    delete_orphaned_data()

    assert sorted(path.name for path in data.parent.iterdir()) == [other.name, other.name + MARKER]


def test_data_is_kept_while_its_state_folder_exists(data: Path) -> None:
    """A start on another state folder deletes nothing; a reset deletes everything."""
    delete_orphaned_data()
    assert kept(data) == ["", ".part", MARKER]


def test_a_reset_deletes_its_own_data(data: Path, tmp_path: Path) -> None:
    """A reset also deletes half-made data and the marker."""
    delete_data(tmp_path / "checkout" / "state")
    assert kept(data) == []


def test_a_moved_state_folder_keeps_its_data(data: Path, tmp_path: Path) -> None:
    """The next start on the moved folder finds its data and does not delete it as orphaned."""
    moved = (tmp_path / "checkout").rename(tmp_path / "moved") / "state"
    found = data_folder(moved)
    delete_orphaned_data()
    assert (found != data, (found / "PG_VERSION").read_text()) == (True, "18")
    assert data_folder(moved) == found


def test_a_copied_state_folder_has_its_own_data(data: Path, tmp_path: Path) -> None:
    """A copied state folder leaves the first folder's data in place."""
    shutil.copytree(tmp_path / "checkout", tmp_path / "copy")
    assert not data_folder(tmp_path / "copy" / "state").exists()
    assert (data / "PG_VERSION").exists()


def unmarked(data: Path) -> None:
    """Make the data look as if no marker was ever written."""
    data.with_name(data.name + MARKER).unlink()


def marked_as_anothers(data: Path) -> None:
    """Make the marker name another state folder than the data folder's name does."""
    mark = json.loads(data.with_name(data.name + MARKER).read_text())
    data.with_name(data.name + MARKER).write_text(json.dumps({**mark, "state": "/nowhere"}))


def marked_illegibly(data: Path) -> None:
    """Make the marker unreadable."""
    data.with_name(data.name + MARKER).write_text("{")


def in_use(data: Path) -> None:
    """Make the data look in use, although its state folder was deleted."""
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")


def not_mounted(data: Path) -> None:
    """Make the state folder look as if it were on a device that is not mounted."""
    mark = json.loads(data.with_name(data.name + MARKER).read_text())
    data.with_name(data.name + MARKER).write_text(json.dumps({**mark, "device": mark["device"] + 1}))


@pytest.mark.parametrize("how", [unmarked, marked_as_anothers, marked_illegibly, in_use, not_mounted])
def test_data_that_may_belong_to_someone_is_kept(how: Lost, data: Path, tmp_path: Path) -> None:
    """Data in use, or not certainly of a deleted state folder, is kept."""
    how(data)
    shutil.rmtree(tmp_path / "checkout")
    before = kept(data)

    delete_orphaned_data()

    assert kept(data) == before


def test_data_of_a_killed_server_is_not_in_use(data: Path, tmp_path: Path) -> None:
    """The pid file of a process that has ended does not protect the data."""
    (data / "postmaster.pid").write_text(f"{2**22 + 1}\n")
    shutil.rmtree(tmp_path / "checkout")
    delete_orphaned_data()
    assert kept(data) == []
