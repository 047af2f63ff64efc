"""How somebody gets a token of the development issuer, and what they are told when there is none for them."""

import sys
from pathlib import Path

import pytest

from local.development.issuer import DevelopmentIssuer, issuer_app
from local.development.people import Name, People, Person, introduce
from local.development.serving import serving
from local.errors import CommandError
from local.token import development_issuer, fetch_token, how_to_call, people_known

ADA = Person(subject="ada", name=Name(en="Ada Lovelace", zh="艾达"))
LI = Person(subject="li.wei", name=Name(en="Li Wei"))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder on which nothing runs."""
    for name in ("ENTENTE_ISSUER", "ENTENTE_ISSUER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENTENTE_STATE", str(tmp_path))
    return tmp_path


async def asked(person: str) -> str | None:
    """Who the token is about that a person gets from an issuer that knows Ada and Li Wei."""
    people = People()
    people.register([ADA, LI])
    issuer = DevelopmentIssuer(people=people)
    async with serving(issuer_app(issuer)) as address:
        return issuer.subject_of(await fetch_token(address, person, [ADA, LI]))


@pytest.mark.parametrize(("person", "subject"), [("ada", "ada"), ("Li Wei", "li.wei"), ("艾达", "ada")])
async def test_a_person_is_called_by_subject_or_name(person: str, subject: str) -> None:
    """A token for the subject, also when the person's name is given."""
    assert await asked(person) == subject


@pytest.mark.parametrize(("person", "said"), [
    ("adda", "knows nobody called 'adda': did you mean ada?"),
    ("li wei", "knows nobody called 'li wei': did you mean li.wei?"),
    ("x", "knows nobody called 'x'; it knows ada, li.wei"),
])  # fmt: skip
async def test_an_unknown_person_is_refused_with_a_hint(person: str, said: str) -> None:
    """The closest one is offered, or all are named."""
    with pytest.raises(CommandError, match=said.replace("?", r"\?")):
        await asked(person)


async def test_where_nobody_is_known_it_says_how_to_add_people() -> None:
    """By the commands that do it."""
    async with serving(issuer_app(DevelopmentIssuer())) as address:
        with pytest.raises(CommandError, match="`entente people`, or play a story by `entente demo`"):
            await fetch_token(address, "ada", [])


async def test_an_issuer_that_is_away_is_named() -> None:
    """With its address."""
    with pytest.raises(CommandError, match=r"at http://127\.0\.0\.1:1 does not answer"):
        await fetch_token("http://127.0.0.1:1", "ada", [])


def test_where_no_development_issuer_runs_it_says_what_to_do(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start it, or ask the identity provider that is trusted instead."""
    with pytest.raises(CommandError, match=f"no development issuer runs on {state}: start `entente up`"):
        development_issuer()
    monkeypatch.setenv("ENTENTE_ISSUER", "https://login.example.org")
    with pytest.raises(CommandError, match=r"takes tokens of https://login\.example\.org"):
        development_issuer()


def test_an_issuer_elsewhere_is_found_by_the_environment(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container beside it."""
    monkeypatch.setenv("ENTENTE_ISSUER_ADDRESS", "http://issuer.test:8080/")

    assert development_issuer() == "http://issuer.test:8080"


def test_the_people_are_those_of_the_state_folder(state: Path) -> None:
    """Nobody at first."""
    before = people_known()
    introduce([ADA], state / "people.yaml")

    assert (before, people_known()) == ([], [ADA])


def test_the_last_words_call_the_same_installation(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the program and the state folder that were used, so that they can be pasted in another terminal."""
    monkeypatch.setattr(sys, "argv", [".venv/bin/entente", "up"])
    words = how_to_call("Ada Lovelace", "ada", "http://127.0.0.1:8081/me").splitlines()

    assert words == [
        "Try it as Ada Lovelace:",
        f"TOKEN=$(ENTENTE_STATE={state} .venv/bin/entente token ada)",
        'curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:8081/me" | python3 -m json.tool',
    ]
