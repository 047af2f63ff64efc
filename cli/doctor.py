"""`entente doctor`: finds faults and says what to do."""

import asyncio
import os

import typer
from rich.console import Console
from rich.text import Text

from local.checks import Finding, installation, machine, note, wrong
from local.errors import CommandError
from local.installation import find_settings, running_addresses, state_folder
from local.terminal.explain import explain
from local.terminal.stopping import quieten

COLOURS = {"ok": "green", "note": "yellow", "wrong": "bold red"}


def doctor() -> None:
    """Check this machine and the installation, if one is named or running here. Exits with 1 if anything is wrong.

    Example: ENTENTE_DATABASE=db.example.org:5432/entente entente doctor
    """
    quieten("error")  # the checks report warnings as findings
    screen = Console(highlight=False, soft_wrap=True)
    found: list[Finding] = []
    for one in _all():
        screen.print(Text.assemble((f"{one.level:<6}", COLOURS[one.level]), one.sentence))
        found.append(one)
    if any(one.level == "wrong" for one in found):
        raise typer.Exit(1)


def _all() -> list[Finding]:
    state = state_folder()
    running = running_addresses(state)
    elsewhere = "ENTENTE_DATABASE" in os.environ
    checks = machine.CHECKS if elsewhere else (*machine.CHECKS, *machine.EMBEDDED)
    here = [check(state, running) for check in checks]
    return here + asyncio.run(_of_installation())


async def _of_installation() -> list[Finding]:
    try:
        settings = find_settings()
    except CommandError:
        return [note("did not check an installation: none is running here, and no ENTENTE_ variable names one")]
    except Exception as problem:
        if found := explain(problem):
            return [wrong(found[0])]
        raise
    found = await asyncio.gather(*(check(settings) for check in installation.CHECKS))
    return [one for some in found for one in some]
