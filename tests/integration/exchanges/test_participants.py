"""Participants: who sees their name, how they sign in, and what people try who are not them."""

import asyncio
import secrets
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest

from shared.domain.actor import Role
from shared.service.settings import DEVELOPMENT_ISSUER
from tests.harness.installation import Client, until
from tests.harness.participants import World, details, with_mailbox
from tests.harness.parts import Addresses
from tests.harness.story import two_sides
from tests.harness.wrong import slug_of

EXPIRE = "update participant_access set expires_at = now() - interval '1 s' where participant_id = $1"
REASON = {"reason_code": "capacity"}


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """All services and a mailbox."""
    async with with_mailbox(addresses, tmp_path_factory.mktemp("mails")) as world:
        yield world


@pytest.fixture(scope="module")
async def sides(world: World) -> tuple[Client, Client]:
    """Mobility coordinators of two institutions."""
    return await two_sides(world.entente)


async def status_of(who: Client, participant: dict[str, Any]) -> int:
    """How `who` is answered who reads the record."""
    return (await who.get("exchanges", f"/participants/{participant['id']}")).status_code


async def test_the_name_is_shown_to_coordinators_of_the_two_sides_only(
    world: World, sides: tuple[Client, Client]
) -> None:
    """The receiving side sees it while the nomination stands; no operator does, nor a colleague without the role."""
    ours, theirs = sides
    assert ours.organisation_id
    participant = await world.registered(ours)
    reader = await world.entente.person(ours.organisation_id, Role.READER)
    coordinating = await world.entente.person(
        await world.entente.organisation(), Role.MOBILITY_COORDINATOR, Role.OPERATOR
    )
    for who in (reader, coordinating):
        await world.entente.knows("exchanges", who)
    others = {"reader": reader, "operator": world.entente.operator, "coordinator elsewhere": coordinating}

    before = await status_of(theirs, participant)
    path = await world.nominated(ours, theirs, participant)
    await until(lambda: shown(theirs, participant), "the receiving side sees the name")
    seen = {name: await status_of(who, participant) for name, who in others.items()}
    listed = [len((await who.read("exchanges", "/participants"))["items"]) for who in (ours, theirs, coordinating)]
    await theirs.done("exchanges", f"{path}/rejections", REASON)
    await until(lambda: hidden(theirs, participant), "the receiving side sees it no more")
    planned = (await ours.read("exchanges", path))["planned"]
    await ours.done("exchanges", f"{path}/corrections", {"planned": planned})
    await until(lambda: shown(theirs, participant), "the receiving side decides again, and sees it")

    assert (before, seen) == (404, {"reader": 403, "operator": 403, "coordinator elsewhere": 404})
    assert (listed[1:], await status_of(ours, participant)) == ([1, 0], 200)


async def shown(who: Client, participant: dict[str, Any]) -> bool:
    """Whether `who` can read the record."""
    return await status_of(who, participant) == 200


async def hidden(who: Client, participant: dict[str, Any]) -> bool:
    """Whether the record is not there for `who`."""
    return await status_of(who, participant) == 404


async def test_without_a_transfer_route_the_name_stays_at_home(world: World, sides: tuple[Client, Client]) -> None:
    """The nomination goes on under the opaque id."""
    ours, theirs = sides
    participant = await world.registered(ours, transfer_route="not-transferred")
    path = await world.nominated(ours, theirs, participant)
    await world.mails(participant)  # so the event has been followed

    assert await status_of(theirs, participant) == 404
    assert (await theirs.read("exchanges", path))["participant_id"] == participant["id"]


async def test_a_participant_is_told_in_their_language(world: World, sides: tuple[Client, Client]) -> None:
    """Nomination and approval come by mail, by name, without a word of it on a topic or in the table of mails."""
    ours, theirs = sides
    participant = await world.registered(ours, language="zh")
    path = await world.nominated(ours, theirs, participant)
    await theirs.done("exchanges", f"{path}/approvals")

    told = await world.mails(participant, 2)

    assert [mail.subject for mail in told] == ["您已获提名：Students", "提名已通过：Students"]
    assert all(mail.text.startswith("张伟：\n") for mail in told)


