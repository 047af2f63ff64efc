"""What partners is made of."""

from services.partners.adapters.account_table import AccountTable
from services.partners.adapters.delivery import delivery, results
from services.partners.adapters.identifier_table import IdentifierTable
from services.partners.adapters.own_directory import OwnDirectory
from services.partners.app.accept_amendment import accept_amendment
from services.partners.app.accept_office import accept_office
from services.partners.app.amend_organisation import amend_organisation
from services.partners.app.approve_agreement import approve_agreement
from services.partners.app.close_organisation import close_organisation
from services.partners.app.commence_agreement import commence_agreement
from services.partners.app.draft_agreement import draft_agreement
from services.partners.app.end_agreement import end_agreement
from services.partners.app.erase_person import erase_person
from services.partners.app.erase_person_again import erase_person_again
from services.partners.app.grant_office import grant_office
from services.partners.app.merge_organisation import merge_organisation
from services.partners.app.propose_amendment import propose_amendment
from services.partners.app.register_organisation import register_organisation
from services.partners.app.register_person import register_person
from services.partners.app.return_agreement import return_agreement
from services.partners.app.revise_agreement import revise_agreement
from services.partners.app.revoke_office import revoke_office
from services.partners.app.sign_agreement import sign_agreement
from services.partners.app.submit_agreement import submit_agreement
from services.partners.app.terminate_agreement import terminate_agreement
from services.partners.app.withdraw_agreement import withdraw_agreement
from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.organisation import Organisation
from services.partners.domain.person import Person
from shared.contracts.agreement import (
    AgreementDrafted,
)
from shared.contracts.organisation import (
    OrganisationAmended,
    OrganisationClosed,
    OrganisationMerged,
    OrganisationRegistered,
)
from shared.contracts.person import PersonErased, PersonState
from shared.domain.actor import Role
from shared.service.rows import Consumer, Service, changes, creates, lists, reads, timer
from shared.service.settings import Settings

OFFICER = Role.PARTNERSHIP_OFFICER
EITHER = frozenset({Role.PARTNERSHIP_OFFICER, Role.OPERATOR})
"""Officers act for their own organisation and its parts, operators for all; the aggregates check it."""
GRANTER = EITHER | {Role.SIGNATORY}
"""Signatories make other signatories of their organisation."""


def partners(settings: Settings) -> Service:
    """The directory of organisations and people, and the agreements between organisations."""
    return Service(
        "partners",
        settings,
        Work,
        ports={"identifiers": IdentifierTable, "accounts": AccountTable},
        directory=OwnDirectory,
        commands=[
            creates("/organisations", register_organisation, may=Role.OPERATOR, emits=[OrganisationRegistered]),
            changes(
                "/organisations/{organisation_id}/amendments",
                amend_organisation,
                may=EITHER,
                emits=[OrganisationAmended],
            ),
            changes("/organisations/{organisation_id}/proposals", propose_amendment, may=OFFICER, emits=[]),
            changes(
                "/organisations/{organisation_id}/acceptances",
                accept_amendment,
                may=Role.OPERATOR,
                emits=[OrganisationAmended],
            ),
            changes(
                "/organisations/{organisation_id}/merger",
                merge_organisation,
                may=Role.OPERATOR,
                emits=[OrganisationMerged],
            ),
            changes(
                "/organisations/{organisation_id}/closure",
                close_organisation,
                may=Role.OPERATOR,
                emits=[OrganisationClosed],
            ),
            creates("/people", register_person, may=EITHER, emits=[PersonState]),
            changes("/people/{person_id}/offices", grant_office, may=GRANTER, emits=[PersonState]),
            changes("/people/{person_id}/acceptances", accept_office, may=Role.READER, emits=[PersonState]),
            changes("/people/{person_id}/revocations", revoke_office, may=EITHER, emits=[PersonState]),
            changes("/people/{person_id}/erasure", erase_person, may=Role.OPERATOR, emits=[PersonErased]),
            creates("/agreements", draft_agreement, may=OFFICER, emits=[AgreementDrafted]),
            changes("/agreements/{agreement_id}/submission", submit_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/revisions", revise_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/approvals", approve_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/returns", return_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/signatures", sign_agreement, may=Role.SIGNATORY),
            changes("/agreements/{agreement_id}/withdrawal", withdraw_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/termination", terminate_agreement, may=OFFICER),
        ],
        queries=[
            lists(
                Organisation,
                path="/organisations",
                filters=["status", "kind", "country", "identifier"],
                sorts=["sort_key"],
            ),
            lists(Person, path="/people", may=EITHER, filters=["account", "organisation_id"]),
            lists(Agreement, path="/agreements", filters=["status", "area"], sorts=["starts_on"]),
            reads("/agreements/{agreement_id}/delivery", delivery),
        ],
        consumers=[Consumer("results", projections=results)],
        timers=[
            timer("commence", commence_agreement),
            timer("end", end_agreement),
            timer("erase-again-1", erase_person_again, emits=[PersonErased]),
            timer("erase-again-2", erase_person_again, emits=[PersonErased]),
        ],
    )
