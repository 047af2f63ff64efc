"""The installation that docker compose runs from this checkout: where it answers, and whom it lets in."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from typing import Any

from local.development.people import PEOPLE, Person
from local.errors import CommandError
from local.installation import ROOT
from scenarios.playing.client import Places
from services import SERVICES
from services.partners.owner import FirstOperator
from shared.service.settings import DEVELOPMENT_ISSUER

HTTP = 8080
"""The port of every container that speaks HTTP."""
START = "run `docker compose --profile demo up --wait`"


async def compose_places() -> Places:
    """Where it answers; raises CommandError when a part is not up, or accepts no tokens of the development issuer."""
    addresses = _published(await _compose("ps", "--format", "json"))
    if missing := [name for name in (*SERVICES, "issuer", "mailbox") if name not in addresses]:
        raise CommandError(f"docker compose publishes no {', '.join(missing)} from {ROOT}: {START}")
    for service in SERVICES:
        issuer = (await _compose("exec", "-T", service, "printenv", "ENTENTE_ISSUER")).strip()
        if issuer != DEVELOPMENT_ISSUER:
            raise CommandError(f"{service} accepts tokens of {issuer}, and the demo has none: take ENTENTE_ISSUER away")
    return Places({name: addresses[name] for name in SERVICES}, addresses["issuer"], addresses["mailbox"])


async def let_in(people: Sequence[Person], operator: FirstOperator) -> None:
    """Has the development issuer know the people, and the directory its operator; raises CommandError."""
    await _compose("exec", "-T", "issuer", "entente", "people", given=PEOPLE.dump_json(list(people)))
    named = {"ENTENTE_FIRST_OPERATOR": operator.model_dump_json(exclude_none=True)}
    await _compose("run", "--rm", "--no-deps", "-T", "first-operator", environment=named)


def _published(said: str) -> dict[str, str]:
    """The address of each container that publishes its HTTP port, by service."""
    containers: list[dict[str, Any]] = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return {
        each["Service"]: f"http://{port['URL']}:{port['PublishedPort']}"
        for each in containers
        for port in each["Publishers"] or ()
        if port["TargetPort"] == HTTP and port["PublishedPort"]
    }


async def _compose(*words: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
    command = ["docker", "compose", "--profile", "demo", *words]
    try:
        child = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=os.environ | dict(environment or {}), stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
    except FileNotFoundError:
        raise CommandError("docker is not installed here: play without --compose") from None
    said, problem = await child.communicate(given)
    if child.returncode:
        reason = problem.decode(errors="replace").strip() or f"exit status {child.returncode}"
        raise CommandError(f"`{' '.join(command)}` did not succeed: {reason}")
    return said.decode()
