"""What the owner's database role does in `partners` without HTTP: gives the first offices.

A composition root of its own, beside main.py: no process that serves has the owner's role.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from services.partners.adapters.admission_table import AdmissionTable
from services.partners.app.grant_first_officer import (
    FirstOfficer,
    Granted,
    OwnersWork,
    grant_first_officer,
    grant_once,
)
from services.partners.app.register_organisation import RegisterOrganisation
from services.partners.main import partners
from shared.contracts.organisation import OrganisationRegistered
from shared.contracts.person import Account, PersonState
from shared.contracts.values import Identifier, Text
from shared.database.pool import connected
from shared.domain.actor import Actor, Role
from shared.service.serve import utc_now
from shared.service.settings import Settings, SettingsError

ACTOR = Actor(None, None, frozenset({Role.OPERATOR}), cause="entente grant")
"""How the history names who did it."""


class FirstOperator(BaseModel):
    """Who it is: `subject` is the token's sub; the organisation by an identifier, or described to be registered."""

    model_config = ConfigDict(extra="forbid")

    subject: str
    issuer: str | None = None
    """The token's iss, where it is not the installation's issuer."""
    name: Text
    title: Text = Text(en="Operator", zh="系统管理员")
    roles: frozenset[Role] = frozenset({Role.OPERATOR})
    identifier: Identifier | None = None
    organisation: RegisterOrganisation | None = None

    @model_validator(mode="before")
    @classmethod
    def _organisation_by_identifier(cls, given: Any) -> Any:
        """An organisation of which only the identifier is given is one that is there."""
        match given:
            case {"organisation": {"identifier": identifier, **more}, **rest} if not more:
                return {**rest, "identifier": identifier}
            case _:
                return given


async def grant(settings: Settings, ask: FirstOfficer) -> Granted:
    """Gives somebody an office by the owner's role of `partners`; registers person and organisation if need be.

    Raises Refused, SettingsError without the owner's password, DatabaseAway, and what asyncpg raises.
    """
    async with _owners_work(settings, grant_first_officer.__name__) as work:
        return await grant_first_officer(ask, ACTOR, work)


async def let_in(settings: Settings, who: FirstOperator) -> Granted:
    """Gives the office, whatever was before; raises as `grant` does."""
    return await grant(settings, office_of(settings, who))


async def let_in_once(settings: Settings, ask: FirstOfficer) -> Granted | None:
    """Gives the office to an account that was never let in and is not in the directory; raises as `grant` does."""
    async with _owners_work(settings, grant_once.__name__) as work:
        return await grant_once(ask, ACTOR, work)


def office_of(settings: Settings, who: FirstOperator) -> FirstOfficer:
    """What is asked of `grant` for a first operator; raises SettingsError without an issuer."""
    return FirstOfficer(
        account=Account(issuer=issuer_of(settings, who.issuer), subject=who.subject),
        name=who.name,
        title=who.title,
        roles=who.roles,
        identifier=who.identifier,
        organisation=who.organisation,
    )


def issuer_of(settings: Settings, named: str | None) -> str:
    """Whose the account is: the issuer that is named, or the installation's.

    Raises SettingsError where nobody said which that is: the development issuer is then that of no installation.
    """
    if named or os.environ.get("ENTENTE_ISSUER"):
        return named or settings.issuer
    try:
        return Settings().issuer
    except ValidationError:
        raise SettingsError(
            "nobody said whose account it is: give the issuer of its tokens by --issuer or ENTENTE_ISSUER, "
            "or set ENTENTE_DEVELOPMENT=1 for the development issuer's"
        ) from None


def said(granted: Granted, ask: FirstOfficer) -> str:
    """A sentence for people: who was let in, where they sign in, and with which roles."""
    who = f"person {granted.person_id} of organisation {granted.organisation_id}, who signs in at {ask.account.issuer}"
    return f"{who}: {', '.join(sorted(ask.roles))}"


@asynccontextmanager
async def _owners_work(settings: Settings, use_case: str) -> AsyncGenerator[OwnersWork]:
    """One transaction of the owner's role of `partners`, saved when the block ends; raises as `grant` does."""
    ports = {**partners(settings).ports, "admissions": AdmissionTable}
    async with connected(settings.database_url("partners", "owner")) as db, db.transaction():
        work = OwnersWork(db, now=utc_now(), actor=ACTOR, use_case=use_case, ports=ports)
        yield work
        await work.save([OrganisationRegistered, PersonState])
