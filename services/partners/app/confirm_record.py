"""One signatory's confirmation that a paper agreement was recorded as it is."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId, Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class ConfirmRecord(Command):
    """A signatory's officer confirms the record that they have compared with the paper."""

    agreement_id: AgreementId
    revision: Revision


async def confirm_record(ask: ConfirmRecord, actor: Actor, work: Work) -> Agreement:
    """Confirms it; after the last confirmation the agreement counts as signed."""
    agreement = await work.agreements.get(ask.agreement_id)
    agreement.confirm_record(actor, ask.revision, work.now)
    return agreement
