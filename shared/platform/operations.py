"""What operators and machines read of every service: health, metrics, published events, positions; and who am I."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Query, Response

from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid
from shared.messaging.outbox import Pool
from shared.platform.health import Health
from shared.platform.http import PROBLEMS
from shared.platform.identified import Identified, allow
from shared.platform.service import Lists, Service
from shared.platform.telemetry.metrics import Metrics

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
NOW = "select coalesce(max(xid::text::bigint), 0) as xid, coalesce(max(id), 0) as id from history"
POSITIONS = """select p.consumer, p.topic, p.key, p.sequence, p.parked, coalesce(
            (select jsonb_object_agg(state, n) from (
                select state, count(*) n from dead_letter d
                where (d.consumer, d.topic, d.key) = (p.consumer, p.topic, p.key) group by state) s),
            '{}') as dead_letters
    from positions p where p.topic = $1 and p.key = $2 order by p.consumer"""


def add_operations(
    app: FastAPI, service: Service, pool: Pool, identified: Identified, metrics: Metrics, health: Health
) -> None:
    """Adds the routes that are the same in every service."""
    router = APIRouter()
    who = Depends(identified)

    @router.get("/health/live", tags=["operations"], response_model=None)
    async def live() -> dict[str, Any]:
        """The process answers."""
        return {"status": "live", "service": service.name}

    @router.get("/health/ready", tags=["operations"], response_model=None)
    async def ready(response: Response) -> dict[str, Any]:
        """Schema as expected, database answers, no topic known to differ. Kafka away is `degraded`, status 200."""
        found = await health.look()
        response.status_code = 503 if found["status"] == "unready" else 200
        return found

    @router.get("/metrics", tags=["operations"], response_model=None, include_in_schema=False)
    async def exposition() -> Response:
        """For Prometheus."""
        return Response(await metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/me", responses=PROBLEMS, response_model=None)
    async def me(actor: Annotated[Actor, who]) -> dict[str, Any]:
        """Who am I, and what may I do here."""
        return _me(service, actor)

    @router.get("/events", tags=["operations"], responses=PROBLEMS, response_model=None)
    async def events(
        actor: Annotated[Actor, who],
        after: Annotated[
            str, Query(max_length=60, description="the `next` of an earlier answer; `now` skips all")
        ] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> dict[str, Any]:
        """What this service published, in order: id, type, subject, sequence, and whether Kafka has it."""
        allow(actor, OPERATOR)
        return await _events(pool, after, limit)

    @router.get("/positions", tags=["operations"], responses=PROBLEMS, response_model=None)
    async def positions(
        actor: Annotated[Actor, who],
        topic: Annotated[str, Query(max_length=200, pattern=r"^[a-z._-]+$")],
        key: UUID,
    ) -> dict[str, Any]:
        """What each consumer of this service has applied of an aggregate: the last sequence, and what is dead."""
        allow(actor, OPERATOR)
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
        row = await pool.fetchrow(NOW)
        return {"events": [], "next": f"{row['xid']}-{row['id']}" if row else "0-0"}
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
