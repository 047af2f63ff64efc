"""`entente dead-letters`: events that wait for the event before them, or for an operator."""

import asyncio
import json as json_text
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from local.installation import find_settings
from local.terminal.age import age
from local.terminal.stopping import quieten
from services import SERVICES
from shared.database.pool import connected
from shared.messaging.dead_letter import State
from shared.service.settings import Settings

LIST = """select id, consumer, topic, partition, "offset", key, sequence, event_id, type, state, reason,
        now() - at as age
    from dead_letter where $1::text is null or state = $1 order by consumer, topic, key, sequence, id"""

dead_letters = typer.Typer(no_args_is_help=True)


@dead_letters.callback()
def _group() -> None:
    """Look at events that could not be applied.

    Example: entente dead-letters list
    """


@dead_letters.command("list")
def list_dead_letters(
    service: Annotated[str | None, typer.Argument(help="Only this service; by default all.")] = None,
    state: Annotated[State | None, typer.Option(help="Only events in this state.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
) -> None:
    """List the events that could not be applied, why, and since when. Uses the operator's database role.

    Example: entente dead-letters list exchanges --state parked
    """
    quieten()
    if service is not None and service not in SERVICES:
        raise typer.BadParameter(f"no service is called {service!r}; choose one of {', '.join(SERVICES)}")
    found = asyncio.run(_find(find_settings(), [service] if service else list(SERVICES), state))
    if json:
        print(json_text.dumps(found, default=str, ensure_ascii=False))
    else:
        _show(found)


async def _find(settings: Settings, services: list[str], state: State | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in services:
        async with connected(settings.database_url(name, "operator")) as db:
            rows = await db.fetch(LIST, state)
        found += [{"service": name, **dict(row)} for row in rows]
    return found


def _show(found: list[dict[str, Any]]) -> None:
    # In a file or a pipe, one long line per event, so that a key stays in one piece.
    screen = Console(highlight=False, width=None if sys.stdout.isatty() else 1000)
    if not found:
        screen.print("No events are waiting or parked.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("consumer", "state", "age", "type", "key", "seq", "reason"):
        table.add_column(title, overflow="fold", no_wrap=title in ("state", "age"))
    for row in found:
        consumer, sequence = f"{row['service']}.{row['consumer']}", "" if row["sequence"] is None else row["sequence"]
        kind = (row["type"] or row["topic"]).removeprefix("entente.")
        table.add_row(consumer, row["state"], age(row["age"]), kind, row["key"] or "", str(sequence), row["reason"])
    screen.print(table)
