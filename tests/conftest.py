"""Starts the embedded parts once a run and an installation once a worker; skipped tests say why."""

import logging
import os
from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest
import structlog

from shared.telemetry.logs import configure_logs
from shared.telemetry.traces import configure_traces
from tests.harness.containers import NoContainers
from tests.harness.installation import Installation, installed
from tests.harness.parts import Addresses, RunningParts, addresses_of

# Each worker has its own range of ports, so that none takes the port of a part that another is restarting.
os.environ["ENTENTE_PORTS_SHIFT"] = str(200 * (1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])))

PARTS = pytest.StashKey[RunningParts]()
ADDRESSES = pytest.StashKey[Addresses]()
PURE = ("tests/unit", "tests/contract")


def pytest_configure(config: pytest.Config) -> None:
    """Configures logs and traces as in production. Under xdist the controller starts the parts before its workers."""
    configure_logs("tests", "warning", json=True)
    configure_traces("tests", environ={})
    if config.getoption("numprocesses", default=None) and not hasattr(config, "workerinput") and not _pure(config):
        _start(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Passes the addresses of the parts to an xdist worker."""
    if ADDRESSES in node.config.stash:
        node.workerinput["entente_parts"] = node.config.stash[ADDRESSES].as_input()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the parts in the process that started them."""
    if PARTS in config.stash:
        config.stash[PARTS].stop()
        del config.stash[PARTS]


LONGEST = (
    "test_demo.py", "test_kills.py", "test_schemathesis.py", "test_cli.py", "test_kafka_down.py", "test_embedded.py",
    "test_notifications_killed.py", "test_notifications.py", "test_relay.py", "test_subscription.py",
)  # fmt: skip
"""The slowest files run first, so that no core is idle at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs the slowest files first, and last those that need an installation: a running one costs a quarter of a core.

    The order within a file stays the same.
    """
    rank = {name: number for number, name in enumerate(LONGEST)}
    installed = {item.path for item in items if "entente" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (rank.get(item.path.name, len(rank)), item.path in installed))


def _pure(config: pytest.Config) -> bool:
    return bool(config.args) and all(str(arg).startswith(PURE) for arg in config.args)


def _start(config: pytest.Config) -> Addresses:
    config.stash[PARTS] = RunningParts()
    try:
        config.stash[ADDRESSES] = config.stash[PARTS].start()
    except NoContainers as reason:
        pytest.exit(str(reason), returncode=2)
    return config.stash[ADDRESSES]


@pytest.fixture(autouse=True)
def same_logging_afterwards() -> Generator[None]:
    """Restores this process's logging after each test, because commands run within a test change it."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in list(root.manager.loggerDict)}
    yield
    root.handlers[:] = handlers
    if root.level != level:
        root.setLevel(level)
    for name in list(root.manager.loggerDict):
        logger, level = logging.getLogger(name), levels.get(name, logging.NOTSET)
        if logger.level != level:  # setting a level clears the caches of all loggers
            logger.setLevel(level)
    structlog.configure(**configured)


@pytest.fixture(scope="session")
def addresses(pytestconfig: pytest.Config) -> Generator[Addresses]:
    """The addresses of Kafka and Postgres in this run."""
    if hasattr(pytestconfig, "workerinput"):
        yield addresses_of(pytestconfig)
    else:
        yield pytestconfig.stash.get(ADDRESSES, None) or _start(pytestconfig)


@pytest.fixture(scope="session")
async def entente(addresses: Addresses) -> AsyncGenerator[Installation]:
    """All services running, on a database and topics of this worker's own."""
    async with installed(addresses) as installation:
        yield installation
