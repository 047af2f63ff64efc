"""`entente grant`: the first officer of an organisation, by the owner's database role."""

import asyncio
from typing import Annotated

import typer

from local.installation import find_settings
from local.terminal.stopping import quieten
from services.partners.app.grant_first_officer import FirstOfficer
from services.partners.app.register_organisation import RegisterOrganisation
from services.partners.owner import grant, issuer_of, said
from shared.contracts.organisation import OrganisationKind
from shared.contracts.person import Account
from shared.contracts.values import Identifier, Text
from shared.domain.actor import Role

KIND = "What the organisation is, if it is to be registered."


def command(
    subject: Annotated[str, typer.Option(help="What the identity provider calls the person: the token's sub.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    issuer: Annotated[str | None, typer.Option(help="The token's iss; else the installation's issuer.")] = None,
    name_zh: Annotated[str | None, typer.Option(help="The person's name in Chinese.")] = None,
    title: Annotated[str, typer.Option(help="The office.")] = "Partnership officer",
    title_zh: Annotated[str | None, typer.Option(help="The office in Chinese.")] = None,
    organisation: Annotated[str | None, typer.Option(help="SCHEME:VALUE, such as ror:03angcq70.")] = None,
    kind: Annotated[OrganisationKind | None, typer.Option(help=KIND)] = None,
    organisation_name: Annotated[str | None, typer.Option(help="Its name, if it is to be registered.")] = None,
    organisation_name_zh: Annotated[str | None, typer.Option(help="Its name in Chinese.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, such as GB or CN.")] = None,
    city: Annotated[str | None, typer.Option(help="Where it is.")] = None,
) -> None:
    """Give an organisation its first officer, by the database role of the owner; a repetition changes nothing.

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
        organisation=_described(kind, (organisation_name, organisation_name_zh), country, city),
    )
    granted = asyncio.run(grant(settings, ask))
    print(said(granted, ask))


def _identifier(text: str) -> Identifier:
    scheme, colon, value = text.partition(":")
    if not colon:
        raise typer.BadParameter(f"{text!r} is no identifier; write it as SCHEME:VALUE, such as ror:03angcq70")
    return Identifier(scheme=scheme, value=value)


def _described(
    kind: OrganisationKind | None, name: tuple[str | None, str | None], country: str | None, city: str | None
) -> RegisterOrganisation | None:
    if not (kind or any(name) or country or city):
        return None
    if not (kind and any(name) and country and city):
        raise typer.BadParameter("to register an organisation give --kind, --organisation-name, --country and --city")
    return RegisterOrganisation.model_validate(
        {"kind": kind, "name": {"en": name[0], "zh": name[1]}, "country": country, "city": {"en": city}}
    )
