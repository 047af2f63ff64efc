"""The embedded installation of the state folder: the one that `entente up` runs, or one started for the scenario."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from local.development.people import introduce
from local.installation import (
    DATABASE,
    host_port,
    kept_passwords,
    password_variables,
    running_addresses,
    state_folder,
)
from local.running_installation import STEPS, running_installation
from local.terminal.progress import progress
from scenarios.installation.people import operator_of, people_of
from scenarios.playing.client import Endpoints
from scenarios.story import Scenario
from services import SERVICES
from services.partners.owner import admit
from shared.service.settings import Settings


@asynccontextmanager
async def embedded(scenario: Scenario) -> AsyncGenerator[Endpoints]:
    """The addresses, once the scenario's people can sign in; at the end it stops what it started."""
    state = state_folder()
    if running := running_addresses(state):
        await _admit(scenario, state, running.postgres, running.kafka)
        yield Endpoints(running.services, running.issuer, running.mailbox)
        return
    async with AsyncExitStack() as stack:
        with progress("Starting", STEPS) as report:
            found = await stack.enter_async_context(running_installation(state, report=report))
        await _admit(scenario, state, host_port(found.postgres), found.kafka)
        yield Endpoints(found.services, found.issuer, found.mailbox)


async def _admit(scenario: Scenario, state: Path, postgres: str, kafka: str) -> None:
    introduce(people_of(scenario), state / "people.yaml")
    os.environ |= password_variables(kept_passwords(state, list(SERVICES)))
    settings = Settings(database=f"{postgres}/{DATABASE}", kafka=kafka, development=True)
    await admit(settings, operator_of(scenario))
