"""Who is told of what: inboxes over HTTP, and mails in a real mail server."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.development.mailbox import Mail, Mailbox, accepting_mail
from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, installed, until
from tests.harness.parts import Addresses
from tests.integration.test_main_job import draft

OFFICERS = (Role.PARTNERSHIP_OFFICER, Role.SIGNATORY)
AGREEMENT = "entente.partners.agreement"


@dataclass
class World:
    """All services with a mailbox of their own."""

    entente: Installation
    mailbox: Mailbox

    async def officer(self, name: str, country: str = "GB", **contact: Any) -> Client:
        """An officer of a new organisation, with a contact if one is given, known to notifications."""
        organisation = await self.entente.organisation(name, country=country)
        client = await self.entente.person(organisation, *OFFICERS)
        await self.entente.knows("notifications", client)
        if contact:
            await client.done("notifications", "/contacts", contact)
        return client


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """Services that send their mails to a mailbox."""
    folder: Path = tmp_path_factory.mktemp("mails")
    mailbox = Mailbox(folder)
    async with accepting_mail(mailbox, port=0) as port, installed(addresses, smtp=f"127.0.0.1:{port}") as entente:
        yield World(entente, mailbox)


async def inbox(who: Client, entries: int = 1) -> list[dict[str, Any]]:
    """What somebody was told, newest first, once there are so many entries."""

    async def holds() -> list[dict[str, Any]] | None:
        items: list[dict[str, Any]] = (await who.read("notifications", "/inbox"))["items"]
        return items if len(items) >= entries else None

    return await until(holds, f"{entries} entries in the inbox")


async def mails(world: World, to: str, number: int = 1) -> list[Mail]:
    """The mails to an address, once there are so many."""

    async def holds() -> list[Mail] | None:
        found = world.mailbox.mails(to=to)
        return found if len(found) >= number else None

    return await until(holds, f"{number} mails to {to}")


async def test_a_review_that_waits_is_told_to_the_other_side_only(world: World) -> None:
    """A submitted agreement is one entry in the inbox of the other signatory's officer, and none in the submitter's."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", "CN")
    agreement = await draft(ours, theirs)
    await ours.done("partners", f"/agreements/{agreement['id']}/submission")

    found = await inbox(theirs)

    assert [(e["title"], e["language"], e["mail"]) for e in found] == [("待您审阅：学生交流", "zh", "no-address")]
    assert (await ours.read("notifications", "/inbox"))["items"] == []
