"""Checks messages: whether one arrived in an inbox and by mail, in which words; or that none arrived.

A check holds only once notifications has applied the events and sent the messages that they cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scenarios.playing.client import PlayError
from scenarios.playing.progress import Check, Delivered, Finding, short
from scenarios.playing.session import Session
from scenarios.schema import INBOX
from scenarios.story import Person
from services.notifications.domain.entry import Sending
from services.notifications.domain.notice import Status
from services.notifications.domain.rules import RULES

Fields = Mapping[str, Any]
Entries = list[dict[str, Any]]


async def check_message(session: Session, fields: Fields, subject: str | None, within: float) -> Check:
    """The message that `fields` describe came as often as wanted; it is about `subject` unless they say `of`."""
    about = session.resolved(fields["of"]) if "of" in fields else subject or ""
    check = await session.tracker.until(lambda: _message(session, fields, about), within)
    if len(check.seen.data["inbox"]) < fields.get("times", 1):
        return replace(check, why=await _why_missing(session, fields, about))
    return check


async def check_no_message(session: Session, fields: Fields, subject: str | None, within: float) -> Check:
    """None of the people in `to` (by default of all) got a message about `subject`; `kind` limits it to one kind."""
    about = session.resolved(fields["of"]) if "of" in fields else subject or ""
    await session.catch_up_with(about)
    if behind := await session.tracker.settled(within):
        return behind
    addressed = await session.tracker.until(lambda: _addressed(session, about), within)
    return await _no_message(session, fields, about) if addressed.ok else addressed


async def _message(session: Session, fields: Fields, about: str) -> Check:
    person = session.scenario.people[fields["to"]]
    entries = await _entries(session, person, {"kind": fields["kind"], "concern": about})
    mine = [each for each in entries if _is_wanted(each, fields)]
    expected, seen = _expected(fields, person, about), Finding(_seen(entries, fields), {"inbox": _data(entries)})
    ids = {fields["to"]: _id(session, person)}
    if not len(mine) == len(entries) == fields.get("times", 1):
        return Check("message", expected, seen, ok=False, ids=ids)
    if not (await _addressed(session, about)).ok:
        return Check("message", expected, Finding(f"{seen.words}, more to come", seen.data), ok=False, ids=ids)
    seen, ok = await _with_mail(session, fields, person, mine, seen)
    return Check("message", expected, seen, ok, ids=ids)


async def _with_mail(
    session: Session, fields: Fields, person: Person, mine: Entries, seen: Finding
) -> tuple[Finding, bool]:
    """What was seen, with the mails, and whether these are as wanted."""
    mails = await _mails(session, person, mine) if fields.get("mail") else []
    ok = True
    if "mail" in fields and mine:
        # A mail that notifications has queued counts as sent even before the mailbox has it.
        sent = len(mails) if fields["mail"] else sum(each["mail"] == Sending.QUEUED for each in mine)
        ok = sent == (len(mine) if fields["mail"] else 0) and all(says(mail, fields) for mail in mails)
        seen = Finding(f"{seen.words}, {sent} by mail", {**seen.data, "mails": sent})
    for entry in mine if ok else ():
        address = next((mail["to"][0] for mail in mails if _is_of(mail, entry)), None)
        session.report(Delivered(person, entry["language"], entry["title"], address))
    return seen, ok


async def _no_message(session: Session, fields: Fields, about: str) -> Check:
    to = fields.get("to", list(session.scenario.people))
    handles = [to] if isinstance(to, str) else to
    query = {"concern": about} | ({"kind": fields["kind"]} if "kind" in fields else {})
    people = [session.scenario.people[handle] for handle in handles]
    found = [(person, await _entries(session, person, query)) for person in people]
    got = [(person, entries) for person, entries in found if entries]
    who = ", ".join(str(person.name) for person in people) if "to" in fields else "anyone"
    what = fields.get("kind", "message")
    expected = Finding(
        f"no {what} about {session.name_of(about)} to {who}",
        {"to": handles, "kind": fields.get("kind"), "of": about, "times": 0},
    )
    words = "; ".join(f"{person.name}: {', '.join(e['kind'] for e in entries)}" for person, entries in got)
    data = {"inboxes": {person.handle: _data(entries) for person, entries in got}}
    ids = {person.handle: _id(session, person) for person in people if "to" in fields}
    return Check("no_message", expected, Finding(words or "none", data), not got, ids=ids)


async def _addressed(session: Session, about: str) -> Check:
    """Whether notifications has sent all its messages about this."""
    pending = await session.read(INBOX[0], "/notices", {"status": Status.PENDING, "limit": "200"})
    left = [each for each in pending["items"] if about in each["concerns"]]
    expected = Finding("notifications has sent its messages", {"pending": []})
    seen = Finding(f"{len(left)} yet to be sent", {"pending": [each["event_type"] for each in left]})
    return Check("settled", expected, seen, not left and pending["next"] is None)


async def _why_missing(session: Session, fields: Fields, about: str) -> str:
    """Why a person did not get a message."""
    person = session.scenario.people[fields["to"]]
    rules = [rule for rule in RULES if rule.kind == fields["kind"]]
    types = {rule.event.type for rule in rules}
    events = [event for event in session.tracker.events if event.type in types]
    notices = await session.read(INBOX[0], "/notices", {"limit": "200"})
    caused = [each for each in notices["items"] if about in each["concerns"] and each["event_type"] in types]
    if not caused:
        published = "" if events else ", which was not published"
        return f"this message follows {' or '.join(map(short, sorted(types)))}{published}"
    if all(each["by"] == _id(session, person) for each in caused):
        return f"{person.name} caused it, and nobody gets a message about what they did themselves"
    who = "; ".join(dict.fromkeys(audience_of(rule.audience.roles, rule.audience.at) for rule in rules))
    return f"this message goes to {who}"


def audience_of(roles: Sequence[str], at: Sequence[str]) -> str:
    """Who gets a message: holders of some roles in the organisations that the event names."""
    return f"{' or '.join(roles)} of its {' or '.join(at)}"


async def _entries(session: Session, person: Person, query: dict[str, str]) -> Entries:
    answer = await session.request(person, INBOX[0], "GET", f"/{INBOX[1]}", query=query)
    if answer.status_code != 200:
        raise PlayError(f"{INBOX[0]} does not show {person.name} the inbox: {answer.text[:300]}")
    return answer.json()["items"]


async def _mails(session: Session, person: Person, entries: Entries) -> list[dict[str, Any]]:
    """The mails of these entries at the person's current address."""
    answer = await session.request(person, INBOX[0], "GET", f"/contacts/{_id(session, person)}")
    address = answer.json().get("address") if answer.status_code == 200 else None
    mails = await session.client.mails(address) if address else []
    return [mail for mail in mails if any(_is_of(mail, entry) for entry in entries)]


