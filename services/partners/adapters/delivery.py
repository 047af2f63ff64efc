"""What agreements and initiatives have delivered, beside what they promised."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.partners.adapters.delivery_items import INITIATIVE_OF_ITEM
from services.partners.domain.delivery import NATURE, Delivered, Nature
from shared.contracts.condition import AcademicYear
from shared.contracts.values import Code, Day, OrganisationId, Text, ZoneName, instant
from shared.domain.academic_year import academic_year
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.domain.commitment import Status
from shared.domain.refused import NotFound
from shared.messaging.outbox import Connection

_AGREEMENT = """
select body->'areas' as areas, body->>'time_zone' as zone, now()
from agreement where id = $1 and ($2 or body->'sides' ?| $3::text[])
"""
_INITIATIVE = """
select body->>'agreement_id' as agreement_id, body->>'area' as area, body->'deliverables' as deliverables, now()
from initiative where id = $1 and ($2 or body->'sides' ?| $3::text[])
"""
_OF_AGREEMENT = f"""
select area, academic_year, fact, {INITIATIVE_OF_ITEM} as initiative_id, count(*) as number, sum(attended) as attended
from delivery_item i
where agreement_id = $1 and ($2::text is null or area = $2) and ($3::text is null or academic_year = $3)
group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""
_OF_INITIATIVE = """
select academic_year, fact, count(*) as number, sum(attended) as attended from delivery_item
where initiative_id = $1 or origin_id in (select aggregate_id from delivery_item where initiative_id = $1)
group by 1, 2 order by 1, 2
"""
_TARGETS = """
select area, fact, number as promised, due_on, (
    select count(*) from delivery_item i
    where i.agreement_id = a.id and i.area = t.area and i.fact = t.fact and i.day <= t.due_on) as delivered
from agreement a, jsonb_to_recordset(a.body->'targets') as t (area text, fact text, number int, due_on date)
where a.id = $1 and ($2::text is null or area = $2) order by due_on, area, fact
"""
Numbers = dict[Delivered, int]


class DeliveryOfAgreement(Command):
    """Of which agreement, and in which area and academic year; all of them without a filter."""

    agreement_id: UUID
    area: Code | None = None
    academic_year: AcademicYear | None = None
    """From 1 August to 31 July. Of the targets, those whose day lies in it."""


class DeliveryOfInitiative(Command):
    """Of which initiative."""

    initiative_id: UUID


class TargetDelivery(BaseModel, frozen=True):
    """A target of an agreement, and what was delivered towards it in time."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    area: Code
    fact: Code
    promised: int
    delivered: int
    """How often the fact happened in the area, up to the end of `due_on`."""
    due_on: Day
    over: bool
    """Whether that day is over in the agreement's time zone, so that nothing more counts."""


class DeliverableDelivery(BaseModel, frozen=True):
    """What an organisation of an initiative promised, and whether it was delivered."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    number: int
    title: Text
    owner: OrganisationId
    """The organisation that promised it."""
    status: Code
    delivered: bool
    """Whether another side has accepted it."""
    due_on: Day
    time_zone: ZoneName
    overdue: bool
    """Whether that day passed without a valid report."""
    over: bool
    """Whether that day is over in the owner's time zone."""


class Counts(BaseModel, frozen=True):
    """How often each fact happened; what never did is left out."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    years: dict[AcademicYear, Numbers]
    """For each academic year, from 1 August to 31 July."""
    intentions: Numbers
    """What was started, promised or agreed, and what was abandoned or late."""
    results: Numbers
    """What was achieved."""
    attendance: dict[AcademicYear, int]
    """For each academic year in which an activity was held, how many people came to the items of all of them."""


class Delivery(Counts, frozen=True):
    """What an agreement has delivered since it was signed, and what its sides promised."""

    agreement_id: UUID
    areas: dict[Code, Numbers]
    """For each area of the agreement."""
    initiatives: dict[UUID, Numbers]
    """For each of its initiatives that has delivered something, itself or by its programmes and offers."""
    targets: list[TargetDelivery]
    """What the sides promised in the agreement's current terms, the earliest day first."""


