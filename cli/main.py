"""The `entente` command: its subcommands, and how it reports expected errors."""

import importlib
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

COMMANDS = {
    "demo": "cli.demo:demo",
    "scenario": "cli.scenario:scenario",
    "up": "cli.up:up",
    "status": "cli.status:status",
    "tail": "cli.tail:tail",
    "token": "cli.token:token",
    "dead-letters": "cli.dead_letters:dead_letters",
    "import": "cli.import_file:import_file",
    "grant": "cli.grant:command",
    "doctor": "cli.doctor:doctor",
    "reset": "cli.reset:reset",
    "serve": "cli.serve:serve",
    "prepare": "cli.prepare:prepare",
    "migrate": "cli.migrate:migrate",
    "topics": "cli.topics:topics",
    "first-operator": "cli.first_operator:first_operator",
    "people": "cli.people:people",
}
"""Subcommands and their functions, in the order of the help."""

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """Return the command line with all subcommands, or only the one that `words` name, which starts faster."""
    app = typer.Typer(
        name="entente",
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(entente)
    for name in COMMANDS if not words or words[0] not in COMMANDS else words[:1]:
        module, _, attribute = COMMANDS[name].partition(":")
        found = getattr(importlib.import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        print(f"entente {version()}")
        raise typer.Exit


def version() -> str:
    """Return the version of this checkout."""
    return tomllib.loads(PROJECT.read_text())["project"]["version"]


def entente(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Run an international partnership programme as services on Kafka and Postgres.

    Example: entente up
    """
    del version


def run(words: Sequence[str]) -> int:
    """Run a command line and return its exit status: 0 for success, 1 for failure, 2 for wrong usage."""
    try:
        result = command_line(words)(list(words) or ["--help"], standalone_mode=False, prog_name="entente")
        return result if isinstance(result, int) else 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has closed it. Close stderr, or Python would complain at exit.
        sys.stderr.close()
        return 1
    except Exception as error:
        # Imported only here: it imports nearly every module for their exceptions.
        from local.terminal.explain import explain

        found = explain(error)
        if found is None:
            raise
        sentence, status = found
        print(f"entente: {sentence}", file=sys.stderr)
        return status
