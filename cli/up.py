"""`entente up`: the whole installation on this machine, in the foreground."""

import asyncio
import time
from contextlib import ExitStack

from rich.console import Console

from local.installation import DATABASE, host_port, state_folder
from local.running_installation import STEPS, RunningInstallation, running_installation
from local.terminal.output import ProcessOutput
from local.terminal.progress import progress
from local.terminal.stopping import quieten, until_stopped
from local.token import how_to_call, people_known
from services import SERVICES


def up() -> None:
    """Run everything on this machine in the foreground until Ctrl-C: embedded Kafka and Postgres, all services.

    The state is kept in `.entente` of the checkout, or in the folder that ENTENTE_STATE names; a port that is taken is
    replaced by the next free one.

    Example: ENTENTE_STATE=/tmp/entente entente up
    """
    quieten()
    asyncio.run(until_stopped(_up()))
    print("Stopped")


async def _up() -> None:
    began, screen = time.monotonic(), Console(highlight=False, soft_wrap=True)
    with ExitStack() as start:
        errors = Console(stderr=True)
        bars = start.enter_context(progress("Starting", STEPS, errors))
        lines = ProcessOutput(screen, ["issuer", "mailbox", *SERVICES], bars, hold=errors.is_terminal)
        start.callback(lines.release)
        async with running_installation(state_folder(), report=lines.report, output=lines.say) as running:
            start.pop_all().close()
            lines.started()
            _show(screen, running, time.monotonic() - began)
            try:
                await asyncio.Event().wait()
            finally:
                screen.print("Stopping")


def _show(screen: Console, running: RunningInstallation, seconds: float) -> None:
    screen.print(f"\nReady in {seconds:.1f} s. Ctrl-C stops everything; the data is kept in {running.state}.")
    rows = {name: f"{address}/docs" for name, address in running.services.items()}
    rows |= {"issuer": running.issuer, "mailbox": f"{running.mailbox}/mails", "kafka": running.kafka}
    for name, where in {**rows, "postgres": f"{host_port(running.postgres)}/{DATABASE}"}.items():
        screen.print(f"  {name:<17} {where}")
    screen.print(f"\n{_what_next(running)}\n", markup=False)


def _what_next(running: RunningInstallation) -> str:
    """How to call the APIs as a person who can sign in."""
    if not (known := people_known()):
        return "Nobody can sign in yet: play a story by `entente demo`, or add people by `entente people`."
    return how_to_call(known[0].name.en, known[0].subject, f"{running.services['partners']}/me")
