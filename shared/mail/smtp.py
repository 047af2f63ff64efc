"""Sends a mail over SMTP."""

import asyncio
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

import aiosmtplib
from pydantic import BaseModel, ConfigDict

from shared.contracts.values import Instant
from shared.domain.contact import Language
from shared.service.outgoing import NeverAccepted
from shared.service.settings import Settings

TIMEOUT = 20
"""Seconds to wait for each answer of the mail server; twice that, the most for one mail, is below the work's lease."""


class Message(BaseModel):
    """A mail to send. With the same id, every attempt sends the same message."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    to: str
    subject: str
    text: str
    language: Language
    at: Instant
    """When it was written. This is its date, even if it is sent later."""


async def send(message: Message, settings: Settings) -> None:
    """Sends one mail. Raises NeverAccepted if the server refuses the address for good; other errors are retried."""
    host, _, port = settings.smtp.rpartition(":")
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    try:
        async with asyncio.timeout(2 * TIMEOUT):
            await aiosmtplib.send(
                compose(message, settings.smtp_from), sender=_address(settings.smtp_from), recipients=[message.to],
                hostname=host, port=int(port), username=settings.smtp_user, password=password,
                start_tls=settings.smtp_tls, timeout=TIMEOUT, local_hostname=_domain(settings.smtp_from),
            )  # fmt: skip
    except aiosmtplib.SMTPRecipientsRefused as refused:
        if all(500 <= one.code < 600 for one in refused.recipients):
            raise NeverAccepted from refused
        raise


def compose(message: Message, sender: str) -> EmailMessage:
    """The mail as it is sent, the same at every attempt, so that a mail server can detect a duplicate."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, message.to, message.subject
    made["Date"] = format_datetime(message.at)
    made["Message-ID"] = f"<{message.id}@{_domain(sender)}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = message.language
    made.set_content(message.text)
    return made


def _address(sender: str) -> str:
    return parseaddr(sender)[1]


def _domain(sender: str) -> str:
    return _address(sender).rpartition("@")[2] or "localhost"
