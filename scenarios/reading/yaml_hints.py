"""Hints for errors whose words mislead: YAML's own, and those about text that was taken for a name."""

import re

QUOTE = "put text that has a comma or a colon in it in quotation marks"
INDENT = "this line is indented differently from those above it"
COLON, BLOCK_END = "mapping values are not allowed", "expected <block end>"
YAML_HINTS = {
    BLOCK_END: INDENT,
    COLON: "put text that has a colon in it in quotation marks, and a space after each `-`",
    "'\\t'": "use spaces, not a tab",
    "expected ',' or '}'": f"close the bracket, and {QUOTE}; the comma between two fields is `,`",
    "expected ',' or ']'": f"close the bracket, and {QUOTE}; the comma between two entries is `,`",
    "could not find expected ':'": "write `name: value`, with a space after the colon",
}
"""By a part of YAML's message."""
KEY = re.compile(r"(?P<indent> *(?:- +)?)(?P<name>[\w-]+):(?: |$)")


def hint_on_yaml(reason: str, lines: list[str], line: int, column: int) -> str:
    """YAML's message for a place (counted from 1), with a hint where there is one."""
    if (COLON in reason or BLOCK_END in reason) and (hint := _indent_hint(lines, line, column)):
        return hint
    return next((f"{reason}; {hint}" for words, hint in YAML_HINTS.items() if words in reason), reason)


def hint_on_name(name: str, *, is_text: bool) -> str | None:
    """A hint on an unknown field: a colon that is not ASCII's, or, if `is_text`, text after a comma."""
    if "：" in name:
        return "write its colon as `:`, with a space after it"
    return QUOTE if is_text or " " in name else None


def _indent_hint(lines: list[str], line: int, column: int) -> str:
    """The hint if the line is a `name: value` whose indent is not that of a line above, but near it."""
    found = KEY.match(lines[line - 1])
    # YAML complains about the name, or about the colon after it where it took the line for more text of the one above.
    if not found or column - 1 not in (len(found["indent"]), found.end("name")):
        return ""
    indents = [(len(key["indent"]), n) for n in range(line - 1, 0, -1) if (key := KEY.match(lines[n - 1]))]
    spaces = len(found["indent"])
    wanted, where = min(indents, key=lambda each: abs(each[0] - spaces), default=(spaces, 0))
    return "" if wanted == spaces else f"{INDENT}: it begins after {spaces} spaces; write {wanted}, as in line {where}"
