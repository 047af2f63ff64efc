"""Participants: people whom a step registers. They sign in with the link in a mail, and are told by mail only."""

import asyncio
import re
import time
from collections.abc import Mapping
from typing import Any

from scenarios.playing.client import TIMEOUT, PlayError
from scenarios.playing.event_tracker import growing_pauses
from scenarios.playing.messages import flat, says
from scenarios.playing.progress import Check, Delivered, Finding, SignedIn
from scenarios.playing.session import Session
from scenarios.references import UnknownReference
from scenarios.story import Person
from services.exchanges.domain.participant_details import Name
from shared.contracts.values import Text
from shared.domain.contact import Language

CODE = re.compile(r"(?:^|#)([A-Za-z0-9_-]{43})$", re.MULTILINE)
"""A one-time link is an address that ends in a code, or the code alone where no page is installed."""


async def note_earlier_mails(session: Session) -> None:
    """Notes which mails are from before the story: earlier plays wrote to the same addresses."""
    if session.client.endpoints.mailbox:
        session.mailed_before = frozenset(mail["message_id"] for mail in await session.client.mails())


async def person_of(session: Session, handle: str) -> Person:
    """The person of a handle; a participant is signed in first. Raises PlayError, UnknownReference."""
    if handle in session.scenario.people:
        return session.scenario.people[handle]
    person = participant_of(session, handle)
    if person.subject not in session.client.sessions:
        address = session.documents[handle]["email"]
        await session.client.sign_in(person, await _code(session, person, address))
        session.report(SignedIn(person, address))
    return person


def participant_of(session: Session, handle: str) -> Person:
    """A participant as a person of the story; raises UnknownReference before a step registered them."""
    if handle not in session.documents:
        raise UnknownReference(f"{handle} was not registered")
    document = session.documents[handle]
    # Somebody who was erased has no name.
    name = Name.model_validate(document["name"] or {"latin": {"family": handle}})
    said = Text(en=name.said(Language.ENGLISH), zh=name.said(Language.CHINESE))
    return Person(handle, document["id"], said, [])


async def check_mail(session: Session, fields: Mapping[str, Any], within: float) -> Check:
    """The mail that `fields` describe came to a participant as often as wanted."""
    return await session.tracker.until(lambda: _mail(session, fields), within)


async def _mail(session: Session, fields: Mapping[str, Any]) -> Check:
    person, document = participant_of(session, fields["to"]), session.documents[fields["to"]]
    mails = await _mails(session, document["email"])
    found = [mail for mail in mails if says(mail, fields)]
    wanted = fields.get("times", 1)
    parts = ", ".join(f"{part} with “{fields[part]}”" for part in ("subject", "text") if part in fields)
    expected = Finding(f"{wanted} × mail to {person.name}, {parts}", {"times": 1, **fields})
    others = "; ".join(f"“{flat(mail['subject'])}”" for mail in mails)
    data = {"times": len(found), "subjects": [mail["subject"] for mail in mails]}
    if ok := len(found) == wanted:
        for mail in found:
            session.report(Delivered(person, document["language"], flat(mail["subject"]), document["email"]))
    return Check(
        "mail", expected, Finding(f"{len(found)} of the mails to {person.name}: {others or 'none'}", data), ok,
        ids={fields["to"]: document["id"]},
    )  # fmt: skip


async def _code(session: Session, person: Person, address: str) -> str:
    """The code in the newest mail with a link; raises PlayError if none comes."""
    until, pauses = time.monotonic() + TIMEOUT, growing_pauses()
    while time.monotonic() < until:
        codes = [found[1] for mail in await _mails(session, address) if (found := CODE.search(mail["text"]))]
        if codes:
            return codes[-1]
        await asyncio.sleep(next(pauses))
    raise PlayError(
        f"{person.name} got no mail with a link at {address}: let a mobility coordinator send one,"
        " with `send_participant_link`"
    )


async def _mails(session: Session, address: str) -> list[dict[str, Any]]:
    """The mails to an address since the story began, oldest first."""
    mails = await session.client.mails(address)
    return [mail for mail in mails if mail["message_id"] not in session.mailed_before]
