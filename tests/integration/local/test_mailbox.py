"""The development mailbox, used by senders and readers of mail."""

import asyncio
import smtplib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import httpx2
import pytest

from local.development.loopback import NotLoopback
from local.development.mailbox import Mailbox, accepting_mail, mailbox_app
from local.development.serving import serving


@dataclass
class Running:
    """A mailbox that accepts mail on `port`, and a client of its pages."""

    port: int
    pages: httpx2.AsyncClient

    async def send(self, mail: EmailMessage, to: list[str] | None = None) -> None:
        """Sends a mail to the mailbox."""
        await aiosmtplib.send(mail, recipients=to, hostname="127.0.0.1", port=self.port)

    async def mails(self, **filters: str) -> list[dict[str, Any]]:
        """The mails that the mailbox shows."""
        return (await self.pages.get("/mails", params=filters)).json()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncGenerator[Running]:
    mailbox = Mailbox(tmp_path)
    async with (
        accepting_mail(mailbox, port=0) as port,
        serving(mailbox_app(mailbox)) as address,
        httpx2.AsyncClient(base_url=address, trust_env=False) as pages,
    ):
        yield Running(port, pages)


def mail(message_id: str = "<m-1@entente>", to: str = "jiang@example.org") -> EmailMessage:
    """A mail in two languages."""
    message = EmailMessage()
    message["From"] = "Entente <entente@example.org>"
    message["To"] = to
    message["Subject"] = "协议已签署 · Agreement signed"
    message["Message-ID"] = message_id
    message.set_content("南京与伯明翰。\nNanjing and Birmingham.\n")
    message.add_alternative("<p>南京与伯明翰</p>", subtype="html")
    return message


async def test_a_mail_is_shown_as_it_was_sent(running: Running) -> None:
    """An accepted mail is shown with its id, sender, recipients, Chinese subject and text."""
    await running.send(mail())

    (shown,) = await running.mails()
    assert shown.pop("received").endswith("Z")
    assert shown == {
        "message_id": "<m-1@entente>",
        "from": "Entente <entente@example.org>",
        "to": ["jiang@example.org"],
        "subject": "协议已签署 · Agreement signed",
        "text": "南京与伯明翰。\nNanjing and Birmingham.\n",
    }


async def test_mails_are_found_by_recipient_and_id(running: Running) -> None:
    """Mails can be filtered by id and by the envelope's recipient, so blind copies are found; case is ignored."""
    await running.send(mail("<m-1@entente>"))
    await running.send(mail("<m-2@entente>"), to=["Jones@example.org", "frampton@example.org"])
    await running.send(mail("<m-1@entente>"))

    assert [m["message_id"] for m in await running.mails()] == ["<m-1@entente>", "<m-2@entente>", "<m-1@entente>"]
    assert [m["message_id"] for m in await running.mails(to="jones@example.org")] == ["<m-2@entente>"]
    assert len(await running.mails(message_id="<m-1@entente>")) == 2
    assert await running.mails(to="jones@example.org", message_id="<m-1@entente>") == []


async def test_no_accepted_mail_is_lost(running: Running, tmp_path: Path) -> None:
    """A mailbox that starts on the folder of a killed one has all accepted mails, in order."""
    for n in range(5):
        await running.send(mail(f"<m-{n}@entente>"))

    assert [m.message_id for m in Mailbox(tmp_path).mails()] == [f"<m-{n}@entente>" for n in range(5)]


async def test_deleted_mails_stay_deleted(running: Running, tmp_path: Path) -> None:
    """After DELETE no mail is shown, even after a restart."""
    await running.send(mail())

    assert (await running.pages.delete("/mails")).status_code == 204
    assert await running.mails() == []
    assert Mailbox(tmp_path).mails() == []


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"just a line", "just a line"),
        (b"Content-Type: text/plain; charset=nonsense\r\n\r\nbody \xe4\xb8\xad", "body 中"),
        (b"Content-Type: multipart/mixed; boundary=x\r\n\r\n", ""),
        (b"Subject: =?utf-8?b?broken\r\nFrom: <<>>\r\nMessage-ID: \xff\r\n\r\ntext", "text"),
    ],
    ids=["empty", "no header", "unknown charset", "no part", "broken headers"],
)
async def test_a_malformed_mail_is_kept(running: Running, content: bytes, text: str, tmp_path: Path) -> None:
    """It is accepted, and shown as far as it can be parsed."""
    await send_bytes(running.port, content)

    (shown,) = await running.mails()
    assert (shown["to"], shown["text"].strip()) == (["jiang@example.org"], text)
    assert len(Mailbox(tmp_path).mails()) == 1


async def send_bytes(port: int, content: bytes) -> None:
    """Sends bytes that a mail library would not produce."""
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port)
    async with client:
        await client.sendmail("entente@example.org", ["jiang@example.org"], content)


async def test_the_standard_library_can_send_to_it(running: Running) -> None:
    """A blocking client of another implementation, run in a thread, can send mail too."""

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", running.port, timeout=60) as client:
            client.send_message(mail())

    await asyncio.to_thread(send)

    assert len(await running.mails()) == 1


async def test_it_accepts_mail_on_loopback_only(tmp_path: Path) -> None:
    """It refuses to listen on other addresses, because mails have personal data."""
    with pytest.raises(NotLoopback):
        async with accepting_mail(Mailbox(tmp_path), port=0, host="0.0.0.0"):  # noqa: S104 (the point of it)
            pass
