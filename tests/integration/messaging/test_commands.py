"""What the kit adds to a use case: idempotency, versions, retries after deadlocks, declared events."""

import asyncio
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry

from services.partners.app.register_organisation import register_organisation
from services.partners.app.submit_agreement import SubmitAgreement
from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.organisation import Organisation
from services.partners.main import partners
from shared.contracts.organisation import OrganisationAmended
from shared.contracts.values import Text
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.domain.refused import Refused
from shared.messaging.outbox import LIMIT, Pool
from shared.service.commands import CommandRunner
from shared.service.rows import changes, creates
from shared.service.serve import utc_now
from shared.telemetry.metrics import Metrics
from tests.harness.installation import Client, Installation, until
from tests.harness.story import draft, two_sides

NO_PERSON = Actor(UUID(int=0), UUID(int=0), frozenset(Role))


def somewhere(name: str) -> dict[str, Any]:
    """The fields to register an organisation."""
    return {"kind": "university", "name": {"en": name}, "country": "GB", "city": {"en": "Somewhere"}}


def amended(name: str) -> dict[str, Any]:
    """The fields to amend an organisation: all of them."""
    return somewhere(name) | {"identifiers": [], "parent_id": None}


def drafting(*signatories: UUID) -> dict[str, Any]:
    """The fields to draft an agreement between these."""
    return {
        "kind": "memorandum-of-understanding", "title": {"en": "On students"}, "text": {"en": "We exchange students."},
        "areas": ["talent"], "signatories": [str(id) for id in signatories], "starts_on": "2031-01-01",
        "time_zone": "Asia/Shanghai",
    }  # fmt: skip


async def named(entente: Installation, name: str) -> int:
    """The number of organisations with that name."""
    pool = entente.services["partners"].pool
    return await pool.fetchval("select count(*) from organisation where body->'name'->>'en' = $1", name)


@pytest.fixture
def operator(entente: Installation) -> Client:
    """A person who may register organisations."""
    return entente.operator


@pytest.fixture
def runner(entente: Installation) -> CommandRunner:
    """Runs use cases of `partners` with the test's own rows."""
    service, pool = partners(entente.settings["partners"]), entente.services["partners"].pool
    return CommandRunner(service, pool, utc_now, Metrics(CollectorRegistry()), lambda: None)


async def test_a_repeated_request_gets_the_same_answer_and_does_nothing(
    entente: Installation, operator: Client
) -> None:
    """The same key and body give the same status, headers and document, and one organisation."""
    name, key = f"Repeated {uuid4()}", str(uuid4())

    answers = [await operator.post("partners", "/organisations", somewhere(name), Idempotency_Key=key) for _ in "12"]

    first, second = ((a.status_code, a.text, a.headers["location"], a.headers["etag"]) for a in answers)
    assert (first, first[0]) == (second, 201)
    assert await named(entente, name) == 1


async def test_a_key_is_valid_for_one_request(entente: Installation, operator: Client) -> None:
    """A key of another request is refused with 422, and nothing is done."""
    name, key = f"Another {uuid4()}", str(uuid4())
    await operator.done("partners", "/organisations", somewhere(f"First {uuid4()}"), Idempotency_Key=key)

    answer = await operator.post("partners", "/organisations", somewhere(name), Idempotency_Key=key)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert await named(entente, name) == 0


async def test_a_key_belongs_to_its_sender(entente: Installation, operator: Client) -> None:
    """Two people who happen to send the same key do not get each other's answers."""
    other = await entente.person(await entente.organisation("Other"), Role.OPERATOR)
    name, key = f"Shared {uuid4()}", str(uuid4())

    answers = [await who.done("partners", "/organisations", somewhere(name), Idempotency_Key=key)
               for who in (operator, other)]  # fmt: skip

    assert len({answer["id"] for answer in answers}) == await named(entente, name) == 2


async def test_a_key_belongs_to_the_organisation_acted_for(entente: Installation) -> None:
    """The same body and key, sent for another organisation of the same person, is another request."""
    ours, theirs = await entente.organisation("Ours"), await entente.organisation("Theirs")
    officer = await entente.person(ours, Role.PARTNERSHIP_OFFICER)
    office = {"organisation_id": str(theirs), "title": {"en": "Officer"}, "roles": [Role.PARTNERSHIP_OFFICER]}
    await entente.operator.done("partners", f"/people/{officer.person_id}/offices", office)
    ask = drafting(ours, theirs)
    for_each = [{"Idempotency_Key": "once", "Entente_Acting_For": str(id)} for id in (ours, theirs)]

    first = await officer.post("partners", "/agreements", ask, **for_each[0])
    second = await officer.post("partners", "/agreements", ask, **for_each[1])

    assert (first.status_code, second.status_code) == (201, 422)
    assert second.json()["type"] == "/problems/idempotency-key-reused"


