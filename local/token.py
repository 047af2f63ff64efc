"""Tokens of the development issuer: who can have one, how to get one, and the text that says so."""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import httpx2

from local.development.people import Person, read_people
from local.errors import CommandError
from local.installation import running_addresses, state_folder
from local.service_processes import local_client
from shared.service.settings import DEVELOPMENT_ISSUER


def people_known() -> list[Person]:
    """The people whom the development issuer of the state folder lets sign in."""
    file = state_folder() / "people.yaml"
    return read_people(file) if file.exists() else []


def development_issuer() -> str:
    """The address of the development issuer; raises CommandError if none runs or another issuer is trusted."""
    trusted = os.environ.get("ENTENTE_ISSUER") or DEVELOPMENT_ISSUER
    if trusted != DEVELOPMENT_ISSUER:
        raise CommandError(f"this installation takes tokens of {trusted} (ENTENTE_ISSUER): get one there")
    if address := os.environ.get("ENTENTE_ISSUER_ADDRESS"):
        return address.rstrip("/")
    if running := running_addresses(state_folder()):
        return running.issuer
    where = "start `entente up`, or say where it is by ENTENTE_ISSUER_ADDRESS"
    raise CommandError(f"no development issuer runs on {state_folder()}: {where}")


async def fetch_token(issuer: str, person: str, known: Sequence[Person]) -> str:
    """A token for a person, given by subject or by name; raises CommandError."""
    named = [each.subject for each in known if person in (each.name.en, each.name.zh)]
    subject = named[0] if len(named) == 1 else person
    try:
        async with local_client() as client:
            answer = await client.post(
                f"{issuer}/token", data={"grant_type": "client_credentials", "client_id": subject}
            )
    except httpx2.TransportError as problem:
        raise CommandError(f"the development issuer at {issuer} does not answer ({type(problem).__name__})") from None
    if not answer.is_success:
        raise CommandError(f"the development issuer knows no person called {person!r}{_hint(person, known)}")
    return answer.json()["access_token"]


def how_to_call(person: str, subject: str, address: str) -> str:
    """The shell commands by which a person calls an address of an API."""
    return "\n".join([
        f"Try it as {person}:",
        f"TOKEN=$({this_command()} token {subject})",
        f'curl -s -H "Authorization: Bearer $TOKEN" "{address}" | python3 -m json.tool',
    ])  # fmt: skip


def this_command() -> str:
    """How to call `entente` from another terminal: by the same path, with ENTENTE_STATE if it was set."""
    program = Path(sys.argv[0])
    called = f"{sys.executable} -m cli" if program.name == "__main__.py" else str(program)
    state = os.environ.get("ENTENTE_STATE")
    return f"ENTENTE_STATE={state} {called}" if state else called


def _hint(person: str, known: Sequence[Person]) -> str:
    if not known:
        return ": add people by `entente people`, or play a story by `entente demo`"
    names = {name: each.subject for each in known for name in (each.name.en, each.subject)}
    close = get_close_matches(person.casefold(), [name.casefold() for name in names], 1, 0.6)
    meant = next((subject for name, subject in names.items() if [name.casefold()] == close), None)
    return f": did you mean {meant}?" if meant else f"; it knows {', '.join(each.subject for each in known)}"
