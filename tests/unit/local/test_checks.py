"""What the doctor finds on this machine."""

import socket
from pathlib import Path

import pytest

from local.checks import machine
from local.checks.machine import CHECKS
from local.jars import cache_folder, read_listing
from local.ports import is_free
from local.wanted_ports import FIRST_PORT, KAFKA_PORT, POSTGRES_PORT


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose lock file a test writes."""
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    return tmp_path


def test_the_checks_pass_on_this_machine(tmp_path: Path) -> None:
    """On the machine that runs the tests no check fails."""
    found = [check(tmp_path / "absent", None) for check in CHECKS]

    assert [finding for finding in found if finding.level == "wrong"] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("rich==1.0 \\", "rich is "),
        ("no-such-package==1.0 \\", "no-such-package 1.0 is not installed"),
    ],
)
def test_a_package_that_differs_from_the_lock_file_is_named(checkout: Path, line: str, found: str) -> None:
    """A missing package or one of another version is named, with what to do."""
    (checkout / "requirements.lock").write_text(f"{line}\n    --hash=sha256:00\n")
    finding = machine.packages_are_as_locked(checkout, None)
    assert finding.level == "wrong"
    assert finding.sentence.startswith(found)
    assert "make .venv/.run" in finding.sentence


def test_a_package_for_another_system_may_be_absent(checkout: Path) -> None:
    """A package locked with a condition need not be installed."""
    (checkout / "requirements.lock").write_text("no-such-package==1.0 ; sys_platform == 'win32' \\\n")
    assert machine.packages_are_as_locked(checkout, None).level == "ok"


@pytest.mark.parametrize("port", [FIRST_PORT, KAFKA_PORT, POSTGRES_PORT], ids=["service", "kafka", "postgres"])
def test_a_port_in_use_is_a_note(port: int) -> None:
    """A port of a service, Kafka or Postgres that is in use is a note, not an error."""
    with socket.socket() as server:
        if is_free(port):
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", port))
            server.listen()
        finding = machine.ports_are_free(Path(), None)
    assert finding.level == "note"
    assert str(port) in finding.sentence


def test_a_changed_jar_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cached file that differs from the pinned one is an error; a missing one is only a note."""
    monkeypatch.setenv("ENTENTE_CACHE", str(tmp_path))
    assert machine.jars_are_right(tmp_path, None).level == "note"
    jar = read_listing()[0][0]
    cache_folder().mkdir()
    (cache_folder() / jar.name).write_bytes(b"something else")
    finding = machine.jars_are_right(tmp_path, None)
    assert (finding.level, jar.name in finding.sentence) == ("wrong", True)


def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little free space is an error."""
    monkeypatch.setattr(machine, "ENOUGH", 2**63)
    assert machine.disk_has_room(tmp_path, None).level == "wrong"
