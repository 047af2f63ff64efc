"""When two officers act at the same time no update is lost: each is either accepted or refused."""

import asyncio
import uuid
from collections import Counter
from typing import Any

import httpx2
import pytest

from shared.service.settings import DEVELOPMENT_ISSUER
from tests.harness.installation import Client, Installation
from tests.harness.story import draft, in_force, programme_of, two_sides
from tests.harness.wrong import slug_of

ROUNDS = 6
TERMS = ("kind", "title", "text", "areas", "signatories", "time_zone", "starts_on")


@pytest.fixture(scope="module")
async def sides(entente: Installation) -> tuple[Client, Client]:
    """An officer of each side."""
    return await two_sides(entente)


def _revised(agreement: dict[str, Any], title: str) -> dict[str, Any]:
    return {name: agreement[name] for name in TERMS} | {"title": {"en": title}}


async def _at_once(path: str, *requests: tuple[Client, dict[str, Any] | None], **headers: str) -> list[httpx2.Response]:
    return await asyncio.gather(*(who.post("partners", path, body, **headers) for who, body in requests))


async def test_one_of_two_revisions_of_the_same_version_is_refused(sides: tuple[Client, Client]) -> None:
    """If two people revise the same version at the same time, one succeeds and the other must read again."""
    ours, theirs = sides
    agreement = await draft(ours, theirs)
    path = f"/agreements/{agreement['id']}"
    for number in range(ROUNDS):
        etag = (await ours.get("partners", path)).headers["etag"]
        requests = [(who, _revised(agreement, f"{number} of {side}")) for side, who in enumerate(sides)]

        answers = await _at_once(f"{path}/revisions", *requests, If_Match=etag)

        [done], [refused] = [[a for a in answers if a.is_success is good] for good in (True, False)]
        assert slug_of(refused, 412) == "changed"
        assert await ours.read("partners", path) == done.json()

    now = await ours.read("partners", path)
    assert (now["version"], now["revision"]["number"]) == (1 + ROUNDS, 1 + ROUNDS)


async def test_both_of_two_revisions_without_an_etag_are_in_the_history(sides: tuple[Client, Client]) -> None:
    """If two people revise at the same time without an ETag, both revisions are made and the history has both."""
    ours, theirs = sides
    agreement = await draft(ours, theirs)
    path = f"/agreements/{agreement['id']}"
    for number in range(ROUNDS):
        requests = [(who, _revised(agreement, f"{number} of {side}")) for side, who in enumerate(sides)]
        assert [a.status_code for a in await _at_once(f"{path}/revisions", *requests)] == [200, 200]

    now, history = await ours.read("partners", path), (await ours.read("partners", f"{path}/history"))["items"]
    actors = Counter(step["actor"] for step in history[1:])
    assert (now["revision"]["number"], [step["version"] for step in history]) == (
        1 + 2 * ROUNDS, list(range(1, 2 + 2 * ROUNDS)),
    )  # fmt: skip
    assert actors == {str(who.person_id): ROUNDS for who in sides}


async def test_two_concurrent_approvals_both_count(sides: tuple[Client, Client]) -> None:
    """If both sides approve at the same time, both approvals count and the last one completes the review."""
    for _ in range(ROUNDS):
        agreement = await draft(*sides)
        path = f"/agreements/{agreement['id']}"
        await sides[0].done("partners", f"{path}/submission")

        answers = await _at_once(f"{path}/approvals", *((who, {"revision": agreement["revision"]}) for who in sides))

        now = await sides[0].read("partners", path)
        assert sorted(a.json()["status"] for a in answers) == ["approved", "in-review"]
        assert (now["status"], now["version"]) == ("approved", 4)


async def test_a_concurrent_revision_and_approval_exclude_each_other(sides: tuple[Client, Client]) -> None:
    """If one side approves while the other revises, one is refused: nobody approves a text they have not read."""
    ours, theirs = sides
    for _ in range(ROUNDS):
        agreement = await draft(ours, theirs)
        path = f"/agreements/{agreement['id']}"
        read = await ours.done("partners", f"{path}/submission")
        etag = f'"{read["version"]}"'

        revised, approved = await asyncio.gather(
            ours.post("partners", f"{path}/revisions", _revised(agreement, "Another"), If_Match=etag),
            theirs.post("partners", f"{path}/approvals", {"revision": agreement["revision"]}, If_Match=etag),
        )

        assert sorted([revised.status_code, approved.status_code]) == [200, 412]


async def test_concurrent_requests_with_one_key_run_once(sides: tuple[Client, Client], entente: Installation) -> None:
    """Five identical requests at the same time under one key create one programme and get the same answer."""
    agreement = await in_force(entente, *sides)
    body = programme_of(agreement, *sides)

    answers = await asyncio.gather(
        *(sides[0].post("exchanges", "/programmes", body, Idempotency_Key="once") for _ in range(5))
    )

    page = await sides[0].read("exchanges", f"/programmes?agreement_id={agreement['id']}")
    assert [a.json() for a in answers] == [answers[0].json()] * 5
    assert [one["id"] for one in page["items"]] == [answers[0].json()["id"]]


async def test_an_identifier_belongs_to_one_organisation(entente: Installation) -> None:
    """Of several organisations registered at the same time with one identifier, one is created. Once given up, the
    identifier is free again."""
    identifier = {"scheme": "local", "value": uuid.uuid4().hex}
    body = {
        "kind": "university", "name": {"en": "Twice"}, "country": "GB", "city": {"en": "Here"},
        "identifiers": [identifier],
    }  # fmt: skip

    answers = await _at_once("/organisations", *[(entente.operator, body)] * 4)
    made = next(answer.json() for answer in answers if answer.status_code == 201)
    without = body | {"identifiers": [], "parent_id": None}
    given_up = await entente.operator.done("partners", f"/organisations/{made['id']}/amendments", without)
    again = await entente.operator.post("partners", "/organisations", body)

    refused = [answer for answer in answers if answer.status_code != 201]
    assert [slug_of(answer, 409) for answer in refused] == ["identifier-taken"] * 3
    assert {answer.json()["facts"]["organisation"] for answer in refused} == {made["id"]}
    assert (given_up["identifiers"], again.status_code) == ([], 201)


async def test_an_account_belongs_to_one_person(entente: Installation) -> None:
    """Of several people registered at the same time with one account, one is created. Once they are erased, the account
    is free again."""
    organisation = await entente.organisation()
    body = {
        "name": {"en": "Somebody"}, "accounts": [{"issuer": DEVELOPMENT_ISSUER, "subject": uuid.uuid4().hex}],
        "organisation_id": str(organisation), "title": {"en": "Officer"}, "roles": ["reader"],
    }  # fmt: skip

    answers = await _at_once("/people", *[(entente.operator, body)] * 4)
    made = next(answer.json() for answer in answers if answer.status_code == 201)
    await entente.operator.done("partners", f"/people/{made['id']}/erasure")
    again = await entente.operator.post("partners", "/people", body)

    refused = [answer for answer in answers if answer.status_code != 201]
    assert [slug_of(answer, 409) for answer in refused] == ["account-taken"] * 3
    assert again.status_code == 201