async def test_a_participant_is_registered_by_the_home_institution(world: World, sides: tuple[Client, Client]) -> None:
    """Another institution's coordinator is refused; one of a school within it is not."""
    ours, theirs = sides
    school = await world.entente.organisation("School", parent_id=str(ours.organisation_id))
    of_school = await world.entente.person(school, Role.MOBILITY_COORDINATOR)
    await world.entente.knows("exchanges", of_school)

    by_another = await theirs.refused("exchanges", "/participants", details(ours))
    too_long = await ours.refused("exchanges", "/participants", details(ours, kept_until="2199-01-01"))
    made = await of_school.done("exchanges", "/participants", details(ours))

    assert (by_another, too_long, made["home"]) == ("not-a-side", "invalid", str(ours.organisation_id))


async def test_a_participant_signs_in_by_a_link_and_sees_themselves(world: World, sides: tuple[Client, Client]) -> None:
    """`/me` says what they may do; lists have nothing but what is theirs."""
    ours, _ = sides
    participant = await world.registered(ours)
    await world.registered(ours)
    student = await world.signed_in(participant, ours)

    me = await student.read("exchanges", "/me")
    listed = (await student.read("exchanges", "/participants"))["items"]

    assert (me["person_id"], me["offices"], me["acting_for"]) == (participant["id"], [], None)
    assert me["participant"]["may"] == ["sign_learning_agreement", "erase_participant", "begin_session"]
    assert [one["id"] for one in listed] == [participant["id"]]
    assert (await student.read("exchanges", "/tasks"))["items"] == []


async def test_a_participant_signs_in_by_an_account(world: World, sides: tuple[Client, Client]) -> None:
    """The coordinator names it; two people do not share one; without it the token says nothing here."""
    ours, _ = sides
    first, second = await world.registered(ours), await world.registered(ours)
    student = Client(world.entente, f"student-{uuid.uuid4()}")
    account = {"account": {"issuer": DEVELOPMENT_ISSUER, "subject": student.subject}}
    before = slug_of(await student.get("exchanges", "/me"), 403)
    await ours.done("exchanges", f"/participants/{first['id']}/account", account)

    refused = await ours.refused("exchanges", f"/participants/{second['id']}/account", account)
    me = await student.read("exchanges", "/me")
    elsewhere = [slug_of(await student.get(service, "/me"), 403) for service in ("partners", "notifications")]

    assert (before, refused, me["person_id"]) == ("not-in-directory", "account-of-another", first["id"])
    assert elsewhere == ["not-in-directory", "not-in-directory"]


async def used(world: World, ours: Client) -> str:
    """A code that somebody has used."""
    code = await world.code(await world.registered(ours), ours)
    assert (await world.exchange(code)).status_code == 200
    return code


async def expired(world: World, ours: Client) -> str:
    """A code whose day is over."""
    participant = await world.registered(ours)
    code = await world.code(participant, ours)
    await world.entente.services["exchanges"].pool.execute(EXPIRE, uuid.UUID(participant["id"]))
    return code


async def replaced(world: World, ours: Client) -> str:
    """A code after which another was sent."""
    participant = await world.registered(ours)
    code = await world.code(participant, ours)
    await world.code(participant, ours)
    return code


async def of_an_erased(world: World, ours: Client) -> str:
    """The code of a participant who was erased."""
    participant = await world.registered(ours)
    code = await world.code(participant, ours)
    await ours.done("exchanges", f"/participants/{participant['id']}/erasure")
    return code


async def guessed(world: World, ours: Client) -> str:
    """A code that looks like one."""
    return secrets.token_urlsafe(32)


