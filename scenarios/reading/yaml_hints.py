"""What to do about a fault that is not what its words say: of YAML itself, or of text that was taken for a name."""

QUOTE = "put text that has a comma or a colon in it in quotation marks"
OF_YAML = {
    "expected <block end>": "this line is indented differently from those above it",
    "mapping values are not allowed": "put text that has a colon in it in quotation marks, and a space after each `-`",
    "'\\t'": "use spaces, not a tab",
    "expected ',' or '}'": f"close the bracket, and {QUOTE}; the comma between two fields is `,`",
    "expected ',' or ']'": f"close the bracket, and {QUOTE}; the comma between two entries is `,`",
    "could not find expected ':'": "write `name: value`, with a space after the colon",
}
"""By words of YAML's own."""


def of_yaml(reason: str) -> str:
    """What YAML says, and what to do about it where it is known."""
    return next((f"{reason}; {hint}" for words, hint in OF_YAML.items() if words in reason), reason)


def of_name(name: str, *, is_text: bool) -> str | None:
    """What to do about a name that is none: text after a comma, which `is_text` may say, or a colon not ASCII's."""
    if "：" in name:
        return "write its colon as `:`, with a space after it"
    return QUOTE if is_text or " " in name else None
