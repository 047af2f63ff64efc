"""Requests that are well formed and not to be granted, on every command of every service."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.domain.actor import Role
from shared.domain.aggregate import Aggregate
from tests.harness.asked import ALL, Command, changes, commands, document
from tests.harness.installation import Client, Installation
from tests.harness.wrong import nothing_done, slug_of, somebody

INSERT = "insert into {} (id, version, sequence, body, updated) values ($1, 1, 0, $2, $3)"
USED = (
    "insert into idempotency (actor, key, request, status, headers, body) values ($1, $2, 'another', 200, '{}', '{}')"
)
KINDS = {row.kind.noun(): row.kind for service in ALL.values() for row in service.lists}


@dataclass
class People:
    """Who asks: a side of every document, somebody of no side, somebody who may only read, and who may all."""

    side: Client
    other_side: Client
    outsider: Client
    reader: Client
    anybody: Client


@pytest.fixture(scope="module")
async def people(entente: Installation) -> People:
    """Everybody known to every service."""
    every_role = [role for role in Role if role is not Role.OPERATOR]
    side, other, outsider = [await somebody(entente, *every_role) for _ in range(3)]
    reader, anybody = await somebody(entente, Role.READER), await somebody(entente, *Role)
    return People(side, other, outsider, reader, anybody)


def kind_of(command: Command) -> type[Aggregate]:
    """The aggregate that the path's first id names."""
    return KINDS[command.row.path_fields[0].removesuffix("_id")]


async def stored(entente: Installation, command: Command, people: People, **more: Any) -> UUID:
    """A document of the aggregate that a command is about, between the two sides."""
    ours, theirs = people.side.organisation_id, people.other_side.organisation_id
    assert ours is not None
    assert theirs is not None
    body = document(kind_of(command), ours, theirs, **more)
    pool = entente.services[command.service].pool
    insert = INSERT.format(kind_of(command).noun())
    await pool.execute(insert, UUID(body["id"]), json.dumps(body), datetime.now(UTC))
    return UUID(body["id"])


async def unchanged(entente: Installation, command: Command, id: UUID) -> None:
    """Fails when the document was saved again, or anything was told of it."""
    pool, table = entente.services[command.service].pool, kind_of(command).noun()
    row = await pool.fetchrow(
        f"select version, sequence, (select count(*) from history where aggregate_id = $1) as steps,"
        f" (select count(*) from outbox where key = $1::text) as events from {table} where id = $1::uuid", id,
    )  # fmt: skip
    assert row is not None
    assert tuple(row) == (1, 0, 0, 0)


def over(command: Command) -> list[str]:
    """The states in which the command's aggregate is at its end."""
    lifecycle = getattr(kind_of(command), "lifecycle", None)
    rows = lifecycle.rows if lifecycle else []
    return sorted({str(row.target) for row in rows} - {str(row.source) for row in rows})


@pytest.mark.parametrize("command", changes(), ids=str)
async def test_an_unknown_id_is_not_found(entente: Installation, people: People, command: Command) -> None:
    """A command on what does not exist is refused as not found."""
    async with nothing_done(entente, command.service):
        answer = await people.anybody.post(command.service, command.path(), command.body())

    assert slug_of(answer, 404) == "not-found"


@pytest.mark.parametrize("command", changes(), ids=str)
async def test_the_wrong_party_is_refused(entente: Installation, people: People, command: Command) -> None:
    """Whoever belongs to no side of an aggregate is refused, whatever roles they hold elsewhere; of one that they may
    not see they do not even learn that it is there, by a stale ETag neither."""
    id = await stored(entente, command, people)
    path = command.path(**{command.row.path_fields[0]: id})

    async with nothing_done(entente, command.service):
        answers = [
            await people.outsider.post(command.service, path, command.body(), **header)
            for header in ({}, {"If_Match": '"99"'})
        ]

    if hasattr(kind_of(command), "sides"):
        assert [slug_of(answer, 404) for answer in answers] == ["not-found"] * 2
    else:
        assert slug_of(answers[0], 403, 404) in ("not-a-side", "not-allowed", "not-found")
    await unchanged(entente, command, id)


@pytest.mark.parametrize("command", commands(), ids=str)
async def test_the_wrong_role_is_refused(entente: Installation, people: People, command: Command) -> None:
    """Who may only read is refused every command that is for other roles, before anything is looked at."""
    async with nothing_done(entente, command.service):
        answer = await people.reader.post(command.service, command.path(), {"surprise": 1})

    for_readers = Role.READER in command.row.may
    assert slug_of(answer, 422 if for_readers else 403) == ("invalid" if for_readers else "not-allowed")


@pytest.mark.parametrize("command", [one for one in changes() if one.row.emits and over(one)], ids=str)
async def test_the_wrong_state_is_refused(entente: Installation, people: People, command: Command) -> None:
    """Nothing that is news can be done to what is at its end."""
    about_itself = command.row.gives is kind_of(command)
    for status in over(command):
        id = await stored(entente, command, people, status=status)
        path = command.path(**{command.row.path_fields[0]: id})

        async with nothing_done(entente, command.service):
            answer = await people.side.post(command.service, path, command.body())

        # What begins something under it may be refused for more reasons: all are told before anything is done.
        slug_of(answer, *([409] if about_itself else [404, 409, 422]))
        await unchanged(entente, command, id)


@pytest.mark.parametrize("command", [one for one in changes() if not one.row.creates], ids=str)
async def test_a_stale_etag_is_refused(entente: Installation, people: People, command: Command) -> None:
    """A change of what somebody else has changed meanwhile is refused."""
    id = await stored(entente, command, people)
    path = command.path(**{command.row.path_fields[0]: id})

    async with nothing_done(entente, command.service):
        answer = await people.anybody.post(command.service, path, command.body(), If_Match='"7"')

    assert slug_of(answer, 412) == "changed"
    await unchanged(entente, command, id)


@pytest.mark.parametrize("command", commands(), ids=str)
async def test_a_key_of_another_request_is_refused(entente: Installation, people: People, command: Command) -> None:
    """An Idempotency-Key that was used for another body is refused, whatever it is used for now."""
    pool, key = entente.services[command.service].pool, f"{command}"
    await pool.execute(USED, str(people.anybody.person_id), key)

    async with nothing_done(entente, command.service):
        answer = await people.anybody.post(command.service, command.path(), command.body(), Idempotency_Key=key)

    assert slug_of(answer, 422) == "idempotency-key-reused"


async def test_bad_input_that_was_refused_can_be_sent_again_right(entente: Installation, people: People) -> None:
    """A refused request uses no Idempotency-Key up; a granted one does, and its repetition gives nothing new."""
    key, body = "a-key", {"kind": "university", "name": {"en": "New"}, "country": "GB", "city": {"en": "Here"}}
    refused = await people.anybody.post("partners", "/organisations", body | {"country": "XX"}, Idempotency_Key=key)
    first = await people.anybody.post("partners", "/organisations", body, Idempotency_Key=key)
    async with nothing_done(entente, "partners"):
        again = await people.anybody.post("partners", "/organisations", body, Idempotency_Key=key)
        other = await people.anybody.post("partners", "/organisations", body | {"country": "CN"}, Idempotency_Key=key)

    assert (slug_of(refused, 422), slug_of(other, 422)) == ("invalid", "idempotency-key-reused")
    assert (first.status_code, again.json()) == (201, first.json())
