"""Publishing a technology need under an agreement."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.need import Need
from services.commercialisation.domain.technology import COMMERCIALISATION, CooperationForms, TechnologyField
from shared.contracts.technology import Readiness
from shared.contracts.values import Document, OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class PublishNeed(Command):
    """Seeks a technology under an agreement that is in force, covers commercialisation and names the organisation."""

    organisation_id: OrganisationId
    """The organisation that seeks: the actor's own, or one that it is part of."""
    agreement_id: UUID
    title: Text
    summary: Document
    """For all to read: what it is for, and what it must do. Name no person."""
    technology_field: TechnologyField
    least_trl: Readiness
    """The least readiness level that is wanted."""
    forms: CooperationForms


async def publish_need(ask: PublishNeed, actor: Actor, work: Work) -> Need:
    """Publishes it; offers that meet it follow by `propose_matches_of_need`."""
    need = Need(id=work.new_id(), published_by=actor.signatory, **dict(ask)).published(actor)
    organisations = await work.organisations.those([ask.organisation_id])
    agreement = await work.agreements.hold(ask.agreement_id)
    agreement.admit(COMMERCIALISATION, organisations)
    work.needs.add(need)
    return need
