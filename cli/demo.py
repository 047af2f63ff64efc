"""`entente demo`: plays a scenario through the public HTTP APIs, and shows what every service makes of it."""

import asyncio
import json as json_text
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from local.development.people import Name, Person, introduce
from local.installation import DATABASE, ROOT, host_port, kept_passwords, password_variables, running_addresses
from local.installation import state_folder as found_state_folder
from local.running_installation import STEPS, running_installation
from local.terminal.progress import progress
from local.terminal.stopping import quieten, until_stopped
from scenarios.installation.compose import compose_places
from scenarios.installation.compose import let_in as let_in_by_compose
from scenarios.output.screen import Screen, document
from scenarios.playing.client import Places
from scenarios.playing.play import Played, play
from scenarios.reading.load import load
from scenarios.reading.schema_mistakes import WrongScenario
from scenarios.references import handle_of
from scenarios.story import Cast, Scenario
from services import SERVICES
from services.partners.app.register_organisation import RegisterOrganisation
from services.partners.owner import FirstOperator, let_in
from shared.contracts.values import Text
from shared.domain.actor import Role
from shared.service.settings import DEVELOPMENT_ISSUER, Settings

STORY = ROOT / "deploy" / "scenarios" / "birmingham-nanjing.yaml"
DEVELOPMENT = ("issuer", "mailbox")


def demo(
    file: Annotated[Path, typer.Argument(help="The scenario; see docs/scenarios.md.", show_default=False)] = STORY,
    url: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=URL", help="Play against running services: each of them, issuer, mailbox."),
    ] = None,
    compose: Annotated[bool, typer.Option("--compose", help="Play against what docker compose runs.")] = False,
    exit: Annotated[bool, typer.Option("--exit", help="End after the table, also in a terminal.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the story.")] = False,
) -> int:
    """Play a scenario: by default Birmingham and Nanjing, on everything that `entente up` would start.

    The exit status is 0 if all was as expected, 1 if not, 2 if the file is wrong.

    Example: entente demo my-cities.yaml --exit
    """
    quieten()
    try:
        scenario = load(file)
    except WrongScenario as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{file} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    console = Console(highlight=False, stderr=json, quiet=json)
    show = _Show(scenario, console, stays=console.is_terminal and not (exit or json or url or compose), json=json)
    ended = asyncio.run(until_stopped(show.run(_stage_of(scenario, url, compose=compose))))
    return show.status if ended or show.played else 130


class _Show:
    """One demonstration."""

    def __init__(self, scenario: Scenario, console: Console, *, stays: bool, json: bool) -> None:
        self._scenario, self._console, self._stays, self._json = scenario, console, stays, json
        self.played: Played | None = None

    @property
    def status(self) -> int:
        """The exit status."""
        return 0 if self.played and self.played.ok else 1

    async def run(self, stage: AbstractAsyncContextManager[Places]) -> None:
        """Plays on the stage."""
        async with stage as found:
            await self._play(found)
            if self._stays:
                self._console.print(_what_next(found, self._scenario), soft_wrap=True)
                try:
                    await asyncio.Event().wait()
                finally:
                    self._console.print("Stopping; what was played is kept, and `entente reset` deletes it")

    async def _play(self, places: Places) -> None:
        screen = Screen(self._console, self._scenario)
        screen.begin()
        self.played = await play(self._scenario, places, screen.tell)
        screen.table(self.played)
        if self._json:
            print(json_text.dumps(document(self.played), ensure_ascii=False, indent=2), flush=True)


def _stage_of(scenario: Scenario, url: list[str] | None, *, compose: bool) -> AbstractAsyncContextManager[Places]:
    if compose and url:
        raise typer.BadParameter("--compose finds the addresses itself: leave --url out")
    return nullcontext(_places(url)) if url else _composed(scenario) if compose else _stage(scenario)


@asynccontextmanager
async def _composed(scenario: Scenario) -> AsyncGenerator[Places]:
    """What docker compose runs, with the scenario's people let in."""
    places = await compose_places()
    await let_in_by_compose(_people(scenario), _operator(scenario))
    yield places


