"""`entente first-operator` runs at every start of an installation and admits each account once."""

import asyncio
import json
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from cli.main import run
from shared.domain.actor import Role
from tests.harness.installation import Client, Installation

LetIn = Callable[[str], Coroutine[Any, Any, str]]
"""Runs the command for a subject and returns its output."""


@pytest.fixture
async def organisation(entente: Installation) -> uuid.UUID:
    """An organisation with an identifier."""
    return await entente.organisation(identifiers=[{"scheme": "local", "value": str(uuid.uuid4())}])


@pytest.fixture
def first_operator(
    entente: Installation, organisation: uuid.UUID, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> LetIn:
    """The command, configured for the installation."""
    settings = entente.settings["partners"]
    for name in ("database", "kafka", "issuer", "topic_prefix"):
        monkeypatch.setenv(f"ENTENTE_{name}".upper(), getattr(settings, name))

    async def command(subject: str) -> str:
        found = await entente.operator.read("partners", f"/organisations/{organisation}")
        who = {"subject": subject, "name": {"en": "Ada"}, "identifier": found["identifiers"][0]}
        status = await asyncio.to_thread(run, ["first-operator", "--who", json.dumps(who)])
        printed = capsys.readouterr()
        # The services run in this process and log there too, a JSON object a line.
        said = [line for line in printed.err.splitlines() if not line.startswith("{")]
        assert (status, said) == (0, [])
        return printed.out

    return command


async def person_of(entente: Installation, subject: str) -> dict[str, Any] | None:
    """The person with this account in the directory, if any."""
    issuer = entente.settings["partners"].issuer
    found = await entente.operator.read("partners", f"/people?account={issuer}|{subject}")
    return next(iter(found["items"]), None)


async def test_the_named_person_becomes_operator(entente: Installation, first_operator: LetIn) -> None:
    """The first run grants the office; the second changes nothing and says so."""
    subject = f"first-{uuid.uuid4()}"

    printed = await first_operator(subject)
    assert printed.startswith("person ")
    assert entente.settings["partners"].issuer in printed
    before = await person_of(entente, subject)
    assert before is not None
    assert [office["roles"] for office in before["offices"]] == [["operator"]]
    again = await first_operator(subject)
    assert (again.count("\n"), "nothing was changed" in again) == (1, True)
    assert await person_of(entente, subject) == before


async def test_a_revoked_operator_stays_revoked(
    entente: Installation, first_operator: LetIn, organisation: uuid.UUID
) -> None:
    """The next start does not restore an office that was revoked over the API."""
    subject = f"first-{uuid.uuid4()}"
    await first_operator(subject)
    person = await person_of(entente, subject)
    assert person
    office = {"office_id": person["offices"][0]["office_id"]}
    await entente.operator.done("partners", f"/people/{person['id']}/revocations", office)

    await first_operator(subject)

    left = await entente.operator.read("partners", f"/people/{person['id']}")
    assert left["offices"] == []


async def test_an_erased_person_stays_erased(entente: Installation, first_operator: LetIn) -> None:
    """An erased person is not registered again."""
    subject = f"first-{uuid.uuid4()}"
    await first_operator(subject)
    person = await person_of(entente, subject)
    assert person
    await entente.operator.done("partners", f"/people/{person['id']}/erasure")

    await first_operator(subject)

    assert await person_of(entente, subject) is None


async def test_a_known_person_is_left_unchanged(
    entente: Installation, first_operator: LetIn, organisation: uuid.UUID
) -> None:
    """A person registered over the API keeps their roles, and is not registered again after erasure."""
    officer: Client = await entente.person(organisation, Role.PARTNERSHIP_OFFICER)
    before = await person_of(entente, officer.subject)
    assert before

    assert "nothing was changed" in await first_operator(officer.subject)
    assert await person_of(entente, officer.subject) == before
    await entente.operator.done("partners", f"/people/{officer.person_id}/erasure")
    await first_operator(officer.subject)
    assert await person_of(entente, officer.subject) is None
