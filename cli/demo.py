"""`entente demo`: plays a scenario through the public HTTP APIs and shows what every service makes of it."""

import asyncio
import json as json_text
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.scenario import read_scenario
from local.installation import ROOT
from local.terminal.explain import explain
from local.terminal.stopping import quieten, until_stopped
from scenarios.installation.addresses import WrongAddress, endpoints_at
from scenarios.installation.compose import composed
from scenarios.installation.embedded import embedded
from scenarios.output.document import error_document, played_document
from scenarios.output.screen import Screen
from scenarios.playing.client import Endpoints
from scenarios.playing.play import Played, play
from scenarios.story import Person, Scenario

STORY = ROOT / "deploy" / "scenarios" / "birmingham-nanjing.yaml"


def demo(
    file: Annotated[Path, typer.Argument(help="The scenario; see docs/scenarios.md.", show_default=False)] = STORY,
    url: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=URL", help="Play against running services: each of them, issuer, mailbox."),
    ] = None,
    compose: Annotated[bool, typer.Option("--compose", help="Play against what docker compose runs.")] = False,
    exit: Annotated[bool, typer.Option("--exit", help="End after the table, also in a terminal.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the story.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show each applied event and each check that is as expected.")
    ] = False,
) -> int:
    """Play a scenario: by default Birmingham and Nanjing, on everything that `entente up` would start.

    The exit status is 0 if everything was as expected, 1 if not, 2 if the file is wrong.

    Example: entente demo my-cities.yaml --exit
    """
    quieten()
    scenario = read_scenario(file, json=json)
    if scenario is None:
        return 2
    console = Console(highlight=False, stderr=json, quiet=json)
    stays = console.is_terminal and not (exit or json or url or compose)
    show = _Show(file, scenario, console, stays=stays, json=json, verbose=verbose)
    try:
        ended = asyncio.run(until_stopped(show.run(_installation(scenario, url, compose=compose))))
    except Exception as error:
        if json and not show.played and (found := explain(error)):
            _print(error_document(file, found[0]))
        raise
    return show.status if ended or show.played else 130


class _Show:
    """One demonstration."""

    def __init__(
        self, file: Path, scenario: Scenario, console: Console, *, stays: bool, json: bool, verbose: bool
    ) -> None:
        self._file, self._scenario, self._console, self._stays, self._json = file, scenario, console, stays, json
        self._verbose = verbose
        self.played: Played | None = None

    @property
    def status(self) -> int:
        """The exit status."""
        return 0 if self.played and self.played.ok else 1

    async def run(self, installation: AbstractAsyncContextManager[Endpoints]) -> None:
        """Plays on the installation."""
        async with installation as endpoints:
            await self._play(endpoints)
            if self._stays:
                self._console.print(_what_next(endpoints, self._scenario), soft_wrap=True)
                try:
                    await asyncio.Event().wait()
                finally:
                    self._console.print("Stopping; what was played is kept, and `entente reset` deletes it")

    async def _play(self, endpoints: Endpoints) -> None:
        screen = Screen(self._console, self._scenario, verbose=self._verbose)
        screen.begin()
        self.played = await play(self._scenario, endpoints, screen.show)
        screen.table(self.played)
        if self._json:
            _print(played_document(self._file, self._scenario, self.played))


def _print(document: dict[str, Any]) -> None:
    print(json_text.dumps(document, ensure_ascii=False, indent=2), flush=True)


def _installation(
    scenario: Scenario, url: list[str] | None, *, compose: bool
) -> AbstractAsyncContextManager[Endpoints]:
    if compose and url:
        raise typer.BadParameter("--compose finds the addresses itself: leave --url out")
    try:
        return nullcontext(endpoints_at(url)) if url else composed(scenario) if compose else embedded(scenario)
    except WrongAddress as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _what_next(endpoints: Endpoints, scenario: Scenario) -> str:
    """Where to look further, and a command to try."""
    pages = [f"  {name:<17} {address}/docs" for name, address in endpoints.services.items()]
    person = _somebody(scenario)
    return "\n".join([
        "\nIt stays up until Ctrl-C. The pages of each service's API:",
        *pages,
        f"  {'mailbox':<17} {endpoints.mailbox}/mails",
        f"\nTry it as {person.name}:",
        f"TOKEN=$(curl -s -d grant_type=client_credentials -d client_id={person.subject} {endpoints.issuer}/token |"
        " sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')",
        f'curl -s -H "Authorization: Bearer $TOKEN" "{endpoints.services["partners"]}/agreements?sort=-starts_on"'
        " | python3 -m json.tool",
        "",
    ])  # fmt: skip


def _somebody(scenario: Scenario) -> Person:
    """A person who may read agreements and holds one office, so that no header is needed."""
    single = [each for each in scenario.people.values() if len(each.offices) == 1 and not each.is_operator]
    return next(iter(single), scenario.operator)
