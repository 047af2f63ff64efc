"""`entente up` and the commands used with it, run as from a terminal."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from local import remove_state
from local.development.people import Name, Person, introduce
from local.installation import ROOT
from local.ports import free_port
from local.process_registry import MARK
from local.wanted_ports import FIRST_PORT
from services import SERVICES
from shared.contracts import load_all
from shared.kafka_admin.topics import wanted_topics

PATIENCE = 300.0
"""Timeout of a wait, in seconds; it only ends hangs."""
ENTENTE = [sys.executable, "-m", "cli"]
OFFICER = ["--subject", "li.wei", "--name", "Li Wei", "--role", "partnership-officer"]
NAMED = ("ENTENTE_DATABASE", "ENTENTE_KAFKA", "ENTENTE_ISSUER", "ENTENTE_TOPIC_PREFIX")


class Up:
    """`entente up` on its own state folder."""

    def __init__(self, state: Path) -> None:
        self.state, self.log = state, state.with_name("up.log")
        self.environment = {k: v for k, v in os.environ.items() if k not in NAMED and not k.startswith("ENTENTE_PASS")}
        self.environment[MARK] = str(state)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the command and returns when it says that everything is ready."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*ENTENTE, "up"], cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.until(lambda: "Ready in" in self.output() or self.process is None or self.process.poll() is not None)
        assert "Ready in" in self.output(), self.output()

    def output(self) -> str:
        """The command's output so far."""
        return self.log.read_text(errors="replace")

    def until(self, holds: Callable[[], Any]) -> None:
        """Waits until `holds` returns true."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, self.output()
            time.sleep(0.05)

    def stop(self, number: signal.Signals) -> int:
        """Sends the command a signal and returns its exit status."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs another command on the same state folder."""
        return subprocess.run(
            [*ENTENTE, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )

    def addresses(self) -> dict[str, Any]:
        """The addresses that `up` wrote for other commands."""
        return json.loads((self.state / "addresses.json").read_text())

    def pid(self, name: str) -> int:
        """The process id of one of its children."""
        return json.loads((self.state / "processes.json").read_text())[name]["pid"]

    def children(self) -> list[psutil.Process]:
        """Every process marked with this state folder, except the command itself."""
        return [
            process
            for process in psutil.process_iter()
            if _marked(process, str(self.state)) and (self.process is None or process.pid != self.process.pid)
        ]


def _marked(process: psutil.Process, state: str) -> bool:
    try:
        return process.environ().get(MARK) == state and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Generator[Up]:
    """Everything running, in a folder whose path has a space, while another program holds the first service's port."""
    run = Up(tmp_path_factory.mktemp("a state") / "with space")
    taken = free_port(FIRST_PORT)
    with socket.create_server(("127.0.0.1", taken)):
        run.start()
        assert all(f":{taken}" not in address for address in run.addresses()["services"].values())
        yield run
    if run.process and run.process.poll() is None:
        run.stop(signal.SIGTERM)
    remove_state(run.state)


def test_every_service_is_ready_and_has_its_pages(up: Up) -> None:
    """Once `up` says so, each service answers at the printed address, and `status` reports all of them ready."""
    services = up.addresses()["services"]
    assert list(services) == list(SERVICES)
    for address in services.values():
        assert f"{address}/docs" in up.output()
        assert httpx2.get(f"{address}/openapi.json", timeout=60).json()["openapi"]
        page = httpx2.get(f"{address}/docs", timeout=60).text
        needed = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert len(needed) == 3
        assert [one for one in needed if not one.startswith(address)] == [], (
            "the page must not load anything from other hosts"
        )
        assert all(httpx2.get(one, timeout=60).is_success for one in needed)
    status = up.run("status")
    assert (status.returncode, status.stdout.count(" ready ")) == (0, len(SERVICES)), status.stdout


def test_a_repeated_grant_publishes_the_officer_once(up: Up) -> None:
    """`grant` publishes the organisation and the officer once; a second run changes nothing; `tail` shows no name."""
    described = ["--organisation", "ror:03angcq70", "--kind", "university", "--country", "GB", "--city", "Birmingham"]
    described += ["--level", "national", "--sector", "education", "--city-zh", "伯明翰", "--address", "Edgbaston"]
    first = up.run("grant", *OFFICER, *described, "--organisation-name", "University of Birmingham")
    again = up.run("grant", *OFFICER, "--organisation", "ror:03angcq70")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert first.stdout == again.stdout
    up.until(lambda: len(events(up)) == 2)
    assert [(e["type"], e["sequence"], e["body"] is None) for e in events(up)] == [
        ("entente.partners.organisation.registered.v1", 1, False),
        ("entente.partners.person.state.v1", 1, True),
    ]
    body = events(up)[0]["body"]
    assert (body["level"], body["sector"], body["city"], body["address"]) == (
        "national", "education", {"en": "Birmingham", "zh": "伯明翰"}, {"en": "Edgbaston", "zh": None},
    )  # fmt: skip
    readable = up.run("tail", "--from-beginning", "--stop").stdout
    assert "partners.person.state" in readable
    assert "Li Wei" not in readable
    assert "Li Wei" in up.run("tail", "--from-beginning", "--stop", "--json", "--personal").stdout


def test_a_token_calls_the_apis(up: Up) -> None:
    """`up` says that nobody can sign in yet; a person who is then added gets a token that works; others get none."""
    assert "Nobody can sign in yet: play a story by `entente demo`, or add people by `entente people`." in up.output()
    introduce([Person(subject="li.wei", name=Name(en="Li Wei", zh="李伟"))], up.state / "people.yaml")
    token, people, unknown = up.run("token", "li.wei"), up.run("token"), up.run("token", "li.wie")
    headers = {"Authorization": f"Bearer {token.stdout.strip()}"}
    me = httpx2.get(f"{up.addresses()['services']['partners']}/me", headers=headers)

    assert (token.returncode, people.stdout, me.status_code) == (0, "li.wei  Li Wei\n", 200), me.text
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
    assert "did you mean li.wei?" in unknown.stderr


def events(up: Up) -> list[dict[str, Any]]:
    """All events, as `tail` prints them to standard output."""
    ran = up.run("tail", "--from-beginning", "--stop", "--json")
    assert (ran.returncode, ran.stderr.startswith("Reading all events of ")) == (0, True), ran.stderr
    return sorted(map(json.loads, ran.stdout.splitlines()), key=lambda event: event["type"])


def test_a_grant_with_an_unknown_identifier_is_refused_in_one_line(up: Up) -> None:
    """An unknown identifier and an invalid one are each refused in one line."""
    unknown = up.run("grant", *OFFICER, "--organisation", "ror:01rxvg760")
    wrong = up.run("grant", *OFFICER, "--organisation", "ror:03angcq71")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
    assert "also say its kind, name, country and city" in unknown.stderr
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "check it at ror.org" in wrong.stderr


def test_the_doctor_finds_no_fault(up: Up) -> None:
    """On a running installation every check passes, including the owners' passwords and the topics."""
    found = up.run("doctor")
    assert (found.returncode, "wrong" in found.stdout) == (0, False), found.stdout
    assert "partners_owner can log in" in found.stdout
    assert "topics" in found.stdout


def test_topics_and_migrate_change_nothing_on_a_running_installation(up: Up) -> None:
    """They have nothing to do, and there are no dead letters."""
    topics = up.run("topics", "--check")
    assert (topics.returncode, topics.stdout) == (
        0,
        "".join(f"{name}: as it should be\n" for name in wanted_topics(load_all().values())),
    )
    assert up.run("migrate").stdout == "".join(f"{name}: up to date\n" for name in SERVICES)
    assert up.run("dead-letters", "list", "--json").stdout == "[]\n"


def test_a_second_run_and_a_reset_are_refused(up: Up) -> None:
    """While `up` runs, its state can be neither used nor deleted; the refusal names the process."""
    assert up.process
    for words in (["up"], ["reset", "--yes"]):
        refused = up.run(*words)
        assert refused.returncode == 1
        assert f"process {up.process.pid}" in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_a_killed_service_is_restarted_at_its_address(up: Up) -> None:
    """It is reported and restarted, and answers at the same address."""
    before, address = up.pid("exchanges"), up.addresses()["services"]["exchanges"]
    os.kill(before, signal.SIGKILL)
    up.until(lambda: "exchanges was killed by SIGKILL; restarting" in up.output())
    up.until(lambda: answers(address))
    assert up.pid("exchanges") != before


def answers(address: str) -> bool:
    """Whether a service is ready."""
    try:
        return httpx2.get(f"{address}/health/ready").json()["status"] == "ready"
    except httpx2.TransportError:
        return False


def test_a_killed_run_does_not_prevent_the_next_one(up: Up) -> None:
    """After `kill -9` no process is left, and the next start has the same data at once."""
    assert up.stop(signal.SIGKILL) == -signal.SIGKILL
    up.until(lambda: up.children() == [])
    assert up.run("status").returncode == 1
    up.start()
    assert len(events(up)) == 2


def test_ctrl_c_stops_everything(up: Up) -> None:
    """Ctrl-C stops all processes, says so, and deletes the addresses; the exit status is 0."""
    assert up.stop(signal.SIGINT) == 0
    assert up.children() == []
    assert "Stopped" in up.output().splitlines()
    assert not (up.state / "addresses.json").exists()
