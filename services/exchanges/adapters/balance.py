"""The balance of places: what was agreed, offered and used, by year, direction, kind and subject area."""

from pydantic import BaseModel, ConfigDict

from shared.contracts.condition import AcademicYear
from shared.contracts.values import Code, FieldOfStudy, OrganisationId
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.messaging.outbox import Connection

_GROUP = "academic_year, sending, receiving, kind, field_of_study"
_FIELDS = ", ".join(f"body->>'{name}' as {name}" for name in _GROUP.split(", "))
_SEEN = """($1 or body->'sides' ?| $2::text[])
    and ($3::text is null or coalesce(body->>'academic_year', '') = $3)
    and ($4::uuid is null or coalesce(body->>'sending', '') = $4::text)
    and ($5::uuid is null or coalesce(body->>'receiving', '') = $5::text)
    and ($6::text is null or body->>'kind' = $6)
    and ($7::text is null or body->>'field_of_study' = $7)"""
_STATES = ("waiting", "pending", "approved", "live", "recognised")
_BALANCE = f"""
with p as (
    select {_FIELDS}, (body->'condition'->>'mobilities_per_year')::int as places,
        (body->'condition'->>'months_per_year')::int as months, (body->>'promised')::int as promised
    from programme where {_SEEN} and body->>'status' in ('open', 'closed')
), m as (
    select {_FIELDS}, body->>'status' as status, body->>'arrived_on' is not null as came,
        coalesce(body->>'departed_on', body->'planned'->>'departure')::date
        - coalesce(body->>'arrived_on', body->'planned'->>'arrival')::date + 1 as days
    from mobility where {_SEEN}
)
select {_GROUP}, places, months as months_agreed, promised as places_offered,
    {", ".join(f"coalesce({state}, 0) as {state}" for state in _STATES)}, coalesce(broken_off, 0) as broken_off,
    round(coalesce(days, 0) / 30.0, 1)::float as months
from (
    select {_GROUP}, sum(places) as places, sum(months) as months, sum(promised) as promised from p group by {_GROUP}
) p
left join (
    select {_GROUP}, {", ".join(f"count(*) filter (where status = '{state}') as {state}" for state in _STATES)},
        count(*) filter (where status = 'cancelled' and came) as broken_off,
        sum(days) filter (where status in ('approved', 'live', 'recognised') or status = 'cancelled' and came) as days
    from m group by {_GROUP}
) m using ({_GROUP})
order by {_GROUP}
"""


class BalanceOf(Command):
    """Of which year, direction, kind and subject area; all of them without a filter."""

    academic_year: AcademicYear | None = None
    sending: OrganisationId | None = None
    receiving: OrganisationId | None = None
    kind: Code | None = None
    field_of_study: FieldOfStudy | None = None


class BalanceLine(BaseModel):
    """One direction in one academic year, for one kind and subject area."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    academic_year: AcademicYear
    sending: OrganisationId
    receiving: OrganisationId
    kind: Code
    field_of_study: FieldOfStudy
    places: int
    """The most people that may go, by the conditions."""
    places_offered: int
    """How many of these places calls have."""
    waiting: int
    pending: int
    approved: int
    live: int
    recognised: int
    broken_off: int
    """Cancelled after the arrival, so that the place is used."""
    months_agreed: int
    """The months of all of them together, by the conditions."""
    months: float
    """The months, of 30 days, of those who have a place: actual days where they are known, else planned ones."""


class Balance(BaseModel):
    """What two institutions owe each other shows in the lines of the two directions."""

    lines: list[BalanceLine]


async def balance(ask: BalanceOf, actor: Actor, db: Connection) -> Balance:
    """The balance of places and months, of the programmes that you see."""
    sees_all = Role.OPERATOR in actor.roles
    lineage = [] if sees_all else list(map(str, actor.lineage))
    asked = (ask.academic_year, ask.sending, ask.receiving, ask.kind, ask.field_of_study)
    rows = await db.fetch(_BALANCE, sees_all, lineage, *asked)
    return Balance(lines=[BalanceLine(**dict(row)) for row in rows])
