"""What partners is made of."""

from services.partners.adapters.account_table import AccountTable
from services.partners.adapters.delivery import delivery, initiative_delivery
from services.partners.adapters.delivery_items import delivery_items, results
from services.partners.adapters.identifier_table import IdentifierTable
from services.partners.adapters.own_directory import OwnDirectory
from services.partners.app.accept_deliverable import accept_deliverable
from services.partners.app.accept_office import accept_office
from services.partners.app.accept_organisation_change import accept_organisation_change
from services.partners.app.activate_initiative import activate_initiative
from services.partners.app.amend_organisation import amend_organisation
from services.partners.app.apply_amendment import apply_amendment
from services.partners.app.appraise_initiative import appraise_initiative
from services.partners.app.approve_agreement import approve_agreement
from services.partners.app.approve_amendment import approve_amendment
from services.partners.app.approve_initiative import approve_initiative
from services.partners.app.close_initiative import close_initiative
from services.partners.app.close_organisation import close_organisation
from services.partners.app.commence_agreement import commence_agreement
from services.partners.app.complete_initiative import complete_initiative
from services.partners.app.confirm_record import confirm_record
from services.partners.app.decline_initiative import decline_initiative
from services.partners.app.decline_office import decline_office
from services.partners.app.dispute_deliverable import dispute_deliverable
from services.partners.app.draft_agreement import draft_agreement
from services.partners.app.end_agreement import end_agreement
from services.partners.app.erase_person import erase_person
from services.partners.app.erase_person_again import erase_person_again
from services.partners.app.give_notice import give_notice
from services.partners.app.grant_office import grant_office
from services.partners.app.merge_organisation import merge_organisation
from services.partners.app.note_overdue_deliverables import note_overdue_deliverables
from services.partners.app.pause_initiative import pause_initiative
from services.partners.app.propose_amendment import propose_amendment
from services.partners.app.propose_initiative import propose_initiative
from services.partners.app.propose_organisation_change import propose_organisation_change
from services.partners.app.record_agreement import record_agreement
from services.partners.app.record_authority_approval import record_authority_approval
from services.partners.app.record_output import record_output
from services.partners.app.register_organisation import register_organisation
from services.partners.app.register_person import register_person
from services.partners.app.remind_agreement import remind_agreement
from services.partners.app.report_deliverable import report_deliverable
from services.partners.app.reschedule_deliverable import reschedule_deliverable
from services.partners.app.resume_agreement import resume_agreement
from services.partners.app.resume_initiative import resume_initiative
from services.partners.app.retract_notice import retract_notice
from services.partners.app.return_agreement import return_agreement
from services.partners.app.revise_agreement import revise_agreement
from services.partners.app.revoke_office import revoke_office
from services.partners.app.sign_agreement import sign_agreement
from services.partners.app.sign_amendment import sign_amendment
from services.partners.app.submit_agreement import submit_agreement
from services.partners.app.suspend_agreement import suspend_agreement
from services.partners.app.terminate_agreement import terminate_agreement
from services.partners.app.terminate_by_notice import terminate_by_notice
from services.partners.app.vouch_for_record import vouch_for_record
from services.partners.app.waive_deliverable import waive_deliverable
from services.partners.app.withdraw_agreement import withdraw_agreement
from services.partners.app.withdraw_amendment import withdraw_amendment
from services.partners.app.withdraw_initiative import withdraw_initiative
from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from services.partners.domain.agreement_days import REMINDERS
from services.partners.domain.agreement_lifecycle import RUNNING, UNSIGNED, Status
from services.partners.domain.amendment import OPEN as OPEN_AMENDMENTS
from services.partners.domain.amendment import Amendment
from services.partners.domain.initiative import Initiative
from services.partners.domain.initiative_status import Status as InitiativeStatus
from services.partners.domain.organisation import Organisation
from services.partners.domain.person import Person
from services.partners.held import HELD
from shared.contracts.agreement import (
    AgreementAmended,
    AgreementDrafted,
    AgreementEnded,
    AgreementRecorded,
    AgreementRenewed,
    AgreementWithdrawn,
)
from shared.contracts.amendment import AmendmentLapsed, AmendmentProposed
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
from shared.contracts.organisation import (
    OrganisationAmended,
    OrganisationClosed,
    OrganisationMerged,
    OrganisationRegistered,
)
from shared.contracts.person import PersonErased, PersonState
from shared.domain.actor import Role
from shared.http.previews import Touches, previews
from shared.service.areas import areas_of
from shared.service.rows import Consumer, Service, changes, creates, imports, lists, reads, timer
from shared.service.settings import Settings

OFFICER = Role.PARTNERSHIP_OFFICER
EITHER = frozenset({Role.PARTNERSHIP_OFFICER, Role.OPERATOR})
"""Officers act for their own organisation and its parts, operators for all; the aggregates check it."""
SIGNATORY = Role.SIGNATORY
WITH_IT = [AgreementEnded, AgreementWithdrawn, AmendmentLapsed]
"""What happens to the annexes and amendments of an agreement that is over."""

INITIATIVE = "/initiatives/{initiative_id}"
DELIVERABLE = f"{INITIATIVE}/deliverables/{{number}}"
GRANTER = EITHER | {Role.SIGNATORY}
"""Signatories make other signatories of their organisation."""

