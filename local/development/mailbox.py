"""A mail server for development and the demo: it accepts every mail, delivers none, and shows what it received.

It writes each mail to a file before it accepts it, so that a restart or a kill loses none. To run it:
`python -m local.development.mailbox --smtp-port 2525 --http-port 8025 --state FOLDER`. Then
`GET /mails?to=&message_id=` lists the mails, oldest first, and `DELETE /mails` deletes them.
"""

import asyncio
import sys
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated, cast

import structlog
import typer
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from local.development.loopback import LoopbackOnly, check_address
from local.development.serving import server_of
from shared.telemetry.logs import configure_logs

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

ENVELOPE_TO = "X-Envelope-To"
RECEIVED = "X-Received-At"


class Mail(BaseModel):
    """A mail received: `to` holds the recipients from the SMTP envelope, `text` the plain-text part."""

    model_config = ConfigDict(frozen=True)

    message_id: str
    sender: str = Field(serialization_alias="from")
    to: list[str]
    subject: str
    text: str
    received: datetime


class Mailbox:
    """The mails in the folder `state`, one .eml file each. aiosmtpd passes it new mails."""

    def __init__(self, state: Path) -> None:
        self._state = state
        state.mkdir(parents=True, exist_ok=True)
        self._mails = [read_mail(path.read_bytes()) for path in sorted(state.glob("*.eml"))]

    def mails(self, to: str | None = None, message_id: str | None = None) -> list[Mail]:
        """Return all mails, or those to a recipient or with a Message-ID; oldest first."""
        return [
            mail
            for mail in self._mails
            if (to is None or to.lower() in map(str.lower, mail.to))
            and (message_id is None or message_id == mail.message_id)
        ]

    def clear(self) -> None:
        """Delete all mails and their files."""
        self._mails.clear()
        for path in self._state.glob("*.eml"):
            path.unlink(missing_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        """Store a mail, then accept it; return the SMTP reply."""
        content = envelope.original_content or b""
        now = datetime.now(UTC)
        head = [f"{ENVELOPE_TO}: {address}" for address in envelope.rcpt_tos]
        full = "\r\n".join([f"{RECEIVED}: {now.isoformat()}", *head, ""]).encode() + content
        mail = read_mail(full)
        self._keep(full, now)
        self._mails.append(mail)
        return "250 stored, not delivered"

    def _keep(self, content: bytes, now: datetime) -> None:
        path = self._state / f"{now:%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}.eml"
        draft = path.with_suffix(".part")
        draft.write_bytes(content)
        draft.rename(path)


def read_mail(content: bytes) -> Mail:
    """Read a mail from a file of the mailbox. Its first headers say when it arrived and for whom."""
    message = message_from_bytes(content, policy=policy.default)
    return Mail(
        message_id=str(message.get("Message-ID", "")).strip(),
        sender=str(message.get("From", "")),
        to=[str(address) for address in message.get_all(ENVELOPE_TO, [])],
        subject=str(message.get("Subject", "")),
        text=_text(message).replace("\r\n", "\n"),
        received=datetime.fromisoformat(str(message[RECEIVED])),
    )


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except LookupError:  # an unknown character set
        return cast("bytes", part.get_payload(decode=True)).decode("utf-8", "replace")


def mailbox_app(mailbox: Mailbox, *, trusted_network: bool = False) -> FastAPI:
    """Build the HTTP API of a mailbox. It answers only this machine, unless the network is trusted."""
    app = FastAPI(title="Entente development mailbox", openapi_url=None, telemetry={"tracing": False})
    app.add_middleware(LoopbackOnly, names=[] if trusted_network else None)

    @app.get("/mails")
    async def mails(to: str | None = None, message_id: str | None = None) -> list[Mail]:
        return mailbox.mails(to or None, message_id or None)

    @app.delete("/mails", status_code=204)
    async def clear() -> None:
        mailbox.clear()

    return app


@asynccontextmanager
async def accepting_mail(
    mailbox: Mailbox, *, port: int, host: str = "127.0.0.1", trusted_network: bool = False
) -> AsyncGenerator[int]:
    """Accept mail during the block and yield the port (for 0, the one chosen). Raises `NotLoopback`."""
    check_address(host, trusted_network=trusted_network)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True, loop=loop), host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def serve_mailbox(
    mailbox: Mailbox, *, smtp_port: int, http_port: int, host: str = "127.0.0.1", trusted_network: bool = False
) -> None:
    """Accept mail and show it until stopped. Raises `NotLoopback` if others can reach the address."""
    app = mailbox_app(mailbox, trusted_network=trusted_network)
    async with accepting_mail(mailbox, port=smtp_port, host=host, trusted_network=trusted_network):
        log.info("development mailbox: accepts every mail and delivers none", smtp_port=smtp_port, http_port=http_port)
        await server_of(app, host, http_port).serve()


def main(
    smtp_port: Annotated[int, typer.Option(help="The port to accept mail on.")],
    http_port: Annotated[int, typer.Option(help="The port to show mails on.")],
    state: Annotated[Path, typer.Option(help="The folder for the mails.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    trusted_network: Annotated[bool, typer.Option(help="Also answer other machines, as in a compose network.")] = False,
) -> None:
    """Serve the development mailbox. Never run it where others can reach it."""
    configure_logs("mailbox", "INFO", json=not sys.stderr.isatty())
    asyncio.run(
        serve_mailbox(
            Mailbox(state), smtp_port=smtp_port, http_port=http_port, host=host, trusted_network=trusted_network
        )
    )


if __name__ == "__main__":
    typer.run(main)
