"""Emails: queued as outgoing work, sent over SMTP."""

import asyncio
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import aiosmtplib

from services.notifications.domain.entry import Mail, Sending
from shared.contracts.values import PersonId
from shared.messaging.outbox import Connection
from shared.service.outgoing import NeverAccepted, enqueue
from shared.service.settings import Settings

KIND = "mail"
TIMEOUT = 20
"""Seconds to wait for each answer of the mail server; twice that, the most for one email, is below the work's lease."""

_REDIRECT = f"""
update outgoing set body = jsonb_set(body, '{{to}}', to_jsonb($2::text)), due = now(), attempts = 0, problem = null
where kind = '{KIND}' and body->>'person_id' = $1::text and body->>'to' <> $2
"""
_DROP = f"""
with dropped as (delete from outgoing where kind = '{KIND}' and body->>'person_id' = $1::text returning id)
update entry e set body = jsonb_set(e.body, '{{mail}}', to_jsonb($2::text)), version = e.version + 1, updated = now()
from dropped where e.id = dropped.id
"""


class MailTable:
    """The `Mails` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def queue(self, mail: Mail) -> None:
        """Queues the email; it is sent after this work commits."""
        await enqueue(self._db, mail.id, KIND, mail)

    async def redirect(self, person_id: PersonId, address: str | None) -> None:
        """Sends the person's unsent and failed emails to `address` instead; None drops them."""
        if address is None:
            await self._db.execute(_DROP, str(person_id), Sending.NO_ADDRESS)
        else:
            await self._db.execute(_REDIRECT, str(person_id), address)


async def send_mail(mail: Mail, settings: Settings) -> None:
    """Sends one email. Raises NeverAccepted if the server refuses the address for good; other errors are retried."""
    host, _, port = settings.smtp.rpartition(":")
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    try:
        async with asyncio.timeout(2 * TIMEOUT):
            await aiosmtplib.send(
                compose(mail, settings.smtp_from), sender=_address(settings.smtp_from), recipients=[mail.to],
                hostname=host, port=int(port), username=settings.smtp_user, password=password,
                start_tls=settings.smtp_tls, timeout=TIMEOUT, local_hostname=_domain(settings.smtp_from),
            )  # fmt: skip
    except aiosmtplib.SMTPRecipientsRefused as refused:
        if all(500 <= one.code < 600 for one in refused.recipients):
            raise NeverAccepted from refused
        raise


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The message, the same at every attempt, so that a mail server can detect a duplicate."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    message.set_content(mail.text)
    return message


def _address(sender: str) -> str:
    return parseaddr(sender)[1]


def _domain(sender: str) -> str:
    return _address(sender).rpartition("@")[2] or "localhost"
