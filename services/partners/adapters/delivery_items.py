"""The events that count as delivered: each is kept once, as an item, and read by agreement."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.partners.domain.delivery import Counted, Delivered, Item, NewItem, item_of
from shared.contracts.activity import ActivityEvent
from shared.contracts.call import CallEvent
from shared.contracts.condition import AcademicYear
from shared.contracts.deal import DealEvent
from shared.contracts.initiative import InitiativeEvent
from shared.contracts.match import MatchEvent
from shared.contracts.mobility import MobilityEvent
from shared.contracts.need import NeedEvent
from shared.contracts.offer import OfferEvent
from shared.contracts.programme import ProgrammeEvent
from shared.contracts.values import Code
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.domain.refused import Invalid, NotFound
from shared.messaging.outbox import Connection
from shared.messaging.reactions import projection

MOST = 100
"""The most items on a page."""

_ZONES = "select id, body->>'time_zone' as zone from agreement where id = any($1::uuid[])"
_ADD = """
insert into delivery_item select * from jsonb_populate_recordset(null::delivery_item, $1::jsonb) on conflict do nothing
"""
INITIATIVE_OF_ITEM = """coalesce(i.initiative_id, (
    select o.initiative_id from delivery_item o where o.aggregate_id = i.origin_id and o.initiative_id is not null
    limit 1))"""
"""SQL for the initiative of the item `i`. Programmes and offers name theirs; what came from them does not, and may have
been heard before them."""
_SEEN = "select true from agreement where id = $1 and ($2 or body->'sides' ?| $3::text[])"
_AFTER = "select true from delivery_item where event_id = $1 and agreement_id = $2"
_PAGE = f"""
select * from (select i.*, {INITIATIVE_OF_ITEM} as of_initiative from delivery_item i where agreement_id = $1) d
where ($2::text is null or fact = $2) and ($3::text is null or area = $3)
    and ($4::text is null or academic_year = $4) and ($5::uuid is null or of_initiative = $5)
    and ($6::uuid is null or (day, event_id) > (select day, event_id from delivery_item where event_id = $6))
order by day, event_id limit {MOST + 1}
"""
_ITEMS = TypeAdapter(list[NewItem])


class ItemsOfDelivery(Command):
    """Of which agreement, and which of its items; all of them without a filter."""

    agreement_id: UUID
    fact: Delivered | None = None
    area: Code | None = None
    academic_year: AcademicYear | None = None
    initiative_id: UUID | None = None
    cursor: UUID | None = None
    """`next` of the page before."""


class DeliveryItems(BaseModel):
    """A page of items, in the order of their days."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    items: list[Item]
    next: UUID | None
    """The cursor of the following page; null on the last."""


async def delivery_items(ask: ItemsOfDelivery, actor: Actor, db: Connection) -> DeliveryItems:
    """The items behind the numbers of an agreement's delivery, page by page.

    Raises NotFound, even for an agreement hidden from the actor, and Invalid for the cursor of another one.
    """
    sides = list(map(str, actor.lineage))
    if not await db.fetchval(_SEEN, ask.agreement_id, actor.may(Role.OPERATOR), sides):
        raise NotFound(what="agreement", id=ask.agreement_id)
    if ask.cursor and not await db.fetchval(_AFTER, ask.cursor, ask.agreement_id):
        raise Invalid(reason="the cursor is not one that a page of these items gave; begin again without it")
    rows = await db.fetch(_PAGE, ask.agreement_id, ask.fact, ask.area, ask.academic_year, ask.initiative_id, ask.cursor)
    items = [Item.model_validate({**row, "initiative_id": row["of_initiative"]}) for row in rows[:MOST]]
    return DeliveryItems(items=items, next=items[-1].event_id if len(rows) > MOST else None)


async def programmes(events: Sequence[ProgrammeEvent], db: Connection) -> None:
    await _keep(events, db)


async def calls(events: Sequence[CallEvent], db: Connection) -> None:
    await _keep(events, db)


async def mobilities(events: Sequence[MobilityEvent], db: Connection) -> None:
    await _keep(events, db)


async def activities(events: Sequence[ActivityEvent], db: Connection) -> None:
    await _keep(events, db)


async def offers(events: Sequence[OfferEvent], db: Connection) -> None:
    await _keep(events, db)


async def needs(events: Sequence[NeedEvent], db: Connection) -> None:
    await _keep(events, db)


async def matches(events: Sequence[MatchEvent], db: Connection) -> None:
    await _keep(events, db)


async def deals(events: Sequence[DealEvent], db: Connection) -> None:
    await _keep(events, db)


async def initiatives(events: Sequence[InitiativeEvent], db: Connection) -> None:
    await _keep(events, db)


results = [
    projection(keep, tables=["delivery_item"])
    for keep in (programmes, calls, mobilities, activities, offers, needs, matches, deals, initiatives)
]  # fmt: skip
"""One a topic; together they write the one table, each event once."""


async def _keep(events: Sequence[Counted], db: Connection) -> None:
    zones = {row["id"]: row["zone"] for row in await db.fetch(_ZONES, list({e.agreement_id for e in events}))}
    found = [item for e in events if (item := item_of(e, zones.get(e.agreement_id, "UTC")))]
    if found:
        await db.execute(_ADD, _ITEMS.dump_json(found).decode())