AGREEMENTS = lists(
    Agreement,
    path="/agreements",
    filters=["status", "kind", "area", "parent_agreement_id"],
    sorts=["starts_on", "ends_on"],
    search=["title"],
)
AMENDMENTS = lists(
    Amendment, path="/amendments", filters=["status", "agreement_id"], sorts=["applies_on"], search=["title"]
)
INITIATIVES = lists(
    Initiative, path="/initiatives", filters=["status", "area", "kind", "agreement_id", "overdue"], search=["title"]
)
RUN = Touches(INITIATIVES, "go on", [InitiativeStatus.ACTIVE, InitiativeStatus.PAUSED])
ENDING = [
    Touches(AGREEMENTS, "end", [Status.SIGNED, *RUNNING], by="parent_agreement_id"),
    Touches(AGREEMENTS, "withdraw", UNSIGNED, by="parent_agreement_id"),
    Touches(AMENDMENTS, "lapse", OPEN_AMENDMENTS),
    RUN,
]
"""What ends with an agreement, and what goes on."""
GOING_ON = [
    Touches(AGREEMENTS, "go on", RUNNING, by="parent_agreement_id"),
    Touches(AMENDMENTS, "go on", OPEN_AMENDMENTS),
    RUN,
]
"""What goes on while an agreement is suspended; nothing new begins under its annexes either."""


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
            changes("/organisations/{organisation_id}/proposals", propose_organisation_change, may=OFFICER, emits=[]),
            changes(
                "/organisations/{organisation_id}/acceptances",
                accept_organisation_change,
                may=EITHER,
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
            changes("/people/{person_id}/declines", decline_office, may=Role.READER, emits=[PersonState]),
            changes("/people/{person_id}/revocations", revoke_office, may=EITHER, emits=[PersonState]),
            changes("/people/{person_id}/erasure", erase_person, may=Role.OPERATOR, emits=[PersonErased]),
            creates("/agreements", draft_agreement, may=OFFICER, emits=[AgreementDrafted]),
            creates("/agreement-records", record_agreement, may=OFFICER, emits=[AgreementRecorded]),
            changes("/agreements/{agreement_id}/confirmations", confirm_record, may=OFFICER),
            changes("/agreements/{agreement_id}/vouchings", vouch_for_record, may=Role.OPERATOR),
            changes("/agreements/{agreement_id}/submission", submit_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/revisions", revise_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/approvals", approve_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/returns", return_agreement, may=OFFICER),
            changes("/agreements/{agreement_id}/signatures", sign_agreement, may=SIGNATORY),
            changes("/agreements/{agreement_id}/withdrawal", withdraw_agreement, may=OFFICER, emits=WITH_IT[::2]),
            changes("/agreements/{agreement_id}/suspension", suspend_agreement, may=SIGNATORY),
            changes("/agreements/{agreement_id}/resumption", resume_agreement, may=SIGNATORY),
            changes("/agreements/{agreement_id}/notice", give_notice, may=SIGNATORY),
            changes("/agreements/{agreement_id}/notice-retraction", retract_notice, may=SIGNATORY),
            changes("/agreements/{agreement_id}/termination", terminate_agreement, may=SIGNATORY, emits=WITH_IT),
            creates("/agreements/{agreement_id}/amendments", propose_amendment, may=OFFICER, emits=[AmendmentProposed]),
            changes("/amendments/{amendment_id}/approvals", approve_amendment, may=OFFICER),
            changes("/amendments/{amendment_id}/signatures", sign_amendment, may=SIGNATORY),
            changes("/amendments/{amendment_id}/withdrawal", withdraw_amendment, may=OFFICER),
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
        imports=[
            imports("/organisations/imports", register_organisation, may=Role.OPERATOR, emits=[OrganisationRegistered]),
            imports("/people/imports", register_person, may=EITHER, emits=[PersonState]),
            imports("/agreements/imports", record_agreement, may=OFFICER, emits=[AgreementRecorded]),
        ],
        queries=[
            lists(
                Organisation,
                path="/organisations",
                filters=["status", "kind", "country", "identifier"],
                sorts=["sort_key"],
                search=["name", "city"],
            ),
            lists(Person, path="/people", may=EITHER, filters=["account", "organisation_id"], search=["name"]),
            AGREEMENTS,
            AMENDMENTS,
            INITIATIVES,
            previews("/agreements/{agreement_id}/withdrawal", *ENDING),
            previews("/agreements/{agreement_id}/termination", *ENDING),
            previews("/agreements/{agreement_id}/suspension", *GOING_ON),
            reads("/agreements/{agreement_id}/delivery", delivery),
            reads("/agreements/{agreement_id}/delivery/items", delivery_items),
            reads(f"{INITIATIVE}/delivery", initiative_delivery),
        ],
        consumers=[Consumer("results", projections=results)],
        timers=[
            timer("commence", commence_agreement),
            timer("end", end_agreement, emits=[AgreementRenewed, AgreementWithdrawn, AmendmentLapsed]),
            timer("notice", terminate_by_notice, emits=WITH_IT),
            *(timer(f"remind-{days}", remind_agreement) for days in REMINDERS),
            timer("apply", apply_amendment, emits=[AgreementAmended, AmendmentLapsed]),
            timer("deliverable-overdue", note_overdue_deliverables, emits=[InitiativeDeliverableOverdue]),
            timer("erase-again-1", erase_person_again, emits=[PersonErased]),
            timer("erase-again-2", erase_person_again, emits=[PersonErased]),
        ],
        held=HELD,
    )
