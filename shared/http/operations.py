"""What operators and machines read of every service: health, metrics, published events, positions; and who am I."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel

from shared.contracts.values import Text
from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid
from shared.http.bodies import require_plain
from shared.http.identity.caller import Identified, allow
from shared.http.openapi import shown
from shared.http.routes import PROBLEMS
from shared.messaging.outbox import Pool
from shared.service.health import Health
from shared.service.rows import Lists, Service
from shared.telemetry.metrics import Metrics

AFTER = r"^(now|[0-9]{1,19}-[0-9]{1,19})?$"
OPERATOR = frozenset({Role.OPERATOR})
# Ordered by transaction, and only below the oldest one that still runs: what commits late can come under no cursor.
EVENTS = """select h.id, h.xid::text::bigint as xid, h.aggregate_id, h.use_case, h.at, h.events,
        (select coalesce(array_agg(o.event_id), '{}') from outbox o
         where o.key = h.aggregate_id::text
           and o.event_id in (select (e->>'id')::uuid from jsonb_array_elements(h.events) e)) as unsent
    from history h
    where (h.xid, h.id) > ($1::text::xid8, $2) and h.xid < pg_snapshot_xmin(pg_current_snapshot())
      and h.events <> '[]'
    order by h.xid, h.id limit $3"""
# Behind every transaction that is over; one that still runs comes under this cursor, however late it commits.
NOW = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1"
LAST_ID = 2**63 - 1
POSITIONS = """select p.consumer, p.topic, p.key, p.sequence, p.parked, coalesce(
            (select jsonb_object_agg(state, n) from (
                select state, count(*) n from dead_letter d
                where (d.consumer, d.topic, d.key) = (p.consumer, p.topic, p.key) group by state) s),
            '{}') as dead_letters
    from positions p where p.topic = $1 and p.key = $2 order by p.consumer"""


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"]
    service: str


class Ready(BaseModel):
    """Whether a service can do its work."""

    status: Literal["ready", "degraded", "unready"]
    reasons: list[str]
    """In sentences: what keeps it from it, or what is in trouble."""


class Me(BaseModel):
    """Who asks, as the directory has them."""

    person_id: UUID
    organisation_id: UUID
    office: Text | None
    roles: list[str]
    within: list[UUID]
    """The organisations that one's own lies within."""
    may: list[str]
    """The use cases that these roles may ask for."""
    may_read: list[str]


class Published(BaseModel):
    """One event that was published."""

    id: UUID
    type: str
    subject: UUID
    sequence: int
    at: datetime
    use_case: str
    published: bool
    """Whether Kafka has it."""


class Events(BaseModel):
    """A page of published events."""

    events: list[Published]
    next: str
    """To be given as `after`."""


class Position(BaseModel):
    """What one consumer has applied of an aggregate."""

    consumer: str
    topic: str
    key: str
    sequence: int
    parked: bool
    dead_letters: dict[str, int]
    """How many, by state."""


class Positions(BaseModel):
    """What each consumer that reads the topic has applied of an aggregate; none is named that has applied nothing."""

    consumers: list[str]
    positions: list[Position]


def add_operations(
    app: FastAPI, service: Service, pool: Pool, identified: Identified, metrics: Metrics, health: Health
) -> None:
    """Adds the routes that are the same in every service."""
    router = APIRouter()
    who = Depends(identified)

    @router.get("/health/live", tags=["operations"], responses={200: shown(Live)}, response_model=None)
    async def live() -> dict[str, Any]:
        """The process answers."""
        return {"status": "live", "service": service.name}

    @router.get(
        "/health/ready", tags=["operations"], responses={200: shown(Ready), 503: shown(Ready)}, response_model=None
    )
    async def ready(response: Response) -> dict[str, Any]:
        """Schema as expected, database answers, no topic known to differ. Kafka away is `degraded`, status 200."""
        found = await health.look()
        response.status_code = 503 if found["status"] == "unready" else 200
        return found

    @router.get("/metrics", tags=["operations"], response_model=None, include_in_schema=False)
    async def exposition() -> Response:
        """For Prometheus."""
        return Response(await metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/me", responses=PROBLEMS | {200: shown(Me)}, response_model=None)
    async def me(request: Request, actor: Annotated[Actor, who]) -> dict[str, Any]:
        """Who am I, and what may I do here."""
        require_plain(request)
        return _me(service, actor)

    @router.get("/events", tags=["operations"], responses=PROBLEMS | {200: shown(Events)}, response_model=None)
    async def events(
        request: Request,
        actor: Annotated[Actor, who],
        after: Annotated[
            str,
            Query(max_length=60, pattern=AFTER, description="`next` of an earlier answer; `now`: none yet; empty: all"),
        ] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> dict[str, Any]:
        """What this service published, in order: id, type, subject, sequence, and whether Kafka has it."""
        allow(actor, OPERATOR)
        require_plain(request, ["after", "limit"])
        return await _events(pool, after, limit)

    @router.get("/positions", tags=["operations"], responses=PROBLEMS | {200: shown(Positions)}, response_model=None)
    async def positions(
        request: Request,
        actor: Annotated[Actor, who],
        topic: Annotated[str, Query(max_length=200, pattern=r"^[a-z._-]+$")],
        key: UUID,
    ) -> dict[str, Any]:
        """What each consumer of this service has applied of an aggregate: the last sequence, and what is dead."""
        allow(actor, OPERATOR)
        require_plain(request, ["topic", "key"])
        rows = await pool.fetch(POSITIONS, topic, str(key))
        consumers = sorted(c.name for c in service.consumers if topic in c.topics)
        return {
            "consumers": consumers,
            "positions": [dict(r) | {"dead_letters": json.loads(r["dead_letters"])} for r in rows],
        }

    app.include_router(router)


def _me(service: Service, actor: Actor) -> dict[str, Any]:
    rows = [row for row in service.commands if any(actor.may(role) for role in row.may)]
    reads = [row for row in service.queries if any(actor.may(role) for role in row.may)]
    return {
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        "office": actor.office,
        "roles": sorted(actor.roles),
        "within": sorted(actor.within),
        "may": [row.name for row in rows],
        "may_read": [row.path if isinstance(row, Lists) else row.name for row in reads],
    }


async def _events(pool: Pool, after: str, limit: int) -> dict[str, Any]:
    if after == "now":
        return {"events": [], "next": f"{await pool.fetchval(NOW)}-{LAST_ID}"}
    xid, id = _cursor(after)
    rows = await pool.fetch(EVENTS, str(xid), id, limit)
    found = [
        event | {"subject": row["aggregate_id"], "at": row["at"], "use_case": row["use_case"],
                 "published": UUID(event["id"]) not in row["unsent"]}
        for row in rows for event in json.loads(row["events"])
    ]  # fmt: skip
    return {"events": found, "next": f"{rows[-1]['xid']}-{rows[-1]['id']}" if rows else after or "0-0"}


def _cursor(after: str) -> tuple[int, int]:
    try:
        xid, _, id = (after or "0-0").partition("-")
        if not 0 <= int(xid) < 2**63 or not 0 <= int(id) < 2**63:
            raise ValueError
        return int(xid), int(id)
    except ValueError:
        raise Invalid(reason="`after` is not the `next` of an earlier answer; begin again without it") from None
