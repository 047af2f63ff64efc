"""How `entente token` gets a token from the development issuer, and its messages if it cannot."""

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
    """A state folder that no run uses."""
    for name in ("ENTENTE_ISSUER", "ENTENTE_ISSUER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENTENTE_STATE", str(tmp_path))
    return tmp_path


async def token_subject(person: str) -> str | None:
    """The subject of the token that `person` gets from an issuer that knows Ada and Li Wei."""
    people = People()
    people.register([ADA, LI])
    issuer = DevelopmentIssuer(people=people)
    async with serving(issuer_app(issuer)) as address:
        return issuer.subject_of(await fetch_token(address, person, [ADA, LI]))


@pytest.mark.parametrize(("person", "subject"), [("ada", "ada"), ("Li Wei", "li.wei"), ("艾达", "ada")])
async def test_a_person_is_named_by_subject_or_name(person: str, subject: str) -> None:
    """The token is for the subject in both cases."""
    assert await token_subject(person) == subject


@pytest.mark.parametrize(("person", "said"), [
    ("adda", "knows no person called 'adda': did you mean ada?"),
    ("li wei", "knows no person called 'li wei': did you mean li.wei?"),
    ("x", "knows no person called 'x'; it knows ada, li.wei"),
])  # fmt: skip
async def test_an_unknown_person_is_refused_with_a_hint(person: str, said: str) -> None:
    """A similar name is suggested; failing that, all names are listed."""
    with pytest.raises(CommandError, match=said.replace("?", r"\?")):
        await token_subject(person)


async def test_with_no_known_people_it_says_how_to_add_them() -> None:
    """It names the commands."""
    async with serving(issuer_app(DevelopmentIssuer())) as address:
        with pytest.raises(CommandError, match="`entente people`, or play a story by `entente demo`"):
            await fetch_token(address, "ada", [])


async def test_an_issuer_that_does_not_answer_is_named() -> None:
    """The message has its address."""
    with pytest.raises(CommandError, match=r"at http://127\.0\.0\.1:1 does not answer"):
        await fetch_token("http://127.0.0.1:1", "ada", [])


def test_without_a_development_issuer_it_says_what_to_do(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start it, or get a token from the configured identity provider."""
    with pytest.raises(CommandError, match=f"no development issuer runs on {state}: start `entente up`"):
        development_issuer()
    monkeypatch.setenv("ENTENTE_ISSUER", "https://login.example.org")
    with pytest.raises(CommandError, match=r"takes tokens of https://login\.example\.org"):
        development_issuer()


def test_an_issuer_elsewhere_is_found_by_the_environment(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The issuer may run in another container."""
    monkeypatch.setenv("ENTENTE_ISSUER_ADDRESS", "http://issuer.test:8080/")

    assert development_issuer() == "http://issuer.test:8080"


def test_people_are_read_from_the_state_folder(state: Path) -> None:
    """At first there is nobody."""
    before = people_known()
    introduce([ADA], state / "people.yaml")

    assert (before, people_known()) == ([], [ADA])


def test_the_suggested_command_uses_the_same_installation(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the same program and state folder, so that it can be pasted into another terminal."""
    monkeypatch.setattr(sys, "argv", [".venv/bin/entente", "up"])
    words = how_to_call("Ada Lovelace", "ada", "http://127.0.0.1:8081/me").splitlines()

    assert words == [
        "Try it as Ada Lovelace:",
        f"TOKEN=$(ENTENTE_STATE={state} .venv/bin/entente token ada)",
        'curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:8081/me" | python3 -m json.tool',
    ]
