"""Texts for people use the terms of docs/glossary.md and follow the rules of Chinese typography."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from services.notifications.domain.chinese import CHINESE
from services.notifications.domain.wording import Wording
from services.notifications.domain.write import WORDINGS
from shared.domain.actor import OFFICE_ROLES, Role
from shared.domain.contact import Language

ROOT = Path(__file__).parents[3]
SCENARIOS = sorted((ROOT / "deploy" / "scenarios").glob("*.yaml"))


class Term(NamedTuple):
    """A row of a table of the glossary."""

    english: str
    chinese: str
    avoid: list[str]


def terms() -> list[Term]:
    """Every row of every table of the glossary."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [
        Term(english, chinese, [word.strip() for word in avoid.split(",") if word.strip()])
        for english, chinese, avoid, _ in rows
        if english != "English"
    ]


TERMS = terms()


def texts(wording: Wording) -> list[str]:
    """All texts of a language, as format strings."""
    templates = [text for template in wording.templates.values() for text in template]
    words = [*wording.roles.values(), *wording.parts.values(), *wording.reasons.values()]
    return [*templates, wording.because, wording.because_within, *words]


def chinese_of(document: Any) -> Iterator[str]:
    """Every text of a scenario under the key `zh`."""
    if isinstance(document, dict):
        for key, value in document.items():  # pyright: ignore[reportUnknownVariableType]
            if key == "zh" and isinstance(value, str):
                yield value
            yield from chinese_of(value)
    elif isinstance(document, list):
        for value in document:  # pyright: ignore[reportUnknownVariableType]
            yield from chinese_of(value)


def written_in_code() -> list[str]:
    """Every Chinese text in the code, such as the reason given when a call closes on its last day."""
    sources = [path for folder in ("services", "shared", "local") for path in (ROOT / folder).rglob("*.py")]
    return [zh for path in sources for zh in re.findall(r'zh="([^"]+)"', path.read_text(encoding="utf-8"))]


def written_in_scenarios() -> list[str]:
    """Every Chinese text of the scenarios."""
    return [zh for path in SCENARIOS for zh in chinese_of(yaml.safe_load(path.read_text(encoding="utf-8")))]


CHINESE_TEXTS = [*texts(CHINESE), *written_in_code(), *written_in_scenarios()]


def misused(text: str) -> list[str]:
    """The words to avoid that occur in `text` outside a correct term."""
    rest = text
    for right in sorted((term.chinese for term in TERMS), key=len, reverse=True):
        rest = rest.replace(right, "·")
    return [word for term in TERMS for word in term.avoid if word in rest]


def test_the_texts_use_the_words_of_the_glossary() -> None:
    """No Chinese text has a word that the glossary says to avoid."""
    assert {text: words for text in CHINESE_TEXTS if (words := misused(text))} == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [("五大领域合作备忘录", ["备忘录"]), ("五大领域合作谅解备忘录", []), ("等待审阅", ["审阅"])],
)
def test_a_word_to_avoid_is_found_outside_correct_terms_only(text: str, words: list[str]) -> None:
    """备忘录 is found alone but not within 谅解备忘录."""
    assert misused(text) == words


def test_each_term_has_one_row() -> None:
    """No two things have the same name in either language, and no term is a word to avoid."""
    avoided = {word for term in TERMS for word in term.avoid}

    assert len({term.english for term in TERMS}) == len(TERMS)
    assert len({term.chinese for term in TERMS}) == len(TERMS)
    assert [term.chinese for term in TERMS if term.chinese in avoided] == []


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_each_role_has_the_name_in_the_glossary(role: Role) -> None:
    """Both languages call a role by its term in the glossary."""
    english, chinese = (WORDINGS[language].roles[role] for language in (Language.ENGLISH, Language.CHINESE))

    assert english.partition(" ")[2] == role.replace("-", " ")
    assert (role.replace("-", " "), chinese) in {(term.english, term.chinese) for term in TERMS}


@pytest.mark.parametrize("wrong", [r"[\u4e00-\u9fff] | [\u4e00-\u9fff]", r"[\u4e00-\u9fff][,.:;!?()'\"]"])
def test_chinese_follows_chinese_typography(wrong: str) -> None:
    """No space and no half-width punctuation stands next to a Chinese character."""
    plain = [re.sub(r"\{\w+\}", "", text) for text in CHINESE_TEXTS]

    assert [text for text in plain if re.search(wrong, text)] == []
