"""`entente import`: sends a file of organisations, people and so on, and prints each mistake in it."""

import asyncio
import os
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer

from local.errors import CommandError
from local.installation import running_addresses, state_folder
from local.terminal.progress import progress
from local.terminal.stopping import quieten
from local.token import development_issuer, fetch_token, people_known
from services import SERVICES
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
) -> int:
    """Import a file: all of its lines, or none. Exits with 2 and a line for each mistake if there are any.

    Example: entente import universities.csv --what organisations --as ada --dry-run
    """
    quieten()
    service, path = _where(what)
    if (media := MEDIA.get(file.suffix.lower())) is None:
        raise typer.BadParameter(f"{file.name} is no file that can be imported; those end in {', '.join(MEDIA)}")
    headers = {"Content-Type": media, "Idempotency-Key": uuid.uuid4().hex}
    headers |= {"Entente-Acting-For": acting_for} if acting_for else {}
    address = f"{at or _running(service)}{path}{'?dry_run=true' if dry_run else ''}"
    with progress(f"Importing {file.name}", 1) as report:
        report(f"Sending {file.name}, {file.stat().st_size:,} bytes", None)
        said = asyncio.run(_sent(address, file.read_bytes(), person, headers))
        report("Answered", 1.0)
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


async def _sent(address: str, data: bytes, person: str | None, headers: Mapping[str, str]) -> dict[str, Any]:
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
                answer = await client.post(address, content=data, headers=sent)
            except httpx2.TransportError as problem:
                if not again:
                    raise CommandError(f"{address} does not answer ({type(problem).__name__})") from None
            else:
                if answer.status_code != 503 or not again:
                    return _read(answer)
            await asyncio.sleep(1)
    raise AssertionError("the last try returns or raises")


def _read(answer: httpx2.Response) -> dict[str, Any]:
    if answer.is_success:
        return answer.json()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError):
        detail = f"the service answered with {answer.status_code}"
    raise CommandError(detail)


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
