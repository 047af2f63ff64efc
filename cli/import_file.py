"""`entente import`: sends a file of organisations, people and so on, and prints each mistake in it."""

import asyncio
import json
import os
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer

from local.errors import CommandError
from local.installation import running_addresses, state_folder
from local.terminal.counting import Count, counting
from local.terminal.stopping import quieten
from local.token import development_issuer, fetch_token, people_known
from services import SERVICES
from shared.http.import_progress import NDJSON
from shared.service.settings import Settings
from shared.sheets.reading import CSV, EXCEL

MEDIA = {".csv": CSV, ".txt": CSV, ".tsv": CSV, ".xlsx": EXCEL, ".xls": "application/vnd.ms-excel",
         ".ods": "application/vnd.oasis.opendocument.spreadsheet"}  # fmt: skip
PATIENCE = 600
"""Seconds to wait for the answer to one file."""
TRIES = 5
PERSON = "The subject or name of who imports, at the development issuer; else set ENTENTE_TOKEN to a token."
AT = "The address of the service; by default that of the running `entente up`."
ACTING = "The organisation to act for, if you hold several offices."


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV or a workbook.")],
    what: Annotated[str, typer.Option(help="What the lines are, such as organisations or people.")],
    person: Annotated[str | None, typer.Option("--as", help=PERSON)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look for mistakes.")] = False,
    at: Annotated[str | None, typer.Option(help=AT)] = None,
    acting_for: Annotated[str | None, typer.Option(help=ACTING)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON document.")] = False,
) -> int:
    """Import a file: all of its lines, or none. Exits with 2 and a line for each mistake if there are any.

    Example: entente import universities.csv --what organisations --as ada --dry-run
    """
    quieten()
    service, path = _where(what)
    if (media := MEDIA.get(file.suffix.lower())) is None:
        raise typer.BadParameter(f"{file.name} is no file that can be imported; those end in {', '.join(MEDIA)}")
    headers = {"Content-Type": media, "Accept": NDJSON, "Idempotency-Key": uuid.uuid4().hex}
    headers |= {"Entente-Acting-For": acting_for} if acting_for else {}
    address = f"{at or _running(service)}{path}{'?dry_run=true' if dry_run else ''}"
    with counting(f"Importing {file.name}") as count:
        said = asyncio.run(_sent(address, file.read_bytes(), person, headers, count))
    if as_json:
        print(json.dumps(said, ensure_ascii=False))
        return 2 if said["mistakes"] else 0
    return _show(said, file.name, what)


def _where(what: str) -> tuple[str, str]:
    """The service that imports this, and the path; raises BadParameter."""
    services = [make(Settings(development=True)) for make in SERVICES.values()]
    known = {row.name.removeprefix("import_"): (each.name, row.path) for each in services for row in each.imports}
    if what not in known:
        raise typer.BadParameter(f"there is no import of {what!r}; there are: {', '.join(known)}")
    return known[what]


def _running(service: str) -> str:
    if running := running_addresses(state_folder()):
        return running.services[service]
    raise CommandError(f"no installation runs on {state_folder()}: start `entente up`, or name the service by --at")


async def _sent(
    address: str, data: bytes, person: str | None, headers: Mapping[str, str], count: Count
) -> dict[str, Any]:
    """The answer; raises CommandError for a refusal. Sent again with the same key while the service is away."""
    token = os.environ.get("ENTENTE_TOKEN")
    if person is not None:
        token = await fetch_token(development_issuer(), person, people_known())
    if token is None:
        raise CommandError("say who imports: by --as PERSON at the development issuer, or by a token in ENTENTE_TOKEN")
    sent = {**headers, "Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        for again in reversed(range(TRIES)):
            try:
                async with client.stream("POST", address, content=data, headers=sent) as answer:
                    said = await _told(answer, count)
            except httpx2.TransportError as problem:
                if not again:
                    raise CommandError(f"{address} does not answer ({type(problem).__name__})") from None
            else:
                if "applied" in said:
                    return said
                if said["status"] != 503 or not again:
                    raise CommandError(said["detail"])
            await asyncio.sleep(1)
    raise AssertionError("the last try returns or raises")


async def _told(answer: httpx2.Response, count: Count) -> dict[str, Any]:
    """What became of the file, or the problem detail; counts the lines that are done until then.

    Raises TransportError for an answer that ends before.
    """
    if not answer.is_success:
        return _problem(answer.status_code, await answer.aread())
    async for line in answer.aiter_lines():
        said = json.loads(line)
        if "done" not in said:
            return said
        count(said["done"], said["lines"])
    raise httpx2.RemoteProtocolError("the answer is cut off")


def _problem(status: int, body: bytes) -> dict[str, Any]:
    other = {"status": status, "detail": f"the service answered with {status}"}  # a proxy's page, for one
    with suppress(ValueError):
        return other | dict(json.loads(body))
    return other


def _show(said: Mapping[str, Any], file: str, what: str) -> int:
    if ignored := said["ignored"]:
        print(f"Left aside: {', '.join(ignored)}", file=sys.stderr)
    for one in said["mistakes"]:
        where = [f"{file}:{one['line']}", *([one["column"]] if one["column"] else [])]
        print(f"{': '.join(where)}: {one['reason']}")
    if said["mistakes"]:
        print(f"{said['accepted']} of {said['lines']} lines are right; nothing was imported", file=sys.stderr)
        return 2
    done = "imported" if said["applied"] else "could be imported"
    print(f"{said['lines']} {what} {done}")
    return 0
