"""An installation with a mailbox, and participants who sign in by the links that are sent to them."""

import json
import re
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from local.development.mailbox import Mail, Mailbox, accepting_mail
from shared.contracts import load_all
from shared.messaging.producer import PARTITIONS
from shared.service.settings import DEVELOPMENT_ISSUER
from tests.harness.installation import Client, Installation, installed
from tests.harness.mailing import mails_to
from tests.harness.parts import Addresses
from tests.harness.story import called, in_force, nominee, opened

CODE = re.compile(r"^[A-Za-z0-9_-]{43}$", re.MULTILINE)
SESSIONS = "/participant-sessions"
TABLES = """select n.nspname || '.' || quote_ident(c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')"""
# A row as text shows bytes in hexadecimal.
FOUND = """select exists (select from {} t, unnest($1::text[]) form
    where strpos(t::text, form) > 0 or strpos(t::text, encode(convert_to(form, 'UTF8'), 'hex')) > 0)"""


@dataclass
class World:
    """All services, and the mails that were sent."""

    entente: Installation
    mailbox: Mailbox

    async def registered(self, by: Client, **more: Any) -> dict[str, Any]:
        """A participant of the home institution of `by`."""
        return await by.done("exchanges", "/participants", details(by, **more))

    async def nominated(self, ours: Client, theirs: Client, participant: dict[str, Any]) -> str:
        """The path of the mobility for which `ours` nominated the participant."""
        agreement = await in_force(self.entente, ours, theirs)
        call = await called(await opened(agreement, ours, theirs), ours)
        ask = nominee() | {"participant_id": participant["id"]}
        mobility = await ours.done("exchanges", f"/calls/{call['id']}/mobilities", ask)
        return f"/mobilities/{mobility['id']}"

    async def mails(self, to: dict[str, Any], number: int = 1) -> list[Mail]:
        """The mails to a participant, once there are so many."""
        return await mails_to(self.mailbox, to["email"], number)

    async def code(self, participant: dict[str, Any], by: Client) -> str:
        """The code of a new link, from the mail to the participant."""
        before = len(self.mailbox.mails(to=participant["email"]))
        await by.done("exchanges", f"/participants/{participant['id']}/links")
        text = (await self.mails(participant, before + 1))[-1].text
        found = CODE.search(text)
        assert found, text
        return found[0]

    async def exchange(self, code: str) -> Any:
        """The answer to a code, sent without a token."""
        http = self.entente.http("exchanges")
        answer = await http.post(SESSIONS, json={"code": code})
        self.entente.check("exchanges", "POST", answer)
        return answer

    async def signed_in(self, participant: dict[str, Any], by: Client) -> Client:
        """The participant, signed in by a link."""
        answer = await self.exchange(await self.code(participant, by))
        assert answer.status_code == 200, answer.text
        return Client(self.entente, "", uuid.UUID(participant["id"]), token=answer.json()["token"])

    async def where(self, text: str) -> list[str]:
        """The tables of all schemas in which a text stands: as it is, as bytes, or as ASCII JSON has it."""
        settings = self.entente.settings["partners"]
        database = settings.database.rpartition("/")[2]
        db = await asyncpg.connect(self.entente.addresses.postgres.rpartition("/")[0] + f"/{database}")
        try:
            tables = [row[0] for row in await db.fetch(TABLES)]
            return [table for table in tables if await db.fetchval(FOUND.format(table), forms_of(text))]
        finally:
            await db.close()

    async def on_topics(self, text: str) -> list[str]:
        """The topics of which a record has the text now: in its value, its headers or its key."""
        settings, forms = self.entente.settings["partners"], [form.encode() for form in forms_of(text)]
        topics = {settings.topic_prefix + event.topic for event in load_all().values()}
        parts = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
        await consumer.start()
        try:
            consumer.assign(parts)
            ends, found = await consumer.end_offsets(parts), set[str]()
            while any([await consumer.position(part) < end for part, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    said = [(record.topic, repr((record.key, record.headers, record.value))) for record in records]
                    found |= {topic for topic, all in said for form in forms if repr(form)[2:-1] in all}
        finally:
            await consumer.stop()
        return sorted(topic.removeprefix(settings.topic_prefix) for topic in found)


def forms_of(text: str) -> list[str]:
    """The text as it is, and as JSON in ASCII has it."""
    return list(dict.fromkeys([text, json.dumps(text)[1:-1]]))


def details(by: Client, **more: Any) -> dict[str, Any]:
    """The body that registers a participant at the institution of `by`."""
    return {
        "name": {"latin": {"given": "Wei", "family": "Zhang"}, "chinese": {"family": "张", "given": "伟"}},
        "email": f"student-{uuid.uuid4()}@example.org", "language": "en", "purpose": "student-mobility",
        "legal_basis": "public-task", "notice_version": "2026-09", "transfer_route": "standard-contract",
        "kept_until": str((datetime.now(UTC) + timedelta(days=400)).date()), "home": str(by.organisation_id),
    } | more  # fmt: skip


async def participant_with_account(by: Client) -> Client:
    """A participant of the home institution of `by`, who signs in with an account of the development issuer."""
    made = await by.done("exchanges", "/participants", details(by))
    student = Client(by.installation, f"student-{uuid.uuid4()}", uuid.UUID(made["id"]))
    account = {"issuer": DEVELOPMENT_ISSUER, "subject": student.subject}
    await by.done("exchanges", f"/participants/{made['id']}/account", {"account": account})
    return student


@asynccontextmanager
async def with_mailbox(addresses: Addresses, folder: Path) -> AsyncGenerator[World]:
    """All services, which send mail to a mailbox in `folder`."""
    mailbox = Mailbox(folder)
    async with accepting_mail(mailbox, port=0) as port, installed(addresses, smtp=f"127.0.0.1:{port}") as entente:
        yield World(entente, mailbox)
