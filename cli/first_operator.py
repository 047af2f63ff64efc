"""`entente first-operator`: gives the person named in ENTENTE_FIRST_OPERATOR the office of operator."""

import asyncio
from typing import Annotated, Any

import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from local.errors import CommandError
from local.installation import find_settings
from local.terminal.stopping import quieten
from services.partners.owner import FirstOperator, admit_once, office_of, said

EXAMPLE = "{subject: ada, name: {en: Ada}, organisation: {kind: university, name: {en: U}, country: GB, city: {en: B}}}"


def first_operator(
    who: Annotated[str, typer.Option(envvar="ENTENTE_FIRST_OPERATOR", help="In YAML or JSON, like the example.")] = "",
) -> None:
    """Make the person named in ENTENTE_FIRST_OPERATOR an operator, once. Uses the database owner's role of partners.

    An account that was admitted before, or is in the directory, is left unchanged, even if since revoked or erased.

    Example: entente first-operator --who '{subject: ada, name: {en: Ada}, identifier: {scheme: ror, value: 03angcq70}}'
    """
    quieten()
    if not who.strip():
        print("ENTENTE_FIRST_OPERATOR is empty: nothing to do")
        return
    named = FirstOperator.model_validate(_read(who))
    settings = find_settings()
    ask = office_of(settings, named)
    granted = asyncio.run(admit_once(settings, ask))
    if granted is None:
        print(
            "the account was admitted before or is in the directory: nothing was changed; `entente grant` gives offices"
        )
        return
    print(said(granted, ask))


def _read(text: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as wrong:
        raise CommandError(f"ENTENTE_FIRST_OPERATOR is neither YAML nor JSON; write it like {EXAMPLE}") from wrong
