"""`entente grant`: gives an organisation its first officer, with the database owner's role."""

import asyncio
from typing import Annotated

import typer

from local.installation import find_settings
from local.terminal.stopping import quieten
from services.partners.app.grant_first_officer import FirstOfficer
from services.partners.app.register_organisation import RegisterOrganisation
from services.partners.domain.kinds import Level, OrganisationKind, Sector
from services.partners.owner import grant, issuer_of, said
from shared.contracts.person import Account
from shared.contracts.values import Identifier, Text
from shared.domain.actor import Role

KIND = "The kind of organisation, if it is new."


def command(
    subject: Annotated[str, typer.Option(help="The sub of the person's tokens.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[list[Role], typer.Option(help="May be repeated.")],
    issuer: Annotated[str | None, typer.Option(help="The iss of their tokens; by default the installation's.")] = None,
    name_zh: Annotated[str | None, typer.Option(help="The person's name in Chinese.")] = None,
    title: Annotated[str, typer.Option(help="The title of the office.")] = "Partnership officer",
    title_zh: Annotated[str | None, typer.Option(help="The title in Chinese.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Its identifier, such as ror:03angcq70.")] = None,
    kind: Annotated[OrganisationKind | None, typer.Option(help=KIND)] = None,
    organisation_name: Annotated[str | None, typer.Option(help="The organisation's name, if it is new.")] = None,
    organisation_name_zh: Annotated[str | None, typer.Option(help="The organisation's name in Chinese.")] = None,
    level: Annotated[Level | None, typer.Option(help="How far it reaches, if it is new.")] = None,
    sector: Annotated[Sector | None, typer.Option(help="What it is concerned with, if it is new.")] = None,
    country: Annotated[str | None, typer.Option(help="Its country: two letters, such as GB or CN.")] = None,
    city: Annotated[str | None, typer.Option(help="Its city.")] = None,
    city_zh: Annotated[str | None, typer.Option(help="Its city in Chinese.")] = None,
    address: Annotated[str | None, typer.Option(help="Its address.")] = None,
    address_zh: Annotated[str | None, typer.Option(help="Its address in Chinese.")] = None,
) -> None:
    """Give an organisation its first officer. Uses the database owner's role. Running it again changes nothing.

    Example: entente grant --subject li.wei --name 'Li Wei' --role partnership-officer --organisation ror:01rxvg760
    """
    quieten()
    settings = find_settings()
    ask = FirstOfficer(
        account=Account(issuer=issuer_of(settings, issuer), subject=subject),
        name=Text(en=name, zh=name_zh),
        title=Text(en=title, zh=title_zh),
        roles=frozenset(role),
        identifier=_identifier(organisation) if organisation else None,
        organisation=_described(
            {
                "kind": kind,
                "level": level,
                "sector": sector,
                "country": country,
                "name": _text(organisation_name, organisation_name_zh),
                "city": _text(city, city_zh),
                "address": _text(address, address_zh),
            }
        ),
    )
    granted = asyncio.run(grant(settings, ask))
    print(said(granted, ask))


def _identifier(text: str) -> Identifier:
    scheme, colon, value = text.partition(":")
    if not colon:
        raise typer.BadParameter(f"{text!r} is not an identifier; write SCHEME:VALUE, such as ror:03angcq70")
    return Identifier(scheme=scheme, value=value)


def _text(en: str | None, zh: str | None) -> Text | None:
    return Text(en=en, zh=zh) if en or zh else None


def _described(said: dict[str, object]) -> RegisterOrganisation | None:
    if not any(said.values()):
        return None
    if not all(said[name] for name in ("kind", "name", "country", "city")):
        raise typer.BadParameter("a new organisation needs --kind, --organisation-name, --country and --city")
    return RegisterOrganisation.model_validate(said)
