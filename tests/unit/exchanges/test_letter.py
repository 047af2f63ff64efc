"""Letters to participants: what is stored of one names nobody, and what is sent is in the reader's language."""

from string import Formatter
from uuid import uuid4

import pytest

from services.exchanges.domain.letter import FRAMES, WORDINGS, Letter, LetterKind, written
from shared.contracts.values import Text
from shared.domain.contact import Language
from tests.unit.exchanges.scene import NOW
from tests.unit.exchanges.test_participant import wei

CAUSE = uuid4()
ABOUT = Text(en="Student exchange", zh="学生交流")
LINK = "https://entente.example.org/sign-in#a-code"


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", Language)
def test_a_letter_calls_them_by_name_and_says_what_it_is_about(kind: LetterKind, language: Language) -> None:
    """In both languages, with nothing left to fill in."""
    participant = wei(language=language)
    letter = Letter.to(participant, kind, CAUSE, NOW, ABOUT)

    subject, text = written(letter, participant, LINK)

    name, about = ("张伟：", "学生交流") if language is Language.CHINESE else ("Dear Wei Zhang,", "Student exchange")
    assert text.startswith(f"{name}\n")
    assert (LINK if kind is LetterKind.SIGN_IN else about) in text
    assert (about in subject, LINK in subject) == (kind is not LetterKind.SIGN_IN, False)
    assert not {"{", "}"} & set(subject + text)


def test_what_is_stored_of_a_letter_names_nobody() -> None:
    """Only the id, until it is sent."""
    stored = Letter.to(wei(), LetterKind.NOMINATED, CAUSE, NOW, ABOUT).model_dump_json()

    assert [word for word in ("Wei", "张", "example.org") if word in stored] == []


def test_one_event_sends_one_letter() -> None:
    """An event that is applied again asks for the same letter, by its id; another participant's is another."""
    first, second = wei(), wei()
    asked = [Letter.to(who, LetterKind.APPROVED, CAUSE, NOW).id for who in (first, first, second)]

    assert (asked[0] == asked[1], asked[0] == asked[2]) == (True, False)


@pytest.mark.parametrize("language", Language)
def test_a_title_in_one_language_stands_in_both(language: Language) -> None:
    """A programme without a title in the reader's language is called by the other one."""
    participant = wei(language=language)
    letter = Letter.to(participant, LetterKind.APPROVED, CAUSE, NOW, Text(zh="学生交流"))

    assert "学生交流" in written(letter, participant, "").subject


@pytest.mark.parametrize("kind", LetterKind)
def test_both_languages_say_the_same_things(kind: LetterKind) -> None:
    """Each wording has the same fields to fill in."""
    fields = {
        language: [{name for _, name, _, _ in Formatter().parse(part) if name} for part in WORDINGS[language][kind]]
        for language in Language
    }  # fmt: skip

    assert fields[Language.ENGLISH] == fields[Language.CHINESE]
    assert all(
        {"{name}", "{text}"} <= {f"{{{n}}}" for _, n, _, _ in Formatter().parse(f) if n} for f in FRAMES.values()
    )
