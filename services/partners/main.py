"""What partners is made of."""

from services.partners.adapters.account_table import AccountTable
from services.partners.adapters.delivery import delivery, results
from services.partners.adapters.identifier_table import IdentifierTable
from services.partners.adapters.own_directory import OwnDirectory
from services.partners.app.accept_deliverable import accept_deliverable
from services.partners.app.activate_initiative import activate_initiative
from services.partners.app.amend_organisation import amend_organisation
from services.partners.app.appraise_initiative import appraise_initiative
from services.partners.app.approve_agreement import approve_agreement
from services.partners.app.approve_initiative import approve_initiative
from services.partners.app.close_initiative import close_initiative
from services.partners.app.commence_agreement import commence_agreement
from services.partners.app.complete_initiative import complete_initiative
from services.partners.app.decline_initiative import decline_initiative
from services.partners.app.dispute_deliverable import dispute_deliverable
from services.partners.app.draft_agreement import draft_agreement
from services.partners.app.end_agreement import end_agreement
from services.partners.app.erase_person import erase_person
from services.partners.app.erase_person_again import erase_person_again
from services.partners.app.grant_office import grant_office
from services.partners.app.note_overdue_deliverables import note_overdue_deliverables
from services.partners.app.pause_initiative import pause_initiative
from services.partners.app.propose_initiative import propose_initiative
from services.partners.app.record_authority_approval import record_authority_approval
from services.partners.app.record_output import record_output
from services.partners.app.register_organisation import register_organisation
from services.partners.app.register_person import register_person
from services.partners.app.report_deliverable import report_deliverable
from services.partners.app.reschedule_deliverable import reschedule_deliverable
from services.partners.app.resume_initiative import resume_initiative
from services.partners.app.return_agreement import return_agreement
from services.partners.app.revise_agreement import revise_agreement
from services.partners.app.revoke_office import revoke_office
from services.partners.app.sign_agreement import sign_agreement
from services.partners.app.submit_agreement import submit_agreement
from services.partners.app.terminate_agreement import terminate_agreement
from services.partners.app.waive_deliverable import waive_deliverable
from services.partners.app.withdraw_agreement import withdraw_agreement
from services.partners.app.withdraw_initiative import withdraw_initiative
from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.initiative import Initiative
from services.partners.domain.organisation import Organisation
from services.partners.domain.person import Person
from shared.contracts.agreement import (
    AgreementDrafted,
)
from shared.contracts.initiative import (
    InitiativeDeliverableAccepted,
    InitiativeDeliverableDisputed,
    InitiativeDeliverableOverdue,
    InitiativeDeliverableReported,
    InitiativeDeliverableRescheduled,
    InitiativeDeliverableReschedulingAgreed,
    InitiativeDeliverableWaived,
    InitiativeDeliverableWaiverAgreed,
    InitiativeProposed,
)
from shared.contracts.organisation import OrganisationAmended, OrganisationRegistered
from shared.contracts.person import PersonErased, PersonState
from shared.domain.actor import Role
from shared.service.areas import areas_of
from shared.service.rows import Consumer, Service, changes, creates, lists, reads, timer
from shared.service.settings import Settings

OFFICER = Role.PARTNERSHIP_OFFICER
EITHER = frozenset({Role.PARTNERSHIP_OFFICER, Role.OPERATOR})
"""Officers act for their own organisation and its parts, operators for all; the aggregates check it."""

INITIATIVE = "/initiatives/{initiative_id}"
DELIVERABLE = f"{INITIATIVE}/deliverables/{{number}}"


def partners(settings: Settings) -> Service:
    """The directory of organisations and people, and the agreements between organisations."""
    return Service(
        "partners",
        settings,
        Work,
        ports={"areas": areas_of(settings), "identifiers": IdentifierTable, "accounts": AccountTable},
        directory=OwnDirectory,
        commands=[
            creates("/organisations", register_organisation, may=Role.OPERATOR, emits=[OrganisationRegistered]),
            changes(
                "/organisations/{organisation_id}/amendments",
                amend_organisation,
                may=EITHER,
                emits=[OrganisationAmended],
            ),
            creates("/people", register_person, may=EITHER, emits=[PersonState]),
            changes("/people/{person_id}/offices", grant_office, may=EITHER, emits=[PersonState]),
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
            creates("/initiatives", propose_initiative, may=OFFICER, emits=[InitiativeProposed]),
            changes(f"{INITIATIVE}/appraisals", appraise_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/approvals", approve_initiative, may=Role.SIGNATORY),
            changes(f"{INITIATIVE}/activation", activate_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/pauses", pause_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/resumptions", resume_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/completion", complete_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/closing", close_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/declines", decline_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/withdrawal", withdraw_initiative, may=OFFICER),
            changes(f"{INITIATIVE}/authority-approvals", record_authority_approval, may=OFFICER),
            changes(f"{INITIATIVE}/outputs", record_output, may=OFFICER),
            changes(f"{DELIVERABLE}/reports", report_deliverable, may=OFFICER, emits=[InitiativeDeliverableReported]),
            changes(
                f"{DELIVERABLE}/acceptance", accept_deliverable, may=OFFICER, emits=[InitiativeDeliverableAccepted]
            ),
            changes(f"{DELIVERABLE}/disputes", dispute_deliverable, may=OFFICER, emits=[InitiativeDeliverableDisputed]),
            changes(
                f"{DELIVERABLE}/reschedulings",
                reschedule_deliverable,
                may=OFFICER,
                emits=[InitiativeDeliverableReschedulingAgreed, InitiativeDeliverableRescheduled],
            ),
            changes(
                f"{DELIVERABLE}/waivers",
                waive_deliverable,
                may=OFFICER,
                emits=[InitiativeDeliverableWaiverAgreed, InitiativeDeliverableWaived],
            ),
        ],
        queries=[
            lists(Organisation, path="/organisations", filters=["kind", "country", "identifier"]),
            lists(Person, path="/people", may=EITHER, filters=["account", "organisation_id"]),
            lists(Agreement, path="/agreements", filters=["status", "area"], sorts=["starts_on"]),
            lists(
                Initiative,
                path="/initiatives",
                filters=["status", "area", "kind", "agreement_id", "overdue"],
            ),
            reads("/agreements/{agreement_id}/delivery", delivery),
        ],
        consumers=[Consumer("results", projections=results)],
        timers=[
            timer("commence", commence_agreement),
            timer("end", end_agreement),
            timer("deliverable-overdue", note_overdue_deliverables, emits=[InitiativeDeliverableOverdue]),
            timer("erase-again-1", erase_person_again, emits=[PersonErased]),
            timer("erase-again-2", erase_person_again, emits=[PersonErased]),
        ],
    )
