"""What `entente reset` deletes, and what it does not."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.main import run

HOLD = """import sys, pathlib
from shared.platform.embedded import held
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


def test_it_deletes_all_of_the_folder(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of the state folder is left, and a second time there is nothing to do."""
    assert run(["reset", "--yes"]) == 0
    assert not state.exists()
    assert run(["reset", "--yes"]) == 0
    assert "nothing to delete" in capsys.readouterr().out


@pytest.mark.parametrize("below", ["", "tests-0"])
def test_it_refuses_while_a_run_holds_the_folder(state: Path, below: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a run needs stays, be it of the folder or of one below it."""
    with held_by_another(state / below):
        assert run(["reset", "--yes"]) == 1
        assert (state / "passwords.json").exists()
    assert f"holds {state / below}" in capsys.readouterr().err


def test_it_deletes_nothing_unless_told_to(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an answer to its question it does nothing."""
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115, PTH123
    assert run(["reset"]) == 1
    assert (state / "passwords.json").exists()
