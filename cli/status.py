"""`entente status`: shows the state of each service in one table."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from socket import AF_INET, SOCK_STREAM
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx2
import typer
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from local.errors import CommandError
from local.installation import running_addresses, state_folder
from local.service_processes import local_client
from local.terminal.age import age
from local.terminal.stopping import quieten

COLOURS = {"ready": "green", "degraded": "yellow", "unready": "red", "away": "red"}


@dataclass(frozen=True)
class Seen:
    """The state of a service; `figures` are the sums of its metrics by name (and by state, if labelled)."""

    state: str
    reasons: list[str] = field(default_factory=list[str])
    figures: Mapping[str, float] = field(default_factory=dict[str, float])


def status(
    url: Annotated[
        list[str] | None,
        typer.Option(
            envvar="ENTENTE_STATUS_URLS", help="NAME=ADDRESS of a service that `up` did not start; may be repeated."
        ),
    ] = None,
) -> None:
    """Show each service's readiness, outbox, lag, dead letters and timers. Exits with 1 if one cannot serve.

    Example: entente status --url partners=http://127.0.0.1:8081
    """
    quieten()
    seen = asyncio.run(_look_at(_places(url or [])))
    _show(seen)
    if any(one.state in ("unready", "away") for one in seen.values()):
        raise typer.Exit(1)


def _places(urls: list[str]) -> dict[str, str]:
    if urls:
        return dict(map(_place, urls))
    state = state_folder()
    running = running_addresses(state)
    if running is None:
        raise CommandError(f"nothing is running on {state}: run `entente up`, or give --url NAME=ADDRESS")
    return running.services


def _place(text: str) -> tuple[str, str]:
    name, sign, address = text.partition("=")
    if not sign or not name or not _is_http(address):
        raise typer.BadParameter(f"--url {text!r}: write NAME=ADDRESS, such as partners=http://127.0.0.1:8081")
    return name, address.rstrip("/")


def _is_http(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


async def _look_at(places: Mapping[str, str]) -> dict[str, Seen]:
    processes = [each for place in places.items() for each in await _processes(*place)]
    async with local_client() as client:
        found = await asyncio.gather(*(look(client, address, host) for _, address, host in processes))
    return {name: one for (name, *_), one in zip(processes, found, strict=True)}


async def _processes(name: str, address: str) -> list[tuple[str, str, str]]:
    """Return name, address and host of each process: on Compose, all workers of a service share one host name."""
    parts = urlsplit(address)
    found = await _addresses(parts.hostname, parts.port) if parts.scheme == "http" else []
    if len(found) < 2:
        return [(name, address, parts.netloc)]
    port = f":{parts.port}" if parts.port else ""
    return [(f"{name} {ip}", parts._replace(netloc=f"{ip}{port}").geturl(), parts.netloc) for ip in found]


async def _addresses(host: str | None, port: int | None) -> list[str]:
    """Return a host's IPv4 addresses only: a machine with both IPv4 and IPv6 must count once."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, family=AF_INET, type=SOCK_STREAM)
    except OSError:
        return []  # the request to the host will report the error
    return sorted({str(one[4][0]) for one in found})


async def look(client: httpx2.AsyncClient, address: str, host: str) -> Seen:
    """Return the state of the service at this address, sending `host` as Host; `away` if it does not answer."""
    named = {"Host": host}
    try:
        ready: dict[str, Any] = (await client.get(f"{address}/health/ready", headers=named)).json()
        metrics = (await client.get(f"{address}/metrics", headers=named)).text
        return Seen(ready["status"], ready["reasons"], sums(metrics))
    except (httpx2.TransportError, ValueError, KeyError) as problem:
        return Seen("away", [f"{address} does not answer like an Entente service ({type(problem).__name__})"])


def sums(exposition: str) -> dict[str, float]:
    """Return the sum of each metric over its labels; the maximum for ages; one sum per `state` if labelled."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            name = f"{sample.name}:{sample.labels['state']}" if "state" in sample.labels else sample.name
            before = found.get(name, 0.0)
            found[name] = max(before, sample.value) if "_age_" in name else before + sample.value
    return found


def _show(seen: Mapping[str, Seen]) -> None:
    screen = Console(highlight=False)
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for title in ("service", "state", "outbox", "oldest", "stuck", "lag", "waiting", "parked", "due"):
        named = title in ("service", "state")
        table.add_column(title, justify="left" if named else "right", no_wrap=named)
    for name, one in seen.items():
        table.add_row(name, f"[{COLOURS.get(one.state, 'red')}]{one.state}[/]", *_cells(one.figures))
    screen.print(table)
    for name, one in seen.items():
        for reason in one.reasons:
            screen.print(f"{name}: {reason}", markup=False, soft_wrap=True)


def _cells(figures: Mapping[str, float]) -> list[str]:
    def number(name: str) -> str:
        value = figures.get(f"entente_{name}", math.nan)
        return "–" if math.isnan(value) else f"{value:.0f}"

    oldest = figures.get("entente_outbox_oldest_age_seconds", math.nan)
    return [
        number("outbox_rows"), "–" if math.isnan(oldest) else age(timedelta(seconds=oldest)),
        number("outbox_stuck_rows"), number("consumer_lag_records"), number("consumer_keys:waiting"),
        number("consumer_keys:parked"), number("timers_due"),
    ]  # fmt: skip
