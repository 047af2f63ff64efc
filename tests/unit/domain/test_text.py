"""Characters allowed in a text: only visible ones in a request, any in a stored event or document."""

import pytest
from pydantic import ValidationError

from shared.contracts.values import ASKED, Document, Text
from shared.domain.command import Command

UNSEEN = [
    "\u202e", "\u2066", "\u200f", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u2029", "\u3164", "\u115f",
    "\u1160", "\u034f", "\u2800", "\u180b", "\u180d", "\u180e", "\uffa0", "\ufe0f", "\U000e0101", "\U000e0041",
]  # fmt: skip
BROKEN = ["\n", "\t", "\r", "\r\n", "\x0b", "\x85"]


class Say(Command):
    """A request with a single line and a longer text."""

    line: Text | None = None
    prose: Document | None = None


def code_points(character: str) -> str:
    return "-".join(f"U+{ord(c):04X}" for c in character)


@pytest.mark.parametrize("unseen", UNSEEN, ids=code_points)
@pytest.mark.parametrize("field", ["line", "prose"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_request_with_invisible_characters_is_refused(unseen: str, field: str, language: str) -> None:
    """Two names that look the same are the same; the refusal names the field."""
    with pytest.raises(ValidationError) as refused:
        Say.model_validate({field: {language: f"Nanjing{unseen} University"}}, context=ASKED)

    assert [error["loc"] for error in refused.value.errors()] == [(field, language)]


@pytest.mark.parametrize("broken", BROKEN, ids=code_points)
def test_a_line_with_a_line_break_is_refused(broken: str) -> None:
    """A line break in a name would start a new line in an email or a list."""
    with pytest.raises(ValidationError):
        Say.model_validate({"line": {"en": f"Nanjing{broken}University"}}, context=ASKED)


def test_a_longer_text_keeps_its_line_breaks_and_tabs() -> None:
    """An agreement has paragraphs; only white space around the text is stripped."""
    asked = Say.model_validate({"prose": {"en": "\n§ 1\tBoth sides work together.\n§ 2\t双方合作。\n"}}, context=ASKED)

    assert asked.prose == Document(en="§ 1\tBoth sides work together.\n§ 2\t双方合作。")


@pytest.mark.parametrize("name", ["Éire – “Ollscoil”", "南京市人民政府", "艾伦·图灵研究所", "Brno (VUT), č. 2"])
def test_names_in_any_script_are_accepted(name: str) -> None:
    """Letters, accents, punctuation and full-width characters are all visible."""
    asked = Say.model_validate({"line": {"zh": name}}, context=ASKED)

    assert str(asked.line) == name


@pytest.mark.parametrize("written", ["Nanjing\u202eUniversity", "Nanjing\nUniversity"])
def test_a_stored_text_stays_readable(written: str) -> None:
    """A text stored before the rule existed is read as it is, even after a request was checked."""
    Say.model_validate({"line": {"en": "Nanjing University"}}, context=ASKED)

    assert Text(en=written).en == written
