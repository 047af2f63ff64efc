"""An installation that runs already, given by the addresses of its parts as NAME=URL."""

from collections.abc import Sequence

from local.errors import CommandError
from scenarios.playing.client import Endpoints
from services import SERVICES

DEVELOPMENT = ("issuer", "mailbox")


class WrongAddress(CommandError):
    """An address is missing or is not written as it must be."""


def endpoints_at(given: Sequence[str]) -> Endpoints:
    """The endpoints that `given` names; raises WrongAddress."""
    named = dict(_name_and_url(each) for each in given)
    if missing := [name for name in ("partners", "issuer") if name not in named]:
        raise WrongAddress(f"--url is missing for {' and '.join(missing)}; write --url {missing[0]}=http://…")
    services = {name: address for name, address in named.items() if name not in DEVELOPMENT}
    return Endpoints(services, named["issuer"], named.get("mailbox"))


def _name_and_url(text: str) -> tuple[str, str]:
    name, equals, address = text.partition("=")
    if not equals or name not in (*SERVICES, *DEVELOPMENT) or not address.startswith(("http://", "https://")):
        names = ", ".join((*SERVICES, *DEVELOPMENT))
        raise WrongAddress(f"--url {text!r}: write NAME=URL, where NAME is one of {names}")
    return name, address
