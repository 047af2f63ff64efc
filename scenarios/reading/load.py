"""Reading a scenario file: everything that is wrong with it is told at once, each with line, column and field."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path as File
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import available_timezones

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from scenarios.catalogue import Catalogue, catalogue
from scenarios.reading.name_mistakes import name_faults
from scenarios.reading.schema_mistakes import Fault, Located, Path, WrongScenario, place, schema_faults
from scenarios.reading.yaml_hints import of_yaml
from scenarios.references import references, resolved
from scenarios.schema import scenario_schema
from scenarios.story import Scenario, scenario_of, use_case_of


def load(path: File, rows: Catalogue | None = None) -> Scenario:
    """The scenario in a YAML file; raises WrongScenario with all that is wrong, OSError if it cannot be read."""
    rows = rows or catalogue()
    tree = _parsed(path)
    said = _plain(tree)
    found = schema_faults(scenario_schema(rows), said)
    story = cast("Mapping[str, Any]", said)
    if not found:
        found = [*name_faults(story, rows), *_whole_faults(story), *_value_faults(story, rows)]
    if found:
        raise WrongScenario([Located(str(path), *_position(tree, fault.at), fault.sentence) for fault in found])
    return scenario_of(story, lambda at: _position(tree, at)[0])


class _DaysAsText(RoundTripConstructor):
    """A day is text as in a request, so that one that does not exist is told at its place."""


_DaysAsText.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def _parsed(path: File) -> Any:
    try:
        yaml = YAML(typ="rt", pure=True)
        yaml.Constructor = _DaysAsText
        return yaml.load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = " ".join(str(error.problem or error.context).split())
        raise WrongScenario([Located(str(path), line, column, f"not YAML: {of_yaml(reason)}")]) from None
    except (YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise WrongScenario([Located(str(path), 1, 1, f"not YAML in UTF-8: {error}")]) from None


def _plain(node: Any) -> Any:
    """The tree without its lines."""
    if isinstance(node, Mapping):
        return {str(name): _plain(each) for name, each in cast("Mapping[Any, Any]", node).items()}
    if isinstance(node, list):
        return [_plain(each) for each in cast("list[Any]", node)]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _position(tree: Any, at: Path) -> tuple[int, int]:
    """The line and column, counted from 1, of what is at a path, or of the nearest around it that has a place."""
    line, column = 0, 0
    for part in at:
        with suppress(KeyError, AttributeError, TypeError, IndexError):
            line, column = tree.lc.key(part) if isinstance(tree, CommentedMap) else tree.lc.item(part)
        if not isinstance(tree, CommentedMap | CommentedSeq):
            break
        try:
            tree = cast("Any", tree)[part]
        except (KeyError, IndexError):
            break
    return line + 1, column + 1


def _whole_faults(said: Mapping[str, Any]) -> Iterator[Fault]:
    """No operator; an unknown time zone."""
    if not any("operator" in office["roles"] for each in said["people"].values() for office in each["offices"]):
        yield Fault(("people",), "field 'people': nobody is an operator; give one person an office with that role")
    if said.get("time_zone", "UTC") not in available_timezones():
        zone = said["time_zone"]
        yield Fault(("time_zone",), f"field 'time_zone': {zone!r} is not an IANA time zone such as 'Asia/Shanghai'")


def _value_faults(said: Mapping[str, Any], rows: Catalogue) -> Iterator[Fault]:
    """What the use cases themselves refuse to read: a check digit, a time zone, the same side twice."""
    for handle, each in said["organisations"].items():
        yield from _refused(("organisations", handle), each, rows, "register_organisation")
    for number, step in enumerate(said["steps"]):
        if use_case := use_case_of(step):
            yield from _refused(("steps", number, use_case), step[use_case], rows, use_case)


def _refused(at: Path, fields: Mapping[str, Any], rows: Catalogue, use_case: str) -> Iterator[Fault]:
    # An id of its own stands for each reference, so that the same side named twice is still seen.
    tried = resolved(fields, date.today(), lambda reference: str(uuid5(NAMESPACE_URL, reference)))
    standing = [where for where, _ in references(fields)]
    try:
        rows.use_cases[use_case].row.ask.model_validate(tried)
    except ValidationError as error:
        for each in error.errors():
            if not any(each["loc"][: len(where)] == where for where in standing):
                where = (*at, *each["loc"])
                yield Fault(where, f"{place(where, entry=False)}: {each['msg'].removeprefix('Value error, ')}")
