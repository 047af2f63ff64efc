"""What agreements have delivered, counted from the events of the other services, and read by agreement and area."""

import json
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.partners.domain.delivery import Delivered, delivered
from shared.contracts.call import CallEvent
from shared.contracts.deal import DealEvent
from shared.contracts.exchange import ExchangeEvent
from shared.contracts.match import MatchEvent
from shared.contracts.need import NeedEvent
from shared.contracts.offer import OfferEvent
from shared.contracts.programme import ProgrammeEvent
from shared.contracts.values import Code
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.domain.refused import NotFound
from shared.messaging.outbox import Connection
from shared.messaging.reactions import projection

# In key order, so that two who count for the same agreement never wait for each other.
_COUNT = """
insert into delivery (agreement_id, area, fact, number)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) as heard (agreement_id, area, fact, number)
order by agreement_id, area, fact
on conflict (agreement_id, area, fact) do update set number = delivery.number + excluded.number
"""
_AREAS = "select body->'areas' from agreement where id = $1 and ($2 or body->'sides' ?| $3::text[])"
_NUMBERS = "select area, fact, number from delivery where agreement_id = $1 order by area, fact"


class DeliveryOfAgreement(Command):
    """Of which agreement."""

    agreement_id: UUID


class Delivery(BaseModel):
    """What an agreement has delivered since it was signed."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    agreement_id: UUID
    areas: dict[Code, dict[Delivered, int]]
    """For each area of the agreement, how often each fact happened; what never did is left out."""


async def delivery(ask: DeliveryOfAgreement, actor: Actor, db: Connection) -> Delivery:
    """What an agreement has delivered, area by area; raises NotFound, also for one that the actor may not see."""
    sides = list(map(str, actor.lineage))
    areas = await db.fetchval(_AREAS, ask.agreement_id, actor.may(Role.OPERATOR), sides)
    if areas is None:
        raise NotFound(what="agreement", id=ask.agreement_id)
    counted: dict[Code, dict[Delivered, int]] = {area: {} for area in json.loads(areas)}
    for row in await db.fetch(_NUMBERS, ask.agreement_id):
        # An area that a later revision dropped keeps what was delivered in it.
        counted.setdefault(row["area"], {})[Delivered(row["fact"])] = row["number"]
    return Delivery(agreement_id=ask.agreement_id, areas=counted)


async def programmes(events: Sequence[ProgrammeEvent], db: Connection) -> None:
    await _count(events, db)


async def calls(events: Sequence[CallEvent], db: Connection) -> None:
    await _count(events, db)


async def exchanges(events: Sequence[ExchangeEvent], db: Connection) -> None:
    await _count(events, db)


async def offers(events: Sequence[OfferEvent], db: Connection) -> None:
    await _count(events, db)


async def needs(events: Sequence[NeedEvent], db: Connection) -> None:
    await _count(events, db)


async def matches(events: Sequence[MatchEvent], db: Connection) -> None:
    await _count(events, db)


async def deals(events: Sequence[DealEvent], db: Connection) -> None:
    await _count(events, db)


results = [
    projection(count, tables=["delivery"])
    for count in (programmes, calls, exchanges, offers, needs, matches, deals)
]  # fmt: skip
"""One a topic; together they write the one table, each event once."""


Counted = ProgrammeEvent | CallEvent | ExchangeEvent | OfferEvent | NeedEvent | MatchEvent | DealEvent


async def _count(events: Sequence[Counted], db: Connection) -> None:
    counted = Counter((e.agreement_id, e.area, fact) for e in events if (fact := delivered(e)))
    if counted:
        keys = list(counted)
        await db.execute(_COUNT, [k[0] for k in keys], [k[1] for k in keys], [k[2] for k in keys], [*counted.values()])
