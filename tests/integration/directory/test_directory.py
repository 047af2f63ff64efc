"""The copy of the directory: independent of the order of people's states, and without organisations that ended."""

import uuid
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from shared.contracts.event import Envelope, Event, Tombstone
from shared.contracts.organisation import (
    OrganisationAmended,
    OrganisationClosed,
    OrganisationEvent,
    OrganisationMerged,
    OrganisationRegistered,
)
from shared.contracts.person import Account, PersonState
from shared.contracts.values import Identifier, Text
from shared.database.pool import open_pool
from shared.directory.actors import DirectoryCopy
from shared.directory.organisations import Organisations
from shared.directory.projections import organisations, people
from shared.domain.gone import OrganisationGone, OrganisationReplaced
from shared.domain.refused import Refused
from shared.messaging.outbox import Connection
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses

ACCOUNT = Account(issuer="https://issuer.example", subject="frampton")
BEFORE, AFTER = UUID(int=1), UUID(int=2)
BEGAN = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
async def db(addresses: Addresses) -> AsyncGenerator[Connection]:
    """A service's database, without the service running."""
    database = await copy_database(addresses)
    url = f"postgresql://exchanges_service:{PASSWORD}@{addresses.postgres_address}/{database}"
    async with await open_pool(url, application="tests") as pool, pool.acquire() as db:
        yield db


def envelope(subject: UUID, minute: int, type: type[Event] = PersonState) -> Envelope:
    """The envelope of an event about a person or an organisation, at this minute."""
    at = BEGAN + timedelta(minutes=minute)
    return Envelope(uuid.uuid4(), type.type, str(subject), minute + 1, at, "/tests/partners")


def state(person_id: UUID, minute: int) -> PersonState:
    """A person who has the account from this minute."""
    made = PersonState(person_id=person_id, name=Text(en="Jon Frampton"), accounts=[ACCOUNT], offices=[])
    return made.within(envelope(person_id, minute))


# One person was registered and erased, then another registered with the same account; each one's events are in order.
OF_THE_FIRST = [state(BEFORE, 0), Tombstone().within(envelope(BEFORE, 1))]
OF_THE_SECOND = [state(AFTER, 2)]
ORDERS = [
    order for order in permutations([*OF_THE_FIRST, *OF_THE_SECOND])
    if order.index(OF_THE_FIRST[0]) < order.index(OF_THE_FIRST[1])
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=["first first", "second between", "second first"])
@pytest.mark.parametrize("at_once", [True, False], ids=["in one list", "one by one"])
async def test_a_moved_account_belongs_to_its_newest_holder(
    db: Connection, order: tuple[PersonState | Tombstone, ...], at_once: bool
) -> None:
    """The person who registered it last holds it, whichever partition is read first."""
    for events in [order] if at_once else [[event] for event in order]:
        await people(events, db)

    found = await DirectoryCopy(db).offices(ACCOUNT.issuer, ACCOUNT.subject)

    assert found == (AFTER, [])


def organisation_event(
    type: type[OrganisationEvent],
    id: UUID,
    status: str,
    minute: int,
    successor: UUID | None = None,
    identifiers: Sequence[Identifier] = (),
) -> OrganisationEvent:
    """An event about an organisation."""
    made = type(
        organisation_id=id, status=status, kind="university", name=Text(en="York"), sort_key="york", country="GB",
        city=Text(en="York"), identifiers=list(identifiers), successor_id=successor, party=id, acting=None,
    )  # fmt: skip
    return made.within(envelope(id, minute, type))


@pytest.mark.parametrize(
    ("end", "refusal", "facts"),
    [
        (
            organisation_event(OrganisationMerged, BEFORE, "merged", 1, AFTER),
            OrganisationReplaced,
            {"successor_id": AFTER},
        ),
        (organisation_event(OrganisationClosed, BEFORE, "closed", 1), OrganisationGone, {}),
    ],
    ids=["merged", "closed"],
)
async def test_a_merged_or_closed_organisation_is_refused(
    db: Connection, end: OrganisationEvent, refusal: type[Refused], facts: dict[str, UUID]
) -> None:
    """It is known until the event arrives; after that it is refused, with its successor if it has one."""
    await organisations([organisation_event(OrganisationRegistered, id, "active", 0) for id in (BEFORE, AFTER)], db)
    before = [each.id for each in await Organisations(db).those([BEFORE, AFTER])]

    await organisations([end], db)

    with pytest.raises(refusal) as refused:
        await Organisations(db).those([AFTER, BEFORE])
    assert before == [BEFORE, AFTER]
    assert refused.value.facts == {"organisation_id": BEFORE} | facts


async def test_a_copy_finds_organisations_by_identifier(db: Connection) -> None:
    """It follows an identifier that moves; between the two events, both organisations have it."""
    moving, kept, nobodys = [Identifier(scheme="schac", value=f"{one}.example") for one in ("moving", "kept", "no")]
    registered = organisation_event(OrganisationRegistered, BEFORE, "active", 0, None, [moving, kept])
    moved = organisation_event(OrganisationRegistered, AFTER, "active", 1, None, [moving])
    amended = organisation_event(OrganisationAmended, BEFORE, "active", 2, None, [kept])
    found: list[dict[Identifier, list[UUID]]] = []

    for event in (registered, moved, amended):
        await organisations([event], db)
        found.append(await DirectoryCopy(db).identified([moving, kept, nobodys]))

    assert found == [
        {moving: [BEFORE], kept: [BEFORE]}, {moving: [BEFORE, AFTER], kept: [BEFORE]}, {moving: [AFTER], kept: [BEFORE]}
    ]  # fmt: skip