async def test_concurrent_equal_requests_run_once(entente: Installation, operator: Client) -> None:
    """Of six equal requests at the same time one runs, and all get its answer."""
    name, key = f"At once {uuid4()}", str(uuid4())

    answers = await asyncio.gather(
        *(operator.post("partners", "/organisations", somewhere(name), Idempotency_Key=key) for _ in range(6))
    )

    assert {(a.status_code, a.text) for a in answers} == {(201, answers[0].text)}
    assert await named(entente, name) == 1


async def test_a_refusal_is_not_remembered(entente: Installation, operator: Client) -> None:
    """A refused request may be repeated with the same key, and succeeds once it is possible."""
    key, path = str(uuid4()), "/organisations/{}/amendments"
    made = await operator.done("partners", "/organisations", somewhere(f"Amended {uuid4()}"))
    change = amended("Changed")

    stale = await operator.refused("partners", path.format(made["id"]), change, If_Match='"7"', Idempotency_Key=key)
    done = await operator.post("partners", path.format(made["id"]), change, If_Match='"1"', Idempotency_Key=key)

    assert (stale, done.status_code) == ("changed", 200)


async def test_a_stale_version_is_refused(entente: Installation, operator: Client) -> None:
    """If-Match with an older ETag is answered with 412; document and version are unchanged."""
    made = await operator.post("partners", "/organisations", somewhere(f"Twice {uuid4()}"))
    path = made.headers["location"]
    await operator.done("partners", f"{path}/amendments", amended("Second"), If_Match=made.headers["etag"])

    stale = await operator.post("partners", f"{path}/amendments", amended("Third"), If_Match=made.headers["etag"])
    now = await operator.read("partners", path)

    assert (stale.status_code, now["name"]["en"], now["version"]) == (412, "Second", 2)


class Touch(Command):
    """Locks two organisations, one after the other."""

    organisation_id: UUID
    other_id: UUID


async def test_a_command_is_retried_after_a_deadlock(entente: Installation, runner: CommandRunner) -> None:
    """Two commands that lock the same aggregates in opposite order both succeed, one of them after a retry."""
    ids = [await entente.organisation(name) for name in ("One", "Other")]
    holding = {id: asyncio.Event() for id in ids}
    tries: list[UUID] = []

    async def touch(ask: Touch, actor: Actor, work: Work) -> Organisation:
        tries.append(ask.organisation_id)
        organisation = await work.organisations.get(ask.organisation_id)
        holding[ask.organisation_id].set()
        await holding[ask.other_id].wait()
        await work.organisations.get(ask.other_id)
        organisation.record(OrganisationAmended, sort_key=organisation.sort_key)
        return organisation

    row = changes("/organisations/{organisation_id}/touches", touch, may=Role.OPERATOR, emits=[OrganisationAmended])
    asks = [Touch(organisation_id=a, other_id=b) for a, b in (ids, ids[::-1])]
    answers = await asyncio.gather(*(runner.command(row, ask, NO_PERSON) for ask in asks))

    assert [answer.headers["ETag"] for answer in answers] == ['"2"', '"2"']
    assert len(tries) > 2


async def test_a_change_of_a_locked_aggregate_is_refused_soon(entente: Installation, operator: Client) -> None:
    """A change that cannot lock its aggregate within 5 s is answered with 503 and Retry-After, without a retry."""
    id = await entente.organisation("Held")
    async with entente.services["partners"].pool.acquire() as db, db.transaction():
        await db.execute("set local idle_in_transaction_session_timeout = 0")
        await db.execute("select from organisation where id = $1 for update", id)
        began = time.monotonic()
        answer = await operator.post("partners", f"/organisations/{id}/amendments", amended("Changed"))
        took = time.monotonic() - began

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["detail"] == "Somebody else is changing the same; try again in 1 s."
    assert took < 9


async def all_are_taken(pool: Pool) -> bool:
    """Whether the pool has no free connection."""
    return (pool.get_size(), pool.get_idle_size()) == (pool.get_max_size(), 0)


