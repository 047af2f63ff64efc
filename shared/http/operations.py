"""The routes of every service: health, metrics, published events, positions and `/me`."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from shared.contracts.values import Text
from shared.directory.actors import Holding, not_held
from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid
from shared.http.bodies import require_plain
from shared.http.identity.caller import ActingFor, Identified, allow
from shared.http.openapi import OpenApi
from shared.messaging.outbox import Pool
from shared.service.health import Health
from shared.service.rows import Lists, Service
from shared.telemetry.metrics import Metrics

AFTER = r"^(now|[0-9]{1,19}-[0-9]{1,19})?$"
AFTER_SAYS = "The `next` of an earlier answer; `now` for what comes from now on; nothing for all."
OPERATOR = frozenset({Role.OPERATOR})
# By transaction, and only below the oldest that still runs: one that commits late then never falls behind a cursor.
EVENTS = """select h.id, h.xid::text::bigint as xid, h.aggregate_id, h.use_case, h.at, h.events,
        (select coalesce(array_agg(o.event_id), '{}') from outbox o
         where o.key = h.aggregate_id::text
           and o.event_id in (select (e->>'id')::uuid from jsonb_array_elements(h.events) e)) as unsent
    from history h
    where (h.xid, h.id) > ($1::text::xid8, $2) and h.xid < pg_snapshot_xmin(pg_current_snapshot())
      and h.events <> '[]'
    order by h.xid, h.id limit $3"""
# After every transaction that is over; one that still runs comes after this cursor, however late it commits.
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

    model_config = ConfigDict(use_attribute_docstrings=True)

    status: Literal["ready", "degraded", "unready"]
    """`degraded`: it serves, but Kafka or a part of it is in trouble."""
    reasons: list[str]
    """Why, in sentences."""


class HeldOffice(BaseModel):
    """An office that you hold, and what it allows in this service."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    organisation_id: UUID
    title: Text
    roles: list[Role]
    within: list[UUID]
    """The organisations that this one lies within."""
    may: list[str]
    """The operations that these roles allow."""
    may_read: list[str]
    """The lists and other queries that they allow."""


class OfferedOffice(BaseModel):
    """An office that another organisation offers you; it has no effect until you accept it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    office_id: UUID
    """Accept it by `POST /people/{person_id}/acceptances` of `partners`."""
    organisation_id: UUID
    title: Text
    roles: list[str]


class AsParticipant(BaseModel):
    """What a participant may do in this service, with what is theirs."""

    may: list[str]
    may_read: list[str]


class Me(BaseModel):
    """Your entry in the directory, or as a participant."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    person_id: UUID
    acting_for: UUID | None
    """The organisation that this request acts for: your only one, or the one in the header Entente-Acting-For. Null if
    you hold several offices and named none of them: then every request but this one is refused."""
    offices: list[HeldOffice]
    """One for each organisation, with the roles of all that you hold there."""
    offered: list[OfferedOffice]
    participant: AsParticipant | None
    """For somebody who is not in the directory: a student, say. They hold no office and act for themselves."""


class PublishedEvent(BaseModel):
    """One event that the service published."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: UUID
    type: str
    subject: UUID
    """The aggregate."""
    sequence: int
    """Counts the events of the aggregate, from 1 on."""
    at: datetime
    use_case: str
    published: bool
    """Whether Kafka has it."""


class PublishedEvents(BaseModel):
    """A page of published events."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    events: list[PublishedEvent]
    next: str
    """Send this as `after` to get the events that follow, now or later."""


class Position(BaseModel):
    """What one consumer has applied of an aggregate."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    consumer: str
    topic: str
    key: str
    """The aggregate."""
    sequence: int
    """The sequence of the last event applied."""
    parked: bool
    """Whether its events wait for an operator."""
    dead_letters: dict[str, int]
    """How many there are, by state."""


class AggregatePositions(BaseModel):
    """What each consumer that reads a topic has applied of an aggregate."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    consumers: list[str]
    """All that read the topic."""
    positions: list[Position]
    """Of those that have applied something."""


