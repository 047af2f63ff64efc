"""Messages: what came to somebody's inbox, in which language, and whether by mail as well."""

from collections.abc import Mapping
from typing import Any

from scenarios.playing.client import PlayError
from scenarios.playing.progress import Delivered, Held
from scenarios.playing.session import Stage
from scenarios.schema import INBOX
from scenarios.story import Cast
from services.notifications.domain.entry import Sending
from services.notifications.domain.notice import Status

Said = Mapping[str, Any]


async def expect_message(stage: Stage, said: Said, subject: str | None, bound: float) -> Held:
    """What came of the message that `said` describes; `subject` is what it is about when it does not say."""
    about = stage.resolved(said["of"]) if "of" in said else subject or ""
    return await stage.watch.until(lambda: _look(stage, said, about), bound)


async def _look(stage: Stage, said: Said, about: str) -> Held:
    person = stage.scenario.people[said["to"]]
    entries = await _entries(stage, person, {"kind": said["kind"], "concern": about})
    mine = [each for each in entries if said.get("language") in (None, each["language"])]
    found = Held(_expected(said, person), _seen(entries), len(mine) == len(entries) == said.get("times", 1))
    if found.ok and await _told_later(stage, about):
        return Held(found.expected, f"{found.seen}, more on its way", ok=False)
    if not found.ok or not mine:
        return found
    mails = await _mails(stage, person, mine) if said.get("mail") else []
    if "mail" in said:
        # What was handed out for sending is under way, also where the mailbox has yet to see it.
        sent = len(mails) if said["mail"] else sum(each["mail"] == Sending.QUEUED for each in mine)
        found = Held(found.expected, f"{found.seen}, {sent} by mail", sent == (len(mine) if said["mail"] else 0))
    if found.ok:
        for entry in mine:
            address = next((mail["to"][0] for mail in mails if _is_of(mail, entry)), None)
            stage.tell(Delivered(person, entry["language"], entry["title"], address))
    return found


async def _told_later(stage: Stage, about: str) -> bool:
    """Whether something about this was heard that people have yet to be told of."""
    pending = await stage.read(INBOX[0], "/notices", {"status": Status.PENDING, "limit": "200"})
    return any(about in notice["concerns"] for notice in pending["items"])


async def _entries(stage: Stage, person: Cast, query: dict[str, str]) -> list[dict[str, Any]]:
    answer = await stage.ask(person, INBOX[0], "GET", f"/{INBOX[1]}", query=query)
    if answer.status_code != 200:
        raise PlayError(f"{INBOX[0]} does not show {person.name} the inbox: {answer.text[:300]}")
    return answer.json()["items"]


async def _mails(stage: Stage, person: Cast, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mails that went with these entries to the person's present address."""
    answer = await stage.ask(person, INBOX[0], "GET", f"/contacts/{stage.documents[person.handle]['id']}")
    address = answer.json().get("address") if answer.status_code == 200 else None
    mails = await stage.callers.mails(address) if address else []
    return [mail for mail in mails if any(_is_of(mail, entry) for entry in entries)]


def _is_of(mail: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    # A mail's stable Message-ID begins with the id of its entry; a long subject comes folded.
    subject, title = (" ".join(text.split()) for text in (mail["subject"], entry["title"]))
    return mail["message_id"].startswith(f"<{entry['id']}@") and subject == title


def _expected(said: Said, person: Cast) -> str:
    by = {True: ", by mail as well", False: ", not by mail", None: ""}[said.get("mail")]
    language = f" ({said['language']})" if "language" in said else ""
    return f"{said.get('times', 1)} × {person.name} told {said['kind']}{language}{by}"


def _seen(entries: list[dict[str, Any]]) -> str:
    languages = ", ".join(sorted({each["language"] for each in entries}))
    return f"{len(entries)} in the inbox{f' ({languages})' if languages else ''}"
