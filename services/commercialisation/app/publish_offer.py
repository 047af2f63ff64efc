"""Publishing a technology offer under an agreement."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.offer import Offer
from services.commercialisation.domain.technology import (
    COMMERCIALISATION,
    CooperationForms,
    IntellectualProperty,
    TechnologyField,
)
from shared.contracts.technology import Readiness
from shared.contracts.values import Document, OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class PublishOffer(Command):
    """Offers a technology under an agreement that is in force, covers commercialisation and names the organisation."""

    organisation_id: OrganisationId
    """The organisation that offers: the actor's own, or one that it is part of."""
    agreement_id: UUID
    initiative_id: UUID | None = None
    """An active initiative of the agreement that the technology came from, if any."""
    title: Text
    summary: Document
    """For all to read: what it does, what it is better at, what is sought. Name no person."""
    technology_field: TechnologyField
    trl: Readiness
    """The technology's present readiness level."""
    intellectual_property: IntellectualProperty
    forms: CooperationForms


async def publish_offer(ask: PublishOffer, actor: Actor, work: Work) -> Offer:
    """Publishes it; needs that it meets follow by `propose_matches_of_offer`."""
    offer = Offer(id=work.new_id(), published_by=actor.signatory, **dict(ask)).published(actor)
    organisations = await work.organisations.those([ask.organisation_id])
    agreement = await work.agreements.hold(ask.agreement_id)
    agreement.admit(COMMERCIALISATION, organisations)
    if ask.initiative_id:
        (await work.initiatives.get(ask.initiative_id)).admit(ask.agreement_id)
    work.offers.add(offer)
    return offer
