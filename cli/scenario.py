"""`entente scenario`: checks a scenario file, lists what one can say, prints the schema for editors."""

import json as json_text
import sys
from pathlib import Path
from typing import Annotated

import typer

from local.terminal.stopping import quieten
from scenarios.catalogue import catalogue
from scenarios.listing.entries import entries, found_by, listed
from scenarios.output.document import error_document, mistakes_document
from scenarios.reading.load import load
from scenarios.reading.mistakes import WrongScenario
from scenarios.schema import scenario_schema
from scenarios.story import Scenario

scenario = typer.Typer(no_args_is_help=True)


@scenario.callback()
def _group() -> None:
    """Help with scenario files: check one, list what it may contain. `entente demo FILE` plays it.

    Example: entente scenario check my-cities.yaml
    """


@scenario.command()
def check(
    file: Annotated[Path, typer.Argument(help="The scenario; see docs/scenarios.md.")],
    json: Annotated[bool, typer.Option("--json", help="Print the mistakes as one JSON document.")] = False,
) -> int:
    """Check a scenario file without playing it; the exit status is 2 if it has mistakes.

    Example: entente scenario check my-cities.yaml
    """
    quieten()
    read = read_scenario(file, json=json)
    if read is None:
        return 2
    if json:
        print(json_text.dumps({"ok": True, "file": str(file), "mistakes": []}, ensure_ascii=False))
    else:
        counts = f"{len(read.organisations)} organisations, {len(read.people)} people, {len(read.steps)} steps"
        print(f"{file} has no mistakes: {counts}")
    return 0


@scenario.command()
def steps(
    word: Annotated[str, typer.Argument(help="Part of a name, or the whole name of a step.", show_default=False)] = "",
) -> int:
    """List the steps that a scenario can have, and the documents, messages, events and problems it can expect.

    With a word: only those it fits, with their fields. With a step's whole name: also its possible problems.

    Example: entente scenario steps agreement
    """
    quieten()
    found = found_by(word, entries(catalogue()))
    if not found:
        raise typer.BadParameter(f"nothing is called {word!r}; `entente scenario steps` lists everything")
    print(listed(found, word))
    return 0


@scenario.command()
def schema() -> int:
    """Print the JSON Schema of scenario files, for an editor.

    Example: entente scenario schema > scenario.schema.json
    """
    quieten()
    print(json_text.dumps(scenario_schema(catalogue()), ensure_ascii=False, indent=2))
    return 0


def read_scenario(file: Path, *, json: bool) -> Scenario | None:
    """The scenario in a file; None after printing its mistakes, as one JSON document if `json`."""
    try:
        return load(file)
    except WrongScenario as wrong:
        document, sentence = mistakes_document(file, wrong.mistakes), str(wrong)
    except OSError as error:
        sentence = f"{file} cannot be read: {error.strerror}"
        document = error_document(file, sentence)
    if json:
        print(json_text.dumps(document, ensure_ascii=False, indent=2))
    print(sentence, file=sys.stderr)
    return None