async def a_session(world: World, ours: Client) -> str:
    """The token of a session, as if it were a code."""
    return (await world.signed_in(await world.registered(ours), ours)).token or ""


async def a_participant_id(world: World, ours: Client) -> str:
    """The opaque id, which others know."""
    return (await world.registered(ours))["id"]


@pytest.mark.parametrize(
    "made", [used, expired, replaced, of_an_erased, guessed, a_session, a_participant_id], ids=lambda one: one.__name__
)
async def test_no_such_code_signs_in(
    world: World, sides: tuple[Client, Client], made: Callable[[World, Client], Awaitable[str]]
) -> None:
    """Each is refused in the same words, so that an answer tells nothing about a code."""
    answer = await world.exchange(await made(world, sides[0]))

    assert slug_of(answer, 403) == "link-not-valid"
    assert "facts" not in answer.json()


async def test_a_link_works_once_at_the_same_instant(world: World, sides: tuple[Client, Client]) -> None:
    """Of ten who use it at once, one is signed in."""
    code = await world.code(await world.registered(sides[0]), sides[0])

    answers = await asyncio.gather(*(world.exchange(code) for _ in range(10)))

    assert sorted(answer.status_code for answer in answers) == [200, *[403] * 9]


async def test_a_code_or_a_token_stands_nowhere(world: World, sides: tuple[Client, Client]) -> None:
    """Neither the link nor the session can be read from the database, by whoever sees all of it."""
    ours, _ = sides
    code = await world.code(await world.registered(ours), ours)
    before = await world.where(code)
    token = (await world.exchange(code)).json()["token"]

    assert (before, await world.where(code), await world.where(token)) == ([], [], [])


async def test_a_participant_reaches_nothing_of_another(world: World, sides: tuple[Client, Client]) -> None:
    """Another's record, its history, its erasure and another's mobility are not there for them."""
    ours, theirs = sides
    student = await world.signed_in(await world.registered(ours), ours)
    other = await world.registered(ours)
    mobility = await world.nominated(ours, theirs, other)
    record = f"/participants/{other['id']}"

    answers = [
        slug_of(await student.get("exchanges", record), 404),
        slug_of(await student.get("exchanges", f"{record}/history"), 404),
        slug_of(await student.post("exchanges", f"{record}/erasure"), 404),
        slug_of(await student.post("exchanges", f"{record}/links"), 403),
        slug_of(await student.get("exchanges", mobility), 404),
        slug_of(await student.post("exchanges", f"{mobility}/approvals"), 403),
        slug_of(await student.get("exchanges", f"/people/{other['id']}/held"), 403),
    ]

    assert answers == ["not-found", "not-found", "not-found", "not-allowed", "not-found", "not-allowed", "not-allowed"]
    assert await status_of(ours, other) == 200


@pytest.mark.parametrize("end", ["expired", "erased by the coordinator", "erased by themselves"])
async def test_a_session_ends(world: World, sides: tuple[Client, Client], end: str) -> None:
    """After an hour, and at once with an erasure."""
    ours, _ = sides
    participant = await world.registered(ours)
    student = await world.signed_in(participant, ours)
    erasure = f"/participants/{participant['id']}/erasure"
    match end:
        case "expired":
            await world.entente.services["exchanges"].pool.execute(EXPIRE, uuid.UUID(participant["id"]))
        case "erased by the coordinator":
            await ours.done("exchanges", erasure)
        case _:
            await student.done("exchanges", erasure)

    assert slug_of(await student.get("exchanges", "/me"), 401) == "invalid-token"


@pytest.mark.parametrize("service", ["partners", "notifications", "commercialisation"])
async def test_a_session_counts_in_exchanges_only(world: World, sides: tuple[Client, Client], service: str) -> None:
    """Other services do not know its token."""
    student = await world.signed_in(await world.registered(sides[0]), sides[0])

    assert slug_of(await student.get(service, "/me"), 401) == "invalid-token"
