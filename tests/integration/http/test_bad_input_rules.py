"""Every command of every service refuses well-formed requests that its rules do not allow."""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest

from shared.domain.actor import OFFICE_ROLES, Role
from shared.domain.aggregate import Aggregate
from shared.messaging.outbox import Pool
from tests.harness.asked import ALL, Command, changes, commands, document
from tests.harness.installation import Client, Installation
from tests.harness.participants import participant_with_account
from tests.harness.wrong import BY_PARTICIPANTS, nothing_done, slug_of, somebody

INSERT = "insert into {} (id, version, sequence, body, updated) values ($1, 1, 0, $2, $3)"
USED = (
    "insert into idempotency (actor, key, request, status, headers, body) values ($1, $2, 'another', 200, '{}', '{}')"
)
BY_OPERATORS = frozenset({Role.OPERATOR})
"""An operator acts for no party, so none is the wrong one."""


class Whole(NamedTuple):
    """What an aggregate belongs to: its kind, the field with its id, and how it stands."""

    noun: str
    field: str
    more: dict[str, Any]


BELONGS = {
    "mobility": Whole("call", "call_id", {}),
    "learning_agreement": Whole("mobility", "id", {"status": "approved"}),
}
KINDS = {row.kind.noun(): row.kind for service in ALL.values() for row in service.lists}


@dataclass
class People:
    """The callers: an officer of each side, an outsider, a reader, a person with every role, and two participants."""

    side: Client
    other_side: Client
    outsider: Client
    reader: Client
    anyone: Client
    participant: Client
    other_participant: Client

    def of(self, command: Command, officer: Client) -> Client:
        """The participant for what only participants do, otherwise `officer`."""
        return self.participant if command.row.may == BY_PARTICIPANTS else officer


@pytest.fixture(scope="module")
async def people(entente: Installation) -> People:
    """All callers, known to every service."""
    every_role = [role for role in OFFICE_ROLES if role is not Role.OPERATOR]
    side, other, outsider = [await somebody(entente, *every_role) for _ in range(3)]
    reader, anyone = await somebody(entente, Role.READER), await somebody(entente, *OFFICE_ROLES)
    participants = [await participant_with_account(one) for one in (side, outsider)]
    return People(side, other, outsider, reader, anyone, *participants)


def kind_of(command: Command) -> type[Aggregate]:
    """The aggregate that the path's first id names."""
    return KINDS[command.row.path_fields[0].removesuffix("_id")]


async def stored(entente: Installation, command: Command, people: People, **more: Any) -> UUID:
    """Stores a document of the command's aggregate between the two sides, with what it belongs to; returns its id."""
    return await _store(entente.services[command.service].pool, kind_of(command), people, {"id": str(uuid4())} | more)


async def _store(pool: Pool, kind: type[Aggregate], people: People, more: dict[str, Any]) -> UUID:
    ours, theirs = people.side.organisation_id, people.other_side.organisation_id
    assert ours is not None
    assert theirs is not None
    if whole := BELONGS.get(kind.noun()):
        more = {whole.field: str(uuid4())} | more
        await _store(pool, KINDS[whole.noun], people, {"id": more[whole.field]} | whole.more)
    if "participant_id" in {field.name for field in fields(kind)}:
        more = {"participant_id": str(people.participant.person_id)} | more
    body = document(kind, ours, theirs, **more)
    await pool.execute(INSERT.format(kind.noun()), UUID(body["id"]), json.dumps(body), datetime.now(UTC))
    return UUID(body["id"])


async def unchanged(entente: Installation, command: Command, id: UUID) -> None:
    """Fails if the document was saved again, or an event about it was recorded."""
    pool, table = entente.services[command.service].pool, kind_of(command).noun()
    row = await pool.fetchrow(
        f"select version, sequence, (select count(*) from history where aggregate_id = $1) as steps,"
        f" (select count(*) from outbox where key = $1::text) as events from {table} where id = $1::uuid", id,
    )  # fmt: skip
    assert row is not None
    assert tuple(row) == (1, 0, 0, 0)


def over(command: Command) -> list[str]:
    """The final states of the command's aggregate."""
    lifecycle = getattr(kind_of(command), "lifecycle", None)
    rows = lifecycle.rows if lifecycle else []
    return sorted({str(row.target) for row in rows} - {str(row.source) for row in rows})


REFUSALS = ("not-a-side", "not-allowed", "not-found", "yours-to-answer", "no-such-office", "no-such-proposal")


@pytest.mark.parametrize("command", changes(), ids=str)
async def test_an_unknown_id_is_not_found(entente: Installation, people: People, command: Command) -> None:
    """A command on a missing aggregate is refused as not found."""
    async with nothing_done(entente, command.service):
        answer = await people.of(command, people.anyone).post(command.service, command.path(), command.body())

    assert slug_of(answer, 404) == "not-found"