def add_operations(
    app: FastAPI, service: Service, pool: Pool, identified: Identified, metrics: Metrics, health: Health,
    openapi: OpenApi,
) -> None:  # fmt: skip
    """Adds the routes that are the same in every service."""
    router = APIRouter()
    who = Depends(identified)

    @router.get("/health/live", **openapi.operation("get_liveness", Live, known=False))
    async def live() -> dict[str, Any]:
        """Whether the process answers."""
        return {"status": "live", "service": service.name}

    @router.get("/health/ready", **openapi.operation("get_readiness", Ready, 503, known=False))
    async def ready(response: Response) -> dict[str, Any]:
        """Whether the service can do its work: its schema is as expected, its database answers, no topic is wrong.

        Without Kafka it serves, and is `degraded`.
        """
        found = await health.look()
        response.status_code = 503 if found["status"] == "unready" else 200
        return found

    @router.get("/metrics", response_model=None, include_in_schema=False)
    async def exposition() -> Response:
        """For Prometheus."""
        return Response(await metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/me", **openapi.operation("get_me", Me))
    async def me(
        request: Request,
        offices: Annotated[list[Actor], Depends(identified.offices)],
        offered: Annotated[list[Holding], Depends(identified.offered)],
        acting_for: ActingFor = None,
    ) -> dict[str, Any]:
        """Who you are, which offices you hold and are offered, and what each lets you do in this service."""
        require_plain(request)
        return _me(service, offices, acting_for) | {"offered": [asdict(offer) for offer in offered]}

    @router.get("/events", **openapi.operation("list_published_events", PublishedEvents))
    async def events(
        request: Request,
        actor: Annotated[Actor, who],
        after: Annotated[str, Query(max_length=60, pattern=AFTER, description=AFTER_SAYS)] = "",
        limit: Annotated[int, Query(ge=1, le=1000, description="How many changes at most.")] = 200,
    ) -> dict[str, Any]:
        """What this service published, in order, and whether Kafka has it. Needs the role `operator`."""
        allow(actor, OPERATOR)
        require_plain(request, ["after", "limit"])
        return await _events(pool, after, limit)

    @router.get("/positions", **openapi.operation("get_positions", AggregatePositions))
    async def positions(
        request: Request,
        actor: Annotated[Actor, who],
        topic: Annotated[str, Query(max_length=200, pattern=r"^[a-z._-]+$")],
        key: Annotated[UUID, Query(description="The aggregate.")],
    ) -> dict[str, Any]:
        """How far each consumer of this service has applied an aggregate's events. Needs the role `operator`."""
        allow(actor, OPERATOR)
        require_plain(request, ["topic", "key"])
        rows = await pool.fetch(POSITIONS, topic, str(key))
        consumers = sorted(c.name for c in service.consumers if topic in c.topics)
        return {
            "consumers": consumers,
            "positions": [dict(r) | {"dead_letters": json.loads(r["dead_letters"])} for r in rows],
        }

    app.include_router(router)


def _me(service: Service, offices: list[Actor], acting_for: UUID | None) -> dict[str, Any]:
    if offices[0].is_participant:
        allowed = _allowed(service, offices[0])
        return {"person_id": offices[0].person_id, "acting_for": None, "offices": [], "participant": allowed}
    held = [actor.organisation for actor in offices]
    if acting_for is not None and acting_for not in held:
        raise not_held(acting_for)
    only = held[0] if len(held) == 1 else None
    return {
        "person_id": offices[0].person_id,
        "acting_for": acting_for or only,
        "offices": [_office(service, actor) for actor in offices],
        "participant": None,
    }


def _office(service: Service, actor: Actor) -> dict[str, Any]:
    return {
        "organisation_id": actor.organisation_id,
        "title": actor.office,
        "roles": sorted(actor.roles),
        "within": sorted(actor.within),
    } | _allowed(service, actor)


def _allowed(service: Service, actor: Actor) -> dict[str, Any]:
    def allowed(row: Any) -> bool:
        return any(actor.may(role) for role in row.may)

    return {
        "may": [row.name for row in filter(allowed, (*service.commands, *service.imports))],
        "may_read": [row.path if isinstance(row, Lists) else row.name for row in filter(allowed, service.queries)],
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
