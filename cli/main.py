"""The `entente` command: which commands it has, and how it tells of a trouble that was to be expected."""

import importlib
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

COMMANDS = {
    "demo": "cli.demo:demo",
    "up": "cli.up:up",
    "status": "cli.status:status",
    "tail": "cli.tail:tail",
    "dead-letters": "cli.dead_letters:dead_letters",
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
"""In the order of the help: where each is."""

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """The command line; of all commands, or only of the one that `words` begin with: a service starts quicker so."""
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
    """The version of this checkout."""
    return tomllib.loads(PROJECT.read_text())["project"]["version"]


def entente(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """An international partnership programme as services on Kafka and Postgres.

    Example: entente up
    """
    del version


def run(words: Sequence[str]) -> int:
    """Runs a command line and returns its exit status: 2 for what was asked wrongly, 1 for what did not succeed."""
    try:
        result = command_line(words)(list(words) or ["--help"], standalone_mode=False, prog_name="entente")
        return result if isinstance(result, int) else 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough of it; Python must not complain of that at its exit.
        sys.stderr.close()
        return 1
    except Exception as trouble:
        # Imported here: it knows every kind of trouble, and with them every module.
        from local.terminal.explain import explain

        found = explain(trouble)
        if found is None:
            raise
        sentence, status = found
        print(f"entente: {sentence}", file=sys.stderr)
        return status