def _id(session: Session, person: Person) -> str:
    return session.documents[person.handle]["id"]


def _is_wanted(entry: Mapping[str, Any], fields: Fields) -> bool:
    return fields.get("language") in (None, entry["language"]) and says(
        {"subject": entry["title"], "text": entry["text"]}, fields
    )


def says(message: Mapping[str, Any], fields: Fields) -> bool:
    """Whether subject and text have the parts that are wanted; line breaks count as spaces."""
    return all(flat(fields[part]) in flat(message[part]) for part in ("subject", "text") if part in fields)


def flat(text: str) -> str:
    """A text in one line: a long subject is folded into several, and so are the lines of a text."""
    return " ".join(text.split())


def _is_of(mail: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    # A mail's Message-ID begins with the id of its entry. A long subject is folded into several lines.
    return mail["message_id"].startswith(f"<{entry['id']}@") and flat(mail["subject"]) == flat(entry["title"])


def _expected(fields: Fields, person: Person, about: str) -> Finding:
    by = {True: ", also by mail", False: ", not by mail", None: ""}[fields.get("mail")]
    language = f" ({fields['language']})" if "language" in fields else ""
    parts = "".join(f", {part} with “{fields[part]}”" for part in ("subject", "text") if part in fields)
    words = f"{fields.get('times', 1)} × {fields['kind']}{language} to {person.name}{by}{parts}"
    return Finding(words, {"times": 1, **fields, "of": about})


def _seen(entries: Entries, fields: Fields) -> str:
    languages = ", ".join(sorted({each["language"] for each in entries}))
    words = f"{len(entries)} in the inbox{f' ({languages})' if languages else ''}"
    parts = [("subject", "title")] * ("subject" in fields) + [("text", "text")] * ("text" in fields)
    return words + "".join(f", {part} “{flat(each[name])[:300]}”" for each in entries for part, name in parts)


def _data(entries: Entries) -> list[dict[str, Any]]:
    return [
        {"kind": each["kind"], "language": each["language"], "subject": each["title"], "text": each["text"],
         "mail": each["mail"], "event_id": each["event_id"]}
        for each in entries
    ]  # fmt: skip