class InitiativeDelivery(Counts, frozen=True):
    """What an initiative has delivered, itself and by its programmes and offers, and what it promised."""

    initiative_id: UUID
    agreement_id: UUID
    area: Code
    deliverables: list[DeliverableDelivery]


async def delivery(ask: DeliveryOfAgreement, actor: Actor, db: Connection) -> Delivery:
    """What an agreement has delivered, by area, academic year and initiative, beside its targets.

    Raises NotFound, even for one hidden from the actor. Each number has its items: `/delivery/items`.
    """
    agreement = await db.fetchrow(_AGREEMENT, ask.agreement_id, *_sees(actor))
    if agreement is None:
        raise NotFound(what="agreement", id=ask.agreement_id)
    rows = await db.fetch(_OF_AGREEMENT, ask.agreement_id, ask.area, ask.academic_year)
    targets = await db.fetch(_TARGETS, ask.agreement_id, ask.area)
    covered: dict[Code, Numbers] = {area: {} for area in json.loads(agreement["areas"]) if ask.area in (None, area)}
    return Delivery(
        agreement_id=ask.agreement_id,
        # An area that a later revision dropped keeps what was delivered in it.
        areas=covered | _by(rows, "area"),
        initiatives=_by(rows, "initiative_id"),
        targets=[
            TargetDelivery(**dict(each), over=_over(each["due_on"], agreement["zone"], agreement["now"]))
            for each in targets
            if ask.academic_year in (None, academic_year(each["due_on"]))
        ],
        **_counts(rows),
    )


async def initiative_delivery(ask: DeliveryOfInitiative, actor: Actor, db: Connection) -> InitiativeDelivery:
    """What an initiative has delivered, by academic year, beside its deliverables.

    Raises NotFound, even for one hidden from the actor.
    """
    initiative = await db.fetchrow(_INITIATIVE, ask.initiative_id, *_sees(actor))
    if initiative is None:
        raise NotFound(what="initiative", id=ask.initiative_id)
    rows = await db.fetch(_OF_INITIATIVE, ask.initiative_id)
    return InitiativeDelivery(
        initiative_id=ask.initiative_id, agreement_id=initiative["agreement_id"], area=initiative["area"],
        deliverables=[_deliverable(each, initiative["now"]) for each in json.loads(initiative["deliverables"])],
        **_counts(rows),
    )  # fmt: skip


def _sees(actor: Actor) -> tuple[bool, list[str]]:
    """Whether the actor sees all, and the organisations by which they see some."""
    return actor.may(Role.OPERATOR), list(map(str, actor.lineage))


def _counts(rows: Iterable[Any]) -> dict[str, Any]:
    by_nature = _by(rows, "fact", lambda fact: NATURE[Delivered(fact)])
    return {
        "years": _by(rows, "academic_year"),
        "intentions": by_nature.get(Nature.INTENTION, {}),
        "results": by_nature.get(Nature.RESULT, {}),
        "attendance": _attendance(rows),
    }


def _attendance(rows: Iterable[Any]) -> dict[AcademicYear, int]:
    found: Counter[AcademicYear] = Counter()
    for row in rows:
        if row["attended"] is not None:
            found[row["academic_year"]] += row["attended"]
    return found


def _by(rows: Iterable[Any], column: str, key: Callable[[Any], Any] = lambda value: value) -> dict[Any, Numbers]:
    """The numbers of the facts for each value of a column, or for each `key` of a value; nothing for null."""
    found: dict[Any, Numbers] = {}
    for row in rows:
        if row[column] is not None:
            numbers, fact = found.setdefault(key(row[column]), {}), Delivered(row["fact"])
            numbers[fact] = numbers.get(fact, 0) + row["number"]
    return found


def _deliverable(each: Mapping[str, Any], now: datetime) -> DeliverableDelivery:
    over = _over(date.fromisoformat(each["due_on"]), each["time_zone"], now)
    return DeliverableDelivery.model_validate({**each, "delivered": each["status"] == Status.ACCEPTED, "over": over})


def _over(day: date, zone: str, now: datetime) -> bool:
    return instant(day + timedelta(days=1), zone) <= now