@pytest.mark.parametrize("command", [one for one in changes() if one.row.may != BY_OPERATORS], ids=str)
async def test_an_outsider_is_refused(entente: Installation, people: People, command: Command) -> None:
    """An outsider is refused, whatever roles they hold elsewhere. If they may not see the aggregate, they do not
    learn that it exists, even by sending a stale ETag."""
    id = await stored(entente, command, people)
    path = command.path(**{command.row.path_fields[0]: id})
    outsider = people.other_participant if command.row.may == BY_PARTICIPANTS else people.outsider

    async with nothing_done(entente, command.service):
        answers = [
            await outsider.post(command.service, path, command.body(), **header)
            for header in ({}, {"If_Match": '"99"'})
        ]

    if hasattr(kind_of(command), "sides"):
        assert [slug_of(answer, 404) for answer in answers] == ["not-found"] * 2
    else:
        assert slug_of(answers[0], 403, 404, 409) in REFUSALS
    await unchanged(entente, command, id)


@pytest.mark.parametrize("command", commands(), ids=str)
async def test_the_wrong_role_is_refused(entente: Installation, people: People, command: Command) -> None:
    """A reader is refused every command for other roles, before the body is checked."""
    async with nothing_done(entente, command.service):
        answer = await people.reader.post(command.service, command.path(), {"surprise": 1})

    for_readers = Role.READER in command.row.may
    assert slug_of(answer, 422 if for_readers else 403) == ("invalid" if for_readers else "not-allowed")


@pytest.mark.parametrize("command", [one for one in changes() if one.row.emits and over(one)], ids=str)
async def test_the_wrong_state_is_refused(entente: Installation, people: People, command: Command) -> None:
    """A command that emits events is refused in a final state."""
    about_itself = command.row.gives is kind_of(command)
    caller = people.of(command, people.anyone if command.row.may == BY_OPERATORS else people.side)
    for status in over(command):
        id = await stored(entente, command, people, status=status)
        path = command.path(**{command.row.path_fields[0]: id})

        async with nothing_done(entente, command.service):
            answer = await caller.post(command.service, path, command.body())

        # A command that creates another aggregate may be refused for other reasons first; nothing is done in any case.
        slug_of(answer, *([409] if about_itself else [404, 409, 422]))
        await unchanged(entente, command, id)


@pytest.mark.parametrize("command", [one for one in changes() if not one.row.creates], ids=str)
async def test_a_stale_etag_is_refused(entente: Installation, people: People, command: Command) -> None:
    """A change with a stale ETag is refused."""
    id = await stored(entente, command, people)
    path = command.path(**{command.row.path_fields[0]: id})
    # Being an operator shows nothing of the record of a participant.
    sees_it = people.of(command, people.side if kind_of(command).personal else people.anyone)

    async with nothing_done(entente, command.service):
        answer = await sees_it.post(command.service, path, command.body(), If_Match='"7"')

    assert slug_of(answer, 412) == "changed"
    await unchanged(entente, command, id)


@pytest.mark.parametrize("command", [one for one in commands() if not one.row.anybody], ids=str)
async def test_a_key_used_for_another_request_is_refused(
    entente: Installation, people: People, command: Command
) -> None:
    """An Idempotency-Key that was used for another request is refused."""
    pool, key = entente.services[command.service].pool, f"{command}"
    who = people.of(command, people.anyone)
    await pool.execute(USED, str(who.person_id), key)

    async with nothing_done(entente, command.service):
        answer = await who.post(command.service, command.path(), command.body(), Idempotency_Key=key)

    assert slug_of(answer, 422) == "idempotency-key-reused"


async def test_a_refused_request_can_be_corrected_under_the_same_key(entente: Installation, people: People) -> None:
    """A refused request does not use up its Idempotency-Key; an accepted one does, and repeating it changes nothing."""
    key, body = "a-key", {"kind": "university", "name": {"en": "New"}, "country": "GB", "city": {"en": "Here"}}
    refused = await people.anyone.post("partners", "/organisations", body | {"country": "XX"}, Idempotency_Key=key)
    first = await people.anyone.post("partners", "/organisations", body, Idempotency_Key=key)
    async with nothing_done(entente, "partners"):
        again = await people.anyone.post("partners", "/organisations", body, Idempotency_Key=key)
        other = await people.anyone.post("partners", "/organisations", body | {"country": "CN"}, Idempotency_Key=key)

    assert (slug_of(refused, 422), slug_of(other, 422)) == ("invalid", "idempotency-key-reused")
    assert (first.status_code, again.json()) == (201, first.json())
