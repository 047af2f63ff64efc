"""When the notifications process is killed, nobody misses a notification and nobody gets one twice."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.harness.installation import Client, until
from tests.harness.mailing import World, inbox, mails, submit, world_of
from tests.harness.parts import PASSWORDS, Addresses


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """Services with a mailbox; notifications can run as a separate process."""
    async with world_of(addresses, tmp_path_factory.mktemp("mails")) as world:
        yield world


@asynccontextmanager
async def process_of(world: World) -> AsyncGenerator[Process]:
    """Runs notifications as a separate process, which is killed when the block ends at the latest."""
    settings = world.entente.settings["notifications"]
    values = {name: getattr(settings, name) for name in ("database", "kafka", "topic_prefix", "issuer_address", "smtp")}
    words = {f"password_{role}": word for role, word in PASSWORDS.items()} | values | {"development": "1"}
    env = os.environ | {f"ENTENTE_{name}".upper(): str(word) for name, word in words.items()}
    command = (sys.executable, "-m", "cli", "serve", "notifications")
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=DEVNULL, stderr=DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_mail_in_flight_is_repeated_once_under_the_same_message_id(world: World) -> None:
    """It is sent again if the process dies before it reads the server's answer."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    async with world.stopped() as pool:
        held = world.mailbox.held = asyncio.Event()
        async with process_of(world):
            await submit(ours, theirs)
            await mails(world, theirs)
        held.set()
        # The killed process's claim on the mail expires.
        await pool.execute("update outgoing set due = now()")
    await world.nothing_pending()

    entry, found = (await inbox(theirs))[0], await mails(world, theirs, 2)

    assert [mail.message_id for mail in found] == [f"<{entry['id']}@localhost>"] * 2


async def test_each_event_is_notified_once_despite_kills(world: World) -> None:
    """However often the process is killed, each event gives one entry; each kill repeats at most one mail."""
    kills, ours, theirs = 2, await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    async with world.stopped() as pool:
        submitted: list[str] = []
        for _ in range(kills):
            async with process_of(world):
                submitted += await submit_some(ours, theirs, until_mails=len(submitted) + 2, world=world)
        await pool.execute("update outgoing set due = now()")
    for agreement_id in submitted:
        await world.all_notified(agreement_id, sequence=2)

    entries = Counter(entry["concerns"][0] for entry in await inbox(theirs, len(submitted)))
    repeated = Counter(mail.message_id for mail in await mails(world, theirs, len(submitted)))

    assert entries == Counter(submitted)
    assert len(repeated) == len(submitted)
    assert repeated.total() - len(submitted) <= kills


async def submit_some(ours: Client, theirs: Client, *, until_mails: int, world: World) -> list[str]:
    """Submits four agreements and returns once `until_mails` mails have arrived; the others are still in flight."""
    submitted = [(await submit(ours, theirs))["id"] for _ in range(4)]
    await mails(world, theirs, until_mails)
    return submitted


async def test_a_clean_stop_finishes_sending_the_mail_in_flight(world: World) -> None:
    """A clean stop waits for the server's answer to a mail in flight, so that the mail is not sent again."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    held = world.mailbox.held = asyncio.Event()
    await submit(ours, theirs)
    await mails(world, theirs)
    asyncio.get_running_loop().call_later(1, held.set)
    async with world.stopped() as pool:
        left = await pool.fetchval("select count(*) from outgoing")

    assert left == 0


async def test_a_mail_in_flight_is_also_sent_to_a_corrected_address(world: World) -> None:
    """The address is corrected while the mail to the old one is in flight."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    held = world.mailbox.held = asyncio.Event()
    await submit(ours, theirs)
    await mails(world, theirs)
    await theirs.done("notifications", "/contacts", {"language": "en", "address": "better@example.org"})
    held.set()

    async def arrived() -> bool:
        return bool(world.mailbox.mails(to="better@example.org"))

    await until(arrived, "the mail arrives at the corrected address")
    assert len(await mails(world, theirs)) == 1
