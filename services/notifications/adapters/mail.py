"""Emails: queued as outgoing work, which `shared.mail` sends."""

from services.notifications.domain.entry import Mail, Sending
from shared.contracts.values import PersonId
from shared.messaging.outbox import Connection
from shared.service.outgoing import enqueue

KIND = "mail"

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
