"""Parses the YAML of a scenario file and keeps the position of everything; explains errors of YAML."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path as File
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from scenarios.reading.mistakes import LocatedMistake, WrongScenario
from scenarios.reading.yaml_hints import hint_on_yaml
from scenarios.story import Path

EMPTY = "the file is empty; begin with `name:`, and see docs/scenarios.md for a whole story"
CHINESE = re.compile("[\u4e00-\u9fff]")
OTHER_ENCODINGS = (("UTF-16", b"\xff\xfe"), ("UTF-16", b"\xfe\xff"))


class _DaysAsText(RoundTripConstructor):
    """Leaves a day as text, as in a request, so that 30 February is reported with its place."""


_DaysAsText.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def parse(path: File) -> Any:
    """The tree of a YAML file; raises WrongScenario if it is none, OSError if it cannot be read."""
    text = _decoded(path)
    try:
        yaml = YAML(typ="rt", pure=True)
        yaml.Constructor = _DaysAsText
        tree = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _wrong(path, line, column, _sentence(error, text, line, column)) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise _wrong(path, 1, 1, f"not YAML: {error}") from None
    if tree is None:
        raise _wrong(path, 1, 1, EMPTY)
    return tree


def plain(node: Any) -> Any:
    """The tree as plain mappings, lists and values."""
    if isinstance(node, Mapping):
        return {str(name): plain(each) for name, each in cast("Mapping[Any, Any]", node).items()}
    if isinstance(node, list):
        return [plain(each) for each in cast("list[Any]", node)]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def position(tree: Any, at: Path) -> tuple[int, int]:
    """The line and column, counted from 1, of a path, or of the nearest thing around it."""
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


def _decoded(path: File) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        encoding = _other_encoding(content)
        found = f"it looks like {encoding}" if encoding else "a byte there is no UTF-8"
        convert = f"iconv -f {encoding or 'ENCODING'} -t UTF-8 '{path}' > utf-8.yaml"
        sentence = f"the file must be in UTF-8, and {found}; save it as UTF-8, or run: {convert}"
        raise _wrong(path, len(before), len(before[-1]) + 1, sentence) from None


def _other_encoding(content: bytes) -> str:
    """The encoding that a file seems to have; empty if there is no telling."""
    if found := next((name for name, begin in OTHER_ENCODINGS if content.startswith(begin)), ""):
        return found
    try:
        return "GB18030" if CHINESE.search(content.decode("gb18030")) else ""
    except UnicodeDecodeError:
        return ""


def _sentence(error: MarkedYAMLError, text: str, line: int, column: int) -> str:
    reason = " ".join(str(error.problem or error.context).split())
    if isinstance(error, DuplicateKeyError) and (named := re.search(r'duplicate (?:merge )?key "(.*?)"', reason)):
        return _given_twice(named[1], text.splitlines(), line, column)
    return f"not YAML: {hint_on_yaml(reason, text.splitlines(), line, column)}"


def _given_twice(name: str, lines: list[str], line: int, column: int) -> str:
    """A name given twice in one mapping, with the first line if it is another one."""
    begin = re.compile(rf"(?P<indent>[ -]*)['\"]?{re.escape(name)}['\"]?\s*:")
    above = ((number, begin.match(lines[number - 1])) for number in range(line - 1, 0, -1))
    first = next((number for number, found in above if found and len(found["indent"]) == column - 1), None)
    where = f"; it is in line {first} already" if first else ""
    return f"field {name!r}: the same name is given twice here{where}; rename or remove one"


def _wrong(path: File, line: int, column: int, sentence: str) -> WrongScenario:
    return WrongScenario([LocatedMistake(str(path), line, column, sentence)])
