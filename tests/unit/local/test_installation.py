"""How commands find an installation."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from local import held
from local.installation import (
    ROOT,
    Addresses,
    adopt_running,
    forget_addresses,
    kept_passwords,
    running_addresses,
)
from shared.service.settings import Settings


def addresses(pid: int) -> Addresses:
    """The addresses of an imaginary run."""
    return Addresses(
        pid, "http://127.0.0.1:1", "http://127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4", "127.0.0.1:5",
        {"partners": "http://127.0.0.1:6"},
    )  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> Generator[Path]:
    """A state folder that this process holds."""
    with held(tmp_path):
        yield tmp_path


def test_passwords_are_created_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    """Each role has its own password, the same at the next start, in a file only its owner can read."""
    first = kept_passwords(tmp_path, ["partners"])
    both = kept_passwords(tmp_path, ["partners", "exchanges"])
    assert set(first) == {"partners_owner", "partners_service", "partners_operator"}
    assert len(set(both.values())) == 6
    assert first.items() <= both.items()
    assert stat.S_IMODE((tmp_path / "passwords.json").stat().st_mode) == 0o600


def test_a_run_is_found_while_it_lasts(state: Path) -> None:
    """A run's addresses are found until it ends."""
    addresses(os.getpid()).keep(state)
    assert running_addresses(state) == addresses(os.getpid())
    forget_addresses(state)
    assert running_addresses(state) is None


def test_addresses_of_an_earlier_run_are_ignored(state: Path) -> None:
    """Addresses left by an earlier run are ignored while another holds the folder."""
    addresses(2**22 + 1).keep(state)
    assert running_addresses(state) is None


def test_addresses_of_a_killed_run_are_ignored(tmp_path: Path) -> None:
    """Addresses are ignored if nobody holds the folder, even if another process now has the run's pid."""
    with subprocess.Popen(["sleep", "60"]) as foreign:
        for number in (foreign.pid, 2**22 + 1):
            (tmp_path / "lock").touch()
            (tmp_path / "holder").write_text(str(number))
            addresses(number).keep(tmp_path)
            assert running_addresses(tmp_path) is None
        foreign.kill()


def test_looking_for_a_run_does_not_end_it(state: Path) -> None:
    """Checking never releases the lock, whether this process or another one checks."""
    addresses(os.getpid()).keep(state)
    look = "import sys, pathlib, local.installation as i; print(i.running_addresses(pathlib.Path(sys.argv[1])))"
    words = [sys.executable, "-c", look, str(state)]
    for _ in range(2):
        found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert str(addresses(os.getpid())) in found
        assert running_addresses(state) == addresses(os.getpid())


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"pid": 1})])
def test_unreadable_addresses_are_ignored(state: Path, text: str) -> None:
    """A partial file, or one of another version, counts as no run."""
    (state / "addresses.json").write_text(text)
    assert running_addresses(state) is None


def test_the_environment_takes_precedence_over_a_run(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is used only if no variable names an installation."""
    addresses(os.getpid()).keep(state)
    monkeypatch.setenv("ENTENTE_STATE", str(state))
    monkeypatch.setenv("ENTENTE_KAFKA", "kafka.example.org:9092")
    # Installations of other tests in this process have left their variables.
    monkeypatch.delenv("ENTENTE_PASSWORD_PARTNERS_OPERATOR", raising=False)
    assert adopt_running() is None
    monkeypatch.delenv("ENTENTE_KAFKA")
    environment = dict(os.environ)
    try:
        assert adopt_running() == addresses(os.getpid())
        settings = Settings()
        assert (settings.kafka, settings.database) == ("127.0.0.1:4", "127.0.0.1:5/entente")
        password = kept_passwords(state, ["partners"])["partners_operator"]
        assert settings.database_url("partners", "operator") == (
            f"postgresql://partners_operator:{password}@127.0.0.1:5/entente"
        )
    finally:
        os.environ.clear()
        os.environ.update(environment)
