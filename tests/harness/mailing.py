"""All services with their own mail server, for tests of notifications."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.development.mailbox import Mail, Mailbox, accepting_mail
from services import SERVICES
from shared.domain.actor import Role
from shared.messaging.outbox import Pool
from shared.service.serve import running
from tests.harness.installation import Client, Installation, installed, until
from tests.harness.parts import Addresses

OFFICER = (Role.PARTNERSHIP_OFFICER, Role.SIGNATORY)
AGREEMENT = "entente.partners.agreement"
KEPT = {
    "contact": "body::text", "mutes": "body::text", "entry": "body::text", "outgoing": "body::text",
    "idempotency": "actor || body",
}  # fmt: skip
"""The tables in which notifications keeps personal data, and the text that would identify the person."""


class ChoosyMailbox(Mailbox):
    """A mailbox whose server refuses recipients called unknown."""

    held: asyncio.Event | None = None
    """Until this event is set, the server keeps each mail but withholds its answer."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps the mail, and answers once `held` allows it."""
        answer = await super().handle_DATA(server, session, envelope)
        if self.held:
            await self.held.wait()
        return answer

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuses unknown recipients permanently."""
        if address.startswith("unknown@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@dataclass
class World:
    """All services and a mailbox; notifications and the mail server can be stopped and restarted."""

    entente: Installation
    mailbox: ChoosyMailbox
    port: int
    server: AsyncExitStack
    notifications: AsyncExitStack

    async def officer(
        self, name: str, country: str = "GB", *, language: str | None = None, **organisation: Any
    ) -> Client:
        """An officer and signatory of a new organisation, known to notifications; `language` adds a contact."""
        made = await self.entente.organisation(name, country=country, **organisation)
        client = await self.entente.person(made, *OFFICER)
        await self.entente.knows("notifications", client)
        if language:
            contact = {"language": language, "address": f"{client.subject}@example.org"}
            await client.done("notifications", "/contacts", contact)
        return client

    async def colleague(self, of: Client, *roles: Role) -> Client:
        """Another person in the same organisation."""
        assert of.organisation_id is not None
        client = await self.entente.person(of.organisation_id, *roles)
        await self.entente.knows("notifications", client)
        return client

    @asynccontextmanager
    async def stopped(self) -> AsyncGenerator[Pool]:
        """Stops notifications during the block, yields a pool of its database, and starts it again afterwards."""
        await self.notifications.aclose()
        settings = self.entente.settings["notifications"]
        async with asyncpg.create_pool(settings.database_url("notifications"), min_size=1, max_size=1) as pool:
            yield pool
        await self.start()

    async def start(self) -> None:
        """Starts notifications."""
        service = SERVICES["notifications"](self.entente.settings["notifications"])
        self.entente.services["notifications"] = await self.notifications.enter_async_context(running(service))

    @asynccontextmanager
    async def without_mail_server(self) -> AsyncGenerator[None]:
        """Stops the mail server during the block."""
        await self.server.aclose()
        yield
        await self.server.enter_async_context(accepting_mail(self.mailbox, port=self.port))

    async def all_notified(self, agreement_id: str, sequence: int) -> None:
        """Waits until notifications has applied an agreement's events up to `sequence` and has nothing pending."""
        await self.entente.heard("notifications", AGREEMENT, agreement_id, sequence)
        await self.nothing_pending()

    async def nothing_pending(self) -> None:
        """Waits until no notice and no mail is pending."""

        async def holds() -> bool:
            waiting = await self.entente.operator.read("notifications", "/notices?status=pending")
            pending = await self.entente.operator.read("notifications", "/deliveries?mail=pending")
            return not waiting["items"] and not pending

        await until(holds, "no notice and no mail is pending")

    async def traces(self, of: Client) -> set[str]:
        """The tables of notifications that hold data of this person."""
        pool = self.entente.services["notifications"].pool
        query = "select exists(select from {} where strpos({}, $1) > 0)"
        return {
            table for table, text in KEPT.items()
            if await pool.fetchval(query.format(table, text), str(of.person_id))
        }  # fmt: skip


@asynccontextmanager
async def world_of(addresses: Addresses, folder: Path) -> AsyncGenerator[World]:
    """Services that send mail to a mailbox in `folder`."""
    async with AsyncExitStack() as server, AsyncExitStack() as notifications:
        mailbox = ChoosyMailbox(folder)
        port = await server.enter_async_context(accepting_mail(mailbox, port=0))
        only = [name for name in SERVICES if name != "notifications"]
        async with installed(addresses, only=only, smtp=f"127.0.0.1:{port}") as entente:
            world = World(entente, mailbox, port, server, notifications)
            await world.start()
            await entente.knows("notifications", entente.operator)
            yield world
            await notifications.aclose()


async def draft(ours: Client, theirs: Client) -> dict[str, Any]:
    """Drafts an agreement on students between two sides, starting today."""
    return await ours.done("partners", "/agreements", {
        "kind": "memorandum-of-understanding", "title": {"en": "On students", "zh": "学生交流"},
        "text": {"en": "We exchange students.", "zh": "双方交换学生。"}, "areas": ["talent"],
        "signatories": [str(ours.organisation_id), str(theirs.organisation_id)],
        "starts_on": date.today().isoformat(), "time_zone": "Asia/Shanghai",
    })  # fmt: skip


async def submit(ours: Client, theirs: Client) -> dict[str, Any]:
    """Drafts and submits an agreement, which then awaits its reviews."""
    agreement = await draft(ours, theirs)
    return await ours.done("partners", f"/agreements/{agreement['id']}/submission")


async def inbox(who: Client, entries: int = 1) -> list[dict[str, Any]]:
    """A person's inbox, newest first, once it has `entries` entries."""

    async def holds() -> list[dict[str, Any]] | None:
        items: list[dict[str, Any]] = (await who.read("notifications", "/inbox"))["items"]
        return items if len(items) >= entries else None

    return await until(holds, f"{entries} entries in the inbox")


async def mails(world: World, to: Client, number: int = 1) -> list[Mail]:
    """The mails to a person, once there are `number` of them."""
    return await mails_to(world.mailbox, f"{to.subject}@example.org", number)


async def mails_to(mailbox: Mailbox, address: str, number: int = 1) -> list[Mail]:
    """The mails to an address, once there are `number` of them."""

    async def holds() -> list[Mail] | None:
        found = mailbox.mails(to=address)
        return found if len(found) >= number else None

    return await until(holds, f"{number} mails to {address}")


def unsent(metrics: str) -> float:
    """The number of unsent mails in the metrics."""
    found = re.search(r'^entente_outgoing_pending\{kind="mail"\} (\S+)', metrics, re.MULTILINE)
    assert found, metrics
    return float(found[1])
