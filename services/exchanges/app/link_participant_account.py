"""A mobility coordinator says with which account a participant signs in."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.participant import Participant
from shared.contracts.person import Account
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.refused import Refused


class AccountOfAnother(Refused):
    """This account signs another participant in; no two people share one. Check issuer and subject."""


class LinkParticipantAccount(Command):
    """The account at an identity provider; it replaces an earlier one."""

    participant_id: UUID
    account: Account


async def link_participant_account(ask: LinkParticipantAccount, actor: Actor, work: Work) -> Participant:
    """From now on they sign in with it. Somebody who is in the directory too acts there by their offices."""
    participant = await work.participants.get(ask.participant_id)
    participant.sign_in_with(ask.account, actor)
    if not await work.access.claim(participant.id, ask.account):
        raise AccountOfAnother
    return participant
