"""The installation that docker compose runs from this checkout."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from local.development.people import PEOPLE
from local.errors import CommandError
from local.installation import ROOT
from scenarios.installation.people import operator_of, people_of
from scenarios.playing.client import Endpoints
from scenarios.story import Scenario
from services import SERVICES
from shared.service.settings import DEVELOPMENT_ISSUER

HTTP_PORT = 8080
"""The port of every container that speaks HTTP."""
START = "run `docker compose --profile demo up --wait`"


@asynccontextmanager
async def composed(scenario: Scenario) -> AsyncGenerator[Endpoints]:
    """Its addresses, once the scenario's people can sign in.

    Raises CommandError if a part is not up, or if a service does not accept the development issuer's tokens.
    """
    endpoints = await _endpoints()
    people = PEOPLE.dump_json(people_of(scenario))
    await _compose("exec", "-T", "issuer", "entente", "people", standard_input=people)
    operator = {"ENTENTE_FIRST_OPERATOR": operator_of(scenario).model_dump_json(exclude_none=True)}
    await _compose("run", "--rm", "--no-deps", "-T", "first-operator", environment=operator)
    yield endpoints


async def _endpoints() -> Endpoints:
    addresses = _published(await _compose("ps", "--format", "json"))
    if missing := [name for name in (*SERVICES, "issuer", "mailbox") if name not in addresses]:
        raise CommandError(f"docker compose publishes no {', '.join(missing)} from {ROOT}: {START}")
    for service in SERVICES:
        issuer = (await _compose("exec", "-T", service, "printenv", "ENTENTE_ISSUER")).strip()
        if issuer != DEVELOPMENT_ISSUER:
            raise CommandError(f"{service} accepts tokens of {issuer}, which the demo cannot get: unset ENTENTE_ISSUER")
    return Endpoints({name: addresses[name] for name in SERVICES}, addresses["issuer"], addresses["mailbox"])


def _published(output: str) -> dict[str, str]:
    """The address of each container that publishes its HTTP port, by service."""
    containers: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {
        each["Service"]: f"http://{port['URL']}:{port['PublishedPort']}"
        for each in containers
        for port in each["Publishers"] or ()
        if port["TargetPort"] == HTTP_PORT and port["PublishedPort"]
    }


async def _compose(*words: str, standard_input: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
    command = ["docker", "compose", "--profile", "demo", *words]
    try:
        child = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=os.environ | dict(environment or {}), stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
    except FileNotFoundError:
        raise CommandError("docker is not installed here: play without --compose") from None
    output, errors = await child.communicate(standard_input)
    if child.returncode:
        reason = errors.decode(errors="replace").strip() or f"exit status {child.returncode}"
        raise CommandError(f"`{' '.join(command)}` failed: {reason}")
    return output.decode()
