"""How participants sign in: accounts, one-time links and sessions. Of links and sessions there are digests only."""

import hashlib
import secrets
from uuid import UUID

from services.exchanges.app.work import Given
from shared.contracts.person import Account
from shared.http.identity.caller import SESSION
from shared.messaging.outbox import Connection

# A participant who was erased has no access, whatever row an unlucky moment may have left.
_OF_ACCOUNT = """select a.participant_id from participant_account a join participant p on p.id = a.participant_id
    where a.issuer = $1 and a.subject = $2 and p.body->>'status' = 'active'"""
_OF_SESSION = """select a.participant_id from participant_access a join participant p on p.id = a.participant_id
    where a.digest = $1 and a.kind = 'session' and a.expires_at > now() and p.body->>'status' = 'active'"""
_SPEND = """delete from participant_access a using participant p
    where a.digest = $1 and a.kind = 'link' and a.expires_at > now()
        and p.id = a.participant_id and p.body->>'status' = 'active'
    returning a.participant_id"""
_BEGIN = """insert into participant_access (digest, participant_id, kind, expires_at)
    values ($1, $2, 'session', now() + interval '1 hour') returning expires_at"""
_OFFER = """insert into participant_access (digest, participant_id, kind, expires_at)
    values ($1, $2, 'link', now() + interval '1 day')"""
_REPLACE = "delete from participant_access where participant_id = $1 and kind = 'link'"
_TIDY = "delete from participant_access where expires_at < now()"
_RELEASE = "delete from participant_account where participant_id = $1 and (issuer, subject) <> ($2, $3)"
# It waits for another who claims the same account at this moment, and answers whose it is.
_CLAIM = """insert into participant_account as a (issuer, subject, participant_id) values ($1, $2, $3)
    on conflict (issuer, subject) do update set participant_id = a.participant_id returning participant_id"""
_FORGET = (
    "delete from participant_account where participant_id = $1::text::uuid",
    "delete from participant_access where participant_id = $1::text::uuid",
    "delete from outgoing where body->>'participant_id' = $1",
    "delete from idempotency where actor = $1 or strpos(body, $1) > 0",
)


class ParticipantAccess:
    """The `Access` of the use cases, and the kit's `Participants`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def of_account(self, issuer: str, subject: str) -> UUID | None:
        """The participant who signs in with this account, or None."""
        return await self._db.fetchval(_OF_ACCOUNT, issuer, subject)

    async def of_session(self, token: str) -> UUID | None:
        """The participant whose session has this token, while it lasts, or None."""
        return await self._db.fetchval(_OF_SESSION, _digest(token))

    async def redeem(self, code: str) -> Given | None:
        """A session for the code of a one-time link, which then works no more; None if it does not work."""
        participant_id = await self._db.fetchval(_SPEND, _digest(code))
        if participant_id is None:
            return None
        token = SESSION + secrets.token_urlsafe(32)
        return Given(participant_id, token, await self._db.fetchval(_BEGIN, _digest(token), participant_id))

    async def offer(self, participant_id: UUID) -> str:
        """The code of a new one-time link, in place of earlier ones."""
        code = secrets.token_urlsafe(32)
        await self._db.execute(_TIDY)
        await self._db.execute(_REPLACE, participant_id)
        await self._db.execute(_OFFER, _digest(code), participant_id)
        return code

    async def claim(self, participant_id: UUID, account: Account) -> bool:
        """Makes it the participant's account, in place of an earlier one; False if it is another's."""
        await self._db.execute(_RELEASE, participant_id, account.issuer, account.subject)
        return await self._db.fetchval(_CLAIM, account.issuer, account.subject, participant_id) == participant_id

    async def forget(self, participant_id: UUID) -> None:
        """Deletes account, links, sessions, letters that wait, and answers that are kept."""
        for statement in _FORGET:
            await self._db.execute(statement, str(participant_id))


def _digest(secret: str) -> bytes:
    # The secrets are random and long, so a plain hash is enough: nobody can try them out.
    return hashlib.sha256(secret.encode()).digest()
