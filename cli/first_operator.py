"""`entente first-operator`: whoever ENTENTE_FIRST_OPERATOR names is let in as the installation's first operator."""

import asyncio
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.grant import ACTOR, grant, issuer_of, owners_work, said
from local.installation import find_settings
from local.terminal.stopping import quieten
from local.trouble import Trouble
from services.partners.app.grant_first_officer import FirstOfficer, Granted, grant_once
from services.partners.app.register_organisation import RegisterOrganisation
from shared.contracts.person import Account
from shared.contracts.values import Identifier, Text
from shared.domain.actor import Role
from shared.service.settings import Settings

EXAMPLE = "{subject: ada, name: {en: Ada}, organisation: {kind: university, name: {en: U}, country: GB, city: {en: B}}}"


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


def first_operator(
    who: Annotated[str, typer.Option(envvar="ENTENTE_FIRST_OPERATOR", help="In YAML or JSON; see the example.")] = "",
) -> None:
    """Give the office of operator to whom ENTENTE_FIRST_OPERATOR names, by the owner's role of partners; once each.

    An account that was let in before or that the directory knows is left as it is, also once revoked or erased.

    Example: entente first-operator --who '{subject: ada, name: {en: Ada}, identifier: {scheme: ror, value: 03angcq70}}'
    """
    quieten()
    if not who.strip():
        print("ENTENTE_FIRST_OPERATOR names nobody: nothing was done")
        return
    named = FirstOperator.model_validate(_read(who))
    settings = find_settings()
    ask = _office(settings, named)
    granted = asyncio.run(let_in_once(settings, ask))
    if granted is None:
        print(
            "the account was let in before, or is in the directory: nothing was changed; `entente grant` gives offices"
        )
        return
    print(said(granted, ask))


def _read(text: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as wrong:
        raise Trouble(f"ENTENTE_FIRST_OPERATOR is neither YAML nor JSON; write it as {EXAMPLE}") from wrong


async def let_in_once(settings: Settings, ask: FirstOfficer) -> Granted | None:
    """Gives the office to an account that was never let in and is not in the directory; raises as `grant` does."""
    async with owners_work(settings, grant_once.__name__) as work:
        return await grant_once(ask, ACTOR, work)


async def let_in(settings: Settings, who: FirstOperator) -> Granted:
    """Gives the office, whatever was before; raises as `grant` does."""
    return await grant(settings, _office(settings, who))


def _office(settings: Settings, who: FirstOperator) -> FirstOfficer:
    return FirstOfficer(
        account=Account(issuer=issuer_of(settings, who.issuer), subject=who.subject),
        name=who.name,
        title=who.title,
        roles=who.roles,
        identifier=who.identifier,
        organisation=who.organisation,
    )
