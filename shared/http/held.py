"""`GET /people/{id}/held`: all that a service holds of a person, for themselves and for data protection officers."""

import json
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict

from shared.domain.actor import Actor, Role
from shared.domain.refused import NotAllowed
from shared.http.bodies import require_plain
from shared.http.identity.caller import Identified
from shared.http.openapi import OpenApi
from shared.messaging.outbox import Connection, Pool
from shared.service.held import all_held
from shared.service.rows import Holds, Service

MOST = 1000
"""How many rows of one table are shown; all are counted."""
ASKING = (Role.DATA_PROTECTION_OFFICER, Role.OPERATOR)

log = structlog.get_logger()


class Holding(BaseModel):
    """What one table holds of the person."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    table: str
    what: str
    """What it holds of a person, and why."""
    until: str
    """How long, and what erases it."""
    number: int
    """How many rows are about the person."""
    rows: list[Any]
    """The first thousand of them; empty where others' affairs stand in them too."""


class Held(BaseModel):
    """All that a service holds of a person."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    person_id: UUID
    """Of the directory, or of a participant."""
    service: str
    holdings: list[Holding]
    """One for each table that holds something."""


async def held(db: Connection, service: Service, person_id: UUID) -> Held:
    """What this service holds of somebody, whether or not they are known or were erased."""
    found = [await _holding(db, row, str(person_id)) for row in all_held(service)]
    return Held(person_id=person_id, service=service.name, holdings=[one for one in found if one.number])


async def _holding(db: Connection, row: Holds, person: str) -> Holding:
    number = await db.fetchval(f"select count(*) from {row.table} where {row.of}", person)
    shown = f"select {row.shows} as row from {row.table} where {row.of} limit {MOST}"
    rows = await db.fetch(shown, person) if row.shows and number else []
    return Holding(
        table=row.table, what=row.what, until=row.until, number=number, rows=[json.loads(one["row"]) for one in rows]
    )


def add_held(app: FastAPI, service: Service, pool: Pool, identified: Identified, openapi: OpenApi) -> None:
    """Adds `/people/{person_id}/held`."""
    router = APIRouter()
    who = Depends(identified)

    @router.get("/people/{person_id}/held", **openapi.operation("get_held", Held))
    async def read(request: Request, person_id: UUID, actor: Annotated[Actor, who]) -> Held:
        """All that this service holds about a person.

        You may ask about yourself; data protection officers and operators may ask about anyone. Ask each service. In
        `exchanges`, the person may be a participant.
        """
        if actor.person_id != person_id and not any(actor.may(role) for role in ASKING):
            raise NotAllowed(needed=f"to be that person, or the role {' or '.join(ASKING)}")
        require_plain(request)
        # Who looked at what is held of whom can be asked for too.
        log.info("asked what is held of a person", person_id=str(person_id), by=str(actor))
        async with pool.acquire() as db:
            return await held(db, service, person_id)

    app.include_router(router)
