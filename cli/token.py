"""`entente token`: a token of the development issuer, to call the APIs with."""

import asyncio
from typing import Annotated

import typer

from local.terminal.stopping import quieten
from local.token import development_issuer, fetch_token, people_known


def token(
    person: Annotated[
        str | None, typer.Argument(help="The subject of somebody who can sign in, or the name.", show_default=False)
    ] = None,
) -> None:
    """Print a person's token for calling the APIs; without PERSON, list who can sign in.

    Example: TOKEN=$(entente token ada)
    """
    quieten()
    issuer, known = development_issuer(), people_known()
    if person is not None:
        print(asyncio.run(fetch_token(issuer, person, known)))
    elif known:
        width = max(len(each.subject) for each in known)
        print("\n".join(f"{each.subject:<{width}}  {each.name.en}" for each in known))
    else:
        print("Nobody can sign in yet: add people by `entente people`, or play a story by `entente demo`")
