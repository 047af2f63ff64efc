"""What `entente reset` deletes and what it leaves."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.main import run
from services import SERVICES

HOLD = """import sys, pathlib
from local import held
with held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another(state: Path) -> Generator[None]:
    """Another process holds the folder."""
    command = [sys.executable, "-c", HOLD, str(state)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        yield
        child.communicate()


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder with something in it."""
    folder = tmp_path / "with space" / ".entente"
    folder.mkdir(parents=True)
    (folder / "passwords.json").write_text("{}")
    monkeypatch.setenv("ENTENTE_STATE", str(folder))
    return folder


def test_it_deletes_the_whole_folder(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It deletes the whole state folder; a second time there is nothing to do."""
    assert run(["reset", "--yes"]) == 0
    assert not state.exists()
    assert run(["reset", "--yes"]) == 0
    assert "nothing to delete" in capsys.readouterr().out


@pytest.mark.parametrize("below", ["", "tests-0"])
def test_it_refuses_while_a_run_holds_the_folder(state: Path, below: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It deletes nothing while a run holds the folder or one below it."""
    with held_by_another(state / below):
        assert run(["reset", "--yes"]) == 1
        assert (state / "passwords.json").exists()
    assert f"holds {state / below}" in capsys.readouterr().err


def test_it_deletes_nothing_without_confirmation(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If its question is not answered, it does nothing."""
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115, PTH123
    assert run(["reset"]) == 1
    assert (state / "passwords.json").exists()


@pytest.mark.parametrize("name", ["letters.txt", ".ssh/id", "kafka/mine", ".passwords.json/mine"])
def test_it_refuses_a_folder_that_is_not_a_state_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without state files, such as a home directory, is named in one line and left alone."""
    home = tmp_path / "home"
    (home / name).parent.mkdir(parents=True)
    (home / name).write_text("mine")
    monkeypatch.setenv("ENTENTE_STATE", str(home))
    assert run(["reset", "--yes"]) == 1
    said = capsys.readouterr().err
    assert (said.count("\n"), f"{home} is not a state folder of Entente" in said) == (1, True)
    assert [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()] == [name]


def test_it_refuses_a_state_folder_with_other_files(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If `entente up` once ran on a user's own folder, it does not delete their files."""
    (state / "letters.txt").write_text("mine")
    assert run(["reset", "--yes"]) == 1
    assert "letters.txt" in capsys.readouterr().err
    assert (state / "letters.txt").exists()
    assert (state / "passwords.json").exists()


def test_it_deletes_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder is safe to delete."""
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("ENTENTE_STATE", str(tmp_path / "empty"))
    assert run(["reset", "--yes"]) == 0
    assert not (tmp_path / "empty").exists()


def test_it_recognises_every_file_of_a_run(state: Path) -> None:
    """It recognises everything that runs and tests leave in a state folder, including half-written files."""
    for name in ("lock", "processes.json", "postgres.password", ".people.yaml.abc123", "tests-0/lock", "kafka/data"):
        (state / name).parent.mkdir(exist_ok=True)
        (state / name).touch()
    for service in SERVICES:
        (state / service).mkdir()
    assert run(["reset", "--yes"]) == 0
    assert not state.exists()


def test_it_deletes_a_folder_left_by_killed_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder in which only tests ran is a state folder too."""
    (tmp_path / ".entente" / "tests-0").mkdir(parents=True)
    (tmp_path / ".entente" / "tests-0" / "lock").touch()
    monkeypatch.setenv("ENTENTE_STATE", str(tmp_path / ".entente"))
    assert run(["reset", "--yes"]) == 0
    assert "Deleted" in capsys.readouterr().out
