"""Grants the first offices in `partners`, with the database owner's role and without HTTP.

This is a second composition root beside main.py, because no serving process has the owner's role.
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
"""Recorded in the history as the one who did it."""


class FirstOperator(BaseModel):
    """The first operator; `subject` is the sub of their tokens. Identify an organisation or describe a new one."""

    model_config = ConfigDict(extra="forbid")

    subject: str
    issuer: str | None = None
    """The tokens' iss, if not the installation's issuer."""
    name: Text
    title: Text = Text(en="Operator", zh="系统管理员")
    roles: frozenset[Role] = frozenset({Role.OPERATOR})
    identifier: Identifier | None = None
    organisation: RegisterOrganisation | None = None

    @model_validator(mode="before")
    @classmethod
    def _organisation_by_identifier(cls, given: Any) -> Any:
        """If only the organisation's identifier is given, it must already exist."""
        match given:
            case {"organisation": {"identifier": identifier, **more}, **rest} if not more:
                return {**rest, "identifier": identifier}
            case _:
                return given


async def grant(settings: Settings, ask: FirstOfficer) -> Granted:
    """Give a person an office, with the owner's role of `partners`. Register the person and organisation if new.

    Raises Refused, SettingsError if the owner's password is missing, DatabaseAway, and asyncpg's exceptions.
    """
    async with _owners_work(settings, grant_first_officer.__name__) as work:
        return await grant_first_officer(ask, ACTOR, work)


async def admit(settings: Settings, who: FirstOperator) -> Granted:
    """Give the office, even if the account was admitted before. Raises what `grant` raises."""
    return await grant(settings, office_of(settings, who))


async def admit_once(settings: Settings, ask: FirstOfficer) -> Granted | None:
    """Give the office only to an account never admitted before and not in the directory. Raises what `grant` raises."""
    async with _owners_work(settings, grant_once.__name__) as work:
        return await grant_once(ask, ACTOR, work)


def office_of(settings: Settings, who: FirstOperator) -> FirstOfficer:
    """Return the request to `grant` for a first operator. Raises SettingsError if no issuer is set."""
    return FirstOfficer(
        account=Account(issuer=issuer_of(settings, who.issuer), subject=who.subject),
        name=who.name,
        title=who.title,
        roles=who.roles,
        identifier=who.identifier,
        organisation=who.organisation,
    )


def issuer_of(settings: Settings, named: str | None) -> str:
    """Return the account's issuer: the one named, or the installation's.

    Raises SettingsError if neither is set. The development issuer must then be allowed explicitly.
    """
    if named or os.environ.get("ENTENTE_ISSUER"):
        return named or settings.issuer
    try:
        return Settings().issuer
    except ValidationError:
        raise SettingsError(
            "the account needs an issuer: set --issuer or ENTENTE_ISSUER to the iss of its tokens, "
            "or set ENTENTE_DEVELOPMENT=1 to use the development issuer"
        ) from None


def said(granted: Granted, ask: FirstOfficer) -> str:
    """Return a sentence with the person who got the office, where they sign in, and their roles."""
    who = f"person {granted.person_id} of organisation {granted.organisation_id}, who signs in at {ask.account.issuer}"
    return f"{who}: {', '.join(sorted(ask.roles))}"


@asynccontextmanager
async def _owners_work(settings: Settings, use_case: str) -> AsyncGenerator[OwnersWork]:
    """One transaction with the owner's role of `partners`, saved when the block ends. Raises what `grant` raises."""
    ports = {**partners(settings).ports, "admissions": AdmissionTable}
    async with connected(settings.database_url("partners", "owner")) as db, db.transaction():
        work = OwnersWork(db, now=utc_now(), actor=ACTOR, use_case=use_case, ports=ports)
        yield work
        await work.save([OrganisationRegistered, PersonState])
