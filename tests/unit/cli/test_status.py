"""How `entente status` reads metrics and finds processes."""

import json
import socket
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from cli.main import run
from cli.status import sums
from local.ports import free_port
from local.terminal.age import age

EXPOSITION = """# TYPE entente_outbox_rows gauge
entente_outbox_rows{topic="a"} 2
entente_outbox_rows{topic="b"} 3
# TYPE entente_outbox_oldest_age_seconds gauge
entente_outbox_oldest_age_seconds{topic="a"} 7
entente_outbox_oldest_age_seconds{topic="b"} 5
# TYPE entente_consumer_keys gauge
entente_consumer_keys{consumer="x",state="waiting"} 1
entente_consumer_keys{consumer="y",state="waiting"} 1
entente_consumer_keys{consumer="x",state="parked"} 4
"""


def test_figures_are_summed_and_ages_are_the_oldest() -> None:
    """Each figure is the sum over topics or consumers, by state if labelled; for ages it is the oldest."""
    assert sums(EXPOSITION) == {
        "entente_outbox_rows": 5,
        "entente_outbox_oldest_age_seconds": 7,
        "entente_consumer_keys:waiting": 2,
        "entente_consumer_keys:parked": 4,
    }


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-1, "0 s"), (59.9, "59 s"), (60, "1 min"), (7200, "2 h"), (86_400 * 9, "9 d")]
)
def test_an_age_is_shown_in_its_largest_unit_only(seconds: float, shown: str) -> None:
    """Fractions and smaller units are dropped."""
    assert age(timedelta(seconds=seconds)) == shown


@contextmanager
def worker(host: str, port: int, status: str) -> Generator[None]:
    """A process that answers like a service with this status."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ready = json.dumps({"status": status, "reasons": [f"asked as {self.headers['Host']}"]})
            self.send_response(200)
            self.end_headers()
            self.wfile.write((EXPOSITION if self.path == "/metrics" else ready).encode())

        def log_message(self, *_: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
            """Log nothing."""

    with ThreadingHTTPServer((host, port), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is this machine on Linux only")
def test_each_of_several_workers_is_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If a name stands for several processes, as on Compose, it finds the one that is not ready."""
    port, ips = free_port(20800), ("127.0.0.1", "127.0.0.2")
    known = socket.getaddrinfo

    def of_all(host: Any, *more: Any, **named: Any) -> Any:
        return (
            [one for ip in ips for one in known(ip, *more, **named)] if host == "work" else known(host, *more, **named)
        )

    monkeypatch.setattr(socket, "getaddrinfo", of_all)
    with ExitStack() as both:
        for ip, status in zip(ips, ("ready", "unready"), strict=True):
            both.enter_context(worker(ip, port, status))
        assert run(["status", "--url", f"partners-work=http://work:{port}"]) == 1
    shown = capsys.readouterr().out
    assert [line.split()[:3] for line in shown.splitlines()[1:3]] == [
        ["partners-work", "127.0.0.1", "ready"],
        ["partners-work", "127.0.0.2", "unready"],
    ]
    assert shown.count(f"asked as work:{port}") == 2


def test_one_process_is_shown_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A machine with both an IPv4 and an IPv6 address is one line."""
    port = free_port(20850)
    with worker("127.0.0.1", port, "ready"):
        assert run(["status", "--url", f"partners=http://localhost:{port}"]) == 0
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:2]] == [["partners", "ready"]]