@asynccontextmanager
async def _stage(scenario: Scenario) -> AsyncGenerator[Places]:
    """The installation of the state folder, running already or brought up, with the scenario's people let in."""
    state = found_state_folder()
    if running := running_addresses(state):
        places = Places(running.services, running.issuer, running.mailbox)
        await _let_in(scenario, state, running.postgres, running.kafka)
        yield places
        return
    async with AsyncExitStack() as stack:
        with progress("Starting", STEPS) as report:
            found = await stack.enter_async_context(running_installation(state, report=report))
        await _let_in(scenario, state, host_port(found.postgres), found.kafka)
        yield Places(found.services, found.issuer, found.mailbox)


async def _let_in(scenario: Scenario, state: Path, postgres: str, kafka: str) -> None:
    """Has the issuer know the people, and the directory its operator."""
    introduce(_people(scenario), state / "people.yaml")
    os.environ |= password_variables(kept_passwords(state, list(SERVICES)))
    settings = Settings(database=f"{postgres}/{DATABASE}", kafka=kafka, development=True)
    await let_in(settings, _operator(scenario))


def _people(scenario: Scenario) -> list[Person]:
    return [
        Person(subject=each.subject, name=Name(en=str(each.name), zh=each.name.zh)) for each in scenario.people.values()
    ]


def _operator(scenario: Scenario) -> FirstOperator:
    operator = scenario.operator
    office = next(each for each in operator.offices if "operator" in each.fields["roles"])
    said = scenario.organisations[handle_of(office.organisation)]
    home = RegisterOrganisation.model_validate({name: each for name, each in said.items() if name != "parent_id"})
    return FirstOperator(
        subject=operator.subject,
        issuer=DEVELOPMENT_ISSUER,
        name=operator.name,
        title=Text.model_validate(office.fields["title"]),
        roles=frozenset(Role(role) for role in office.fields["roles"]),
        identifier=next(iter(home.identifiers), None),
        organisation=home,
    )


def _places(url: list[str]) -> Places:
    """The addresses that `--url` gives."""
    given = dict(_named(each) for each in url)
    if missing := [name for name in ("partners", "issuer") if name not in given]:
        raise typer.BadParameter(f"--url is missing for {' and '.join(missing)}; write --url {missing[0]}=http://…")
    services = {name: address for name, address in given.items() if name not in DEVELOPMENT}
    return Places(services, given["issuer"], given.get("mailbox"))


def _named(text: str) -> tuple[str, str]:
    name, equals, address = text.partition("=")
    if not equals or name not in (*SERVICES, *DEVELOPMENT) or not address.startswith(("http://", "https://")):
        names = ", ".join((*SERVICES, *DEVELOPMENT))
        raise typer.BadParameter(f"--url {text!r}: write NAME=URL with one of {names}")
    return name, address


def _what_next(places: Places, scenario: Scenario) -> str:
    """Where to look further, and a command to try."""
    pages = [f"  {name:<17} {address}/docs" for name, address in places.services.items()]
    person = _somebody(scenario)
    return "\n".join([
        "\nIt stays up until Ctrl-C. The pages of each service's API:",
        *pages,
        f"  {'mailbox':<17} {places.mailbox}/mails",
        f"\nTry it as {person.name}:",
        f"TOKEN=$(curl -s -d grant_type=client_credentials -d client_id={person.subject} {places.issuer}/token |"
        " sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')",
        f'curl -s -H "Authorization: Bearer $TOKEN" "{places.services["partners"]}/agreements?sort=-starts_on"'
        " | python3 -m json.tool",
        "",
    ])  # fmt: skip


def _somebody(scenario: Scenario) -> Cast:
    """Somebody who sees agreements and holds one office, so that no header need say which."""
    single = [each for each in scenario.people.values() if len(each.offices) == 1 and not each.is_operator]
    return next(iter(single), scenario.operator)
