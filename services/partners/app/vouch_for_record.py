"""An operator's confirmation of a paper agreement's record, for a signatory that has nobody here."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.contracts.agreement import AgreementId, Revision
from shared.contracts.values import OrganisationId, Sha256
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned
from shared.domain.refused import Refused


class PartyHasPeople(Refused):
    """The organisation {organisation} has people here, so its own officer confirms the record, and no operator."""

    organisation: OrganisationId


class VouchForRecord(Reasoned):
    """An operator has compared the record with the signed document, and says why the signatory cannot do it itself."""

    agreement_id: AgreementId
    party: OrganisationId
    """The signatory that has nobody here."""
    document_sha256: Sha256
    """Of the signed document; the agreement names it among its documents."""
    revision: Revision


async def vouch_for_record(ask: VouchForRecord, actor: Actor, work: Work) -> Agreement:
    """Confirms it; after the last confirmation the agreement counts as signed."""
    agreement = await work.agreements.get(ask.agreement_id)
    if await work.accounts.has_people(ask.party, work.now):
        raise PartyHasPeople(organisation=ask.party)
    agreement.vouch_for_record(ask.party, ask.document_sha256, ask.why, actor, ask.revision, work.now)
    return agreement
