"""`entente status`: how each service is, in one table."""

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
    """How a service is: `figures` are the sums of its metrics by name (and state, where there is one)."""

    state: str
    reasons: list[str] = field(default_factory=list[str])
    figures: Mapping[str, float] = field(default_factory=dict[str, float])


def status(
    url: Annotated[
        list[str] | None,
        typer.Option(envvar="ENTENTE_STATUS_URLS", help="NAME=ADDRESS of a service that `up` did not start."),
    ] = None,
) -> None:
    """Show how each service is: readiness and why not, outbox, lag, dead letters, timers. Status 1: one is not ready.

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
        raise CommandError(f"nothing runs on {state}: start `entente up`, or name services by --url NAME=ADDRESS")
    return running.services


def _place(text: str) -> tuple[str, str]:
    name, sign, address = text.partition("=")
    if not sign or not name or not _is_http(address):
        raise typer.BadParameter(f"--url {text!r}: write it as NAME=ADDRESS, such as partners=http://127.0.0.1:8081")
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
    """Name, address and host of each process there: several workers of a service have one host name on containers."""
    parts = urlsplit(address)
    found = await _addresses(parts.hostname, parts.port) if parts.scheme == "http" else []
    if len(found) < 2:
        return [(name, address, parts.netloc)]
    port = f":{parts.port}" if parts.port else ""
    return [(f"{name} {ip}", parts._replace(netloc=f"{ip}{port}").geturl(), parts.netloc) for ip in found]


async def _addresses(host: str | None, port: int | None) -> list[str]:
    """The addresses of a host, of one kind: a machine that has one of each is one."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, family=AF_INET, type=SOCK_STREAM)
    except OSError:
        return []  # whoever asks for it will say so
    return sorted({str(one[4][0]) for one in found})


async def look(client: httpx2.AsyncClient, address: str, host: str) -> Seen:
    """How the service at this address, which is also called `host`, is; `away` when it does not answer."""
    named = {"Host": host}
    try:
        ready: dict[str, Any] = (await client.get(f"{address}/health/ready", headers=named)).json()
        metrics = (await client.get(f"{address}/metrics", headers=named)).text
        return Seen(ready["status"], ready["reasons"], sums(metrics))
    except (httpx2.TransportError, ValueError, KeyError) as problem:
        return Seen("away", [f"{address} does not answer as a service of Entente ({type(problem).__name__})"])


def sums(exposition: str) -> dict[str, float]:
    """The sum of each metric over its labels, ages as their maximum; keys of consumers by their state."""
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
