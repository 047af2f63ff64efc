"""Nominating a person in a call."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.exchange import Exchange
from shared.contracts.programme import Direction
from shared.contracts.values import OrganisationId, PersonId, Text
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.consent import Consent


class Nominate(Command):
    """The sending institution nominates a person for a place at the receiving one."""

    call_id: UUID
    sending: OrganisationId
    receiving: OrganisationId
    nominee: PersonId | None = None
    """An opaque reference to the person; made when it is not given."""
    nominee_name: Text | None = None
    """Seen by the two institutions only, never on an event."""


async def nominate(ask: Nominate, actor: Actor, work: Work) -> Exchange:
    """Nominates; refused unless call, programme and agreement are open and the person is new to the call."""
    call = await work.calls.get(ask.call_id)
    programme = await work.programmes.get(call.programme_id)
    nominee = ask.nominee or work.new_id()
    exchange = Exchange(
        id=work.new_id(), call_id=call.id, sending=ask.sending, receiving=ask.receiving, nominee=nominee,
        nominee_name=ask.nominee_name, nominated_by=actor.signatory,
        approvals=Consent(sides=[ask.sending, ask.receiving]), **programme.heading,
    ).nominated(actor)  # fmt: skip
    programme.require_open("nominating")
    (await work.agreements.get(call.agreement_id)).require_in_force()
    call.nominate(exchange.id, nominee, Direction(sending=ask.sending, receiving=ask.receiving), work.now)
    work.exchanges.add(exchange)
    return exchange
