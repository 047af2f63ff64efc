"""The JSON document of `--json`: the results of a scenario, the mistakes in its file, or why it could not be played."""

from pathlib import Path
from typing import Any

from scenarios.playing.play import Played
from scenarios.playing.progress import Check, Ensured, StepResult
from scenarios.reading.mistakes import LocatedMistake
from scenarios.story import Scenario

Json = dict[str, Any]


def played_document(file: Path, scenario: Scenario, played: Played) -> Json:
    """A scenario that was played: each step with each of its checks."""
    return {
        "ok": played.ok,
        "file": str(file),
        "story": scenario.name.model_dump(exclude_none=True),
        "directory": [_ensured(each) for each in played.directory],
        "steps": [_step(result) for result in played.results],
        "events": played.events,
    }


def mistakes_document(file: Path, mistakes: list[LocatedMistake]) -> Json:
    """A file with mistakes, which was not played."""
    found = [{"line": each.line, "column": each.column, "message": each.sentence} for each in mistakes]
    return {"ok": False, "file": str(file), "mistakes": found}


def error_document(file: Path, sentence: str) -> Json:
    """A file that could not be read, or a scenario that could not be played."""
    return {"ok": False, "file": str(file), "error": sentence}


def _ensured(ensured: Ensured) -> Json:
    return {
        "kind": ensured.kind,
        "handle": ensured.handle,
        "name": ensured.name.model_dump(exclude_none=True),
        "new": ensured.made,
        "differences": [each._asdict() for each in ensured.differences],
    }


def _step(result: StepResult) -> Json:
    step = result.step
    return {
        "number": step.number,
        "title": step.title.model_dump(exclude_none=True),
        "line": step.line,
        "played": result.played,
        "ok": result.ok,
        "checks": [_check(check) for check in result.checks],
    }


def _check(check: Check) -> Json:
    return {
        "kind": check.kind,
        "ok": check.ok,
        "line": check.line,
        "ids": dict(check.ids),
        "expected": {"words": check.expected.words, **check.expected.data},
        "seen": {"words": check.seen.words, **check.seen.data},
        **({"why": check.why} if check.why else {}),
    }