async def test_a_service_without_free_connections_is_soon_reported_unready(entente: Installation) -> None:
    """The readiness check does not wait for a free connection."""
    pool = entente.services["partners"].pool
    # More than it has: those in line get the connections that its own tasks release, before the check does.
    taken = [asyncio.ensure_future(pool.acquire()) for _ in range(pool.get_max_size())]
    try:
        await until(lambda: all_are_taken(pool), "all connections are in use")
        began = time.monotonic()
        answer = await entente.operator.get("partners", "/health/ready")
        took = time.monotonic() - began
    finally:
        for each in taken:
            if not each.cancel():
                await pool.release(each.result())
        await asyncio.wait(taken)

    assert (answer.status_code, answer.json()["reasons"][0]) == (503, "the database does not answer (TimeoutError)")
    assert took < 30  # without its own timeout it would wait as long as the connections are in use


async def test_a_cursor_at_now_does_not_skip_open_transactions(entente: Installation, runner: CommandRunner) -> None:
    """`/events?after=now` gives a cursor that later finds events of a transaction that is still open."""
    id = await entente.organisation("Late")
    holding, go_on = asyncio.Event(), asyncio.Event()

    async def touch(ask: Touch, actor: Actor, work: Work) -> Organisation:
        organisation = await work.organisations.get(ask.organisation_id)
        holding.set()
        await go_on.wait()
        organisation.record(OrganisationAmended, sort_key=organisation.sort_key)
        return organisation

    row = changes("/organisations/{organisation_id}/touches", touch, may=Role.OPERATOR, emits=[OrganisationAmended])
    late = asyncio.ensure_future(runner.command(row, Touch(organisation_id=id, other_id=id), NO_PERSON))
    await holding.wait()
    await entente.organisation("Committed meanwhile")
    now = (await entente.operator.read("partners", "/events?after=now"))["next"]
    go_on.set()
    await late

    async def found() -> bool:
        after = await entente.operator.read("partners", f"/events?after={now}")
        return str(id) in [event["subject"] for event in after["events"]]

    await until(found, "the late event is found")


async def test_an_event_missing_from_the_row_is_refused(entente: Installation, runner: CommandRunner) -> None:
    """A use case that emits an undeclared event fails as a whole: no document, event or history is saved."""
    name, key = f"Undeclared {uuid4()}", str(uuid4())
    row = creates("/organisations", register_organisation, may=Role.OPERATOR, emits=[OrganisationAmended])
    ask = row.ask.model_validate(somewhere(name) | {"name": Text(en=name)})
    pool = entente.services["partners"].pool

    with pytest.raises(TypeError, match="register_organisation emits OrganisationRegistered"):
        await runner.command(row, ask, NO_PERSON, key=key)

    assert await named(entente, name) == 0
    assert await pool.fetchval("select count(*) from idempotency where key = $1", key) == 0


async def test_a_use_case_may_only_perform_the_act_it_is_named_after(
    entente: Installation, runner: CommandRunner
) -> None:
    """An event of another act of the lifecycle is refused, and nothing is saved."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs)

    async def withdraw_agreement(ask: SubmitAgreement, actor: Actor, work: Work) -> Agreement:
        agreement = await work.agreements.get(ask.agreement_id)
        agreement.submit(actor)
        return agreement

    row = changes("/agreements/{agreement_id}/withdrawal", withdraw_agreement, may=Role.PARTNERSHIP_OFFICER)
    actor = Actor(ours.person_id, ours.organisation_id, frozenset(Role))

    with pytest.raises(TypeError, match="withdraw_agreement emits AgreementSubmitted"):
        await runner.command(row, SubmitAgreement(agreement_id=agreement["id"]), actor)

    assert (await ours.read("partners", f"/agreements/{agreement['id']}"))["status"] == "draft"


async def test_an_event_over_the_size_limit_is_refused(entente: Installation, runner: CommandRunner) -> None:
    """A record too large for Kafka's topics is refused as `record-too-large`, and nothing is saved."""
    id = await entente.organisation("Wordy")

    async def ramble(ask: Touch, actor: Actor, work: Work) -> Organisation:
        organisation = await work.organisations.get(ask.organisation_id)
        organisation.record(OrganisationAmended, sort_key=organisation.sort_key)
        words = Text.model_construct(en="x" * LIMIT, zh=None)
        organisation.recorded[0] = organisation.recorded[0].model_copy(update={"name": words})
        return organisation

    row = changes("/organisations/{organisation_id}/rambles", ramble, may=Role.OPERATOR, emits=[OrganisationAmended])
    with pytest.raises(Refused, match="over the limit of 524288") as refused:
        await runner.command(row, Touch(organisation_id=id, other_id=id), NO_PERSON)

    assert (refused.value.slug(), refused.value.status) == ("record-too-large", 413)
    assert (await entente.operator.read("partners", f"/organisations/{id}"))["version"] == 1
