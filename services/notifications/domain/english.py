"""The notification texts in English; docs/glossary.md has the terms."""

from collections.abc import Sequence
from datetime import date

from services.notifications.domain.audience import Part
from services.notifications.domain.english_activities import ACTIVITIES
from services.notifications.domain.english_agreements import AGREEMENTS
from services.notifications.domain.english_initiatives import INITIATIVES
from services.notifications.domain.english_mobilities import EXCHANGES
from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template, Wording
from shared.domain.actor import Role
from shared.domain.reason import Cause, ReasonCode

TEMPLATES = {
    **AGREEMENTS,
    **EXCHANGES,
    Kind.MATCH_TO_ACCEPT: Template(
        "Please accept or decline a match: {title}",
        "The technology offer “{title}” of {offering} matches the technology need “{need}” of {seeking}. Please accept"
        " the match, or decline it and say why. Once both sides have accepted, they are introduced to each other.",
    ),
    Kind.MATCH_ACCEPTANCE_GIVEN: Template(
        "Match accepted by {party}: {title}",
        "{party} has accepted the match between the technology offer “{title}” of {offering} and the technology need"
        " “{need}” of {seeking}. The other side has yet to accept or decline it.",
    ),
    Kind.MATCH_ACCEPTED: Template(
        "Match accepted by both sides: {title}",
        "{offering} and {seeking} have both accepted the match between the technology offer “{title}” and the"
        " technology need “{need}”. Next, both sign a confidentiality agreement.",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNATURE_ADDED: Template(
        "Confidentiality agreement signed by {party}: {title}",
        "{party} has signed a confidentiality agreement until {confidential_until} for the match between the technology"
        " offer “{title}” and the technology need “{need}”. The other side has yet to sign it.",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNED: Template(
        "Confidentiality agreement signed by both sides: {title}",
        "{offering} and {seeking} have both signed a confidentiality agreement until {confidential_until} for the match"
        " between the technology offer “{title}” and the technology need “{need}”. Either side can now draft a deal.",
    ),
    Kind.MATCH_DECLINED: Template(
        "Match declined: {title}",
        "{party} has declined the match between the technology offer “{title}” of {offering} and the technology need"
        " “{need}” of {seeking}. The match is over. Reason: {reason}.",
    ),
    Kind.MATCH_LAPSED: Template(
        "Match lapsed: {title}",
        "The match between the technology offer “{title}” of {offering} and the technology need “{need}” of {seeking}"
        " has lapsed. Reason: {reason}.",
    ),
    Kind.DEAL_TO_SIGN: Template(
        "Please sign the deal: {title}",
        "{party} has drafted the deal “{title}” between {sides}. It starts once both sides have signed it.",
    ),
    Kind.DEAL_SIGNATURE_ADDED: Template(
        "Deal signed by {party}: {title}",
        "{party} has signed the deal “{title}” between {sides}. It starts once the other side has signed it too.",
    ),
    Kind.DEAL_SIGNED: Template(
        "Deal signed by both sides: {title}",
        "{sides} have both signed the deal “{title}”. It is now running: report each milestone once it is achieved.",
    ),
    Kind.DEAL_WITHDRAWN: Template(
        "Deal withdrawn: {title}",
        "The deal “{title}” between {sides} was withdrawn before both sides had signed it. There is nothing left to"
        " sign. Reason: {reason}.",
    ),
    Kind.DEAL_COMPLETED: Template(
        "Deal completed: {title}",
        "The deal “{title}” between {sides} is complete: all its milestones are achieved.",
    ),
    Kind.DEAL_TERMINATED: Template(
        "Deal terminated early: {title}",
        "{party} has terminated the deal “{title}” between {sides} before all its milestones were achieved. Reason:"
        " {reason}.",
    ),
    Kind.MILESTONE_TO_CONFIRM: Template(
        "Milestone {number} to confirm: {title}",
        "{party} has reported that milestone {number}, “{milestone}”, of the deal “{title}” is achieved. The other side"
        " now checks the evidence, then confirms or disputes it.",
    ),
    Kind.MILESTONE_ACHIEVED: Template(
        "Milestone {number} achieved: {title}",
        "{party} has confirmed that milestone {number}, “{milestone}”, of the deal “{title}” is achieved.",
    ),
    Kind.MILESTONE_DISPUTED: Template(
        "Milestone {number} disputed: {title}",
        "{party} disputes that milestone {number}, “{milestone}”, of the deal “{title}” is achieved. It can be reported"
        " again with more evidence. Reason: {reason}.",
    ),
    Kind.MILESTONE_LATE: Template(
        "Milestone {number} is late: {title}",
        "Milestone {number}, “{milestone}”, of the deal “{title}” between {sides} was due by the end of {due_on}"
        " ({time_zone}) and has not been confirmed. It can still be reported and confirmed.",
    ),
    Kind.OFFER_ADVANCED: Template(
        "Technology readiness level {trl} reached: {title}",
        "The technology offer “{title}” has reached technology readiness level (TRL) {trl}: both sides of a deal have"
        " confirmed the milestone.",
    ),
    Kind.OFFER_CLOSED: Template(
        "Technology offer closed: {title}",
        "The technology offer “{title}” has closed. Its open matches lapse; deals already running continue. Reason:"
        " {reason}.",
    ),
    Kind.NEED_CLOSED: Template(
        "Technology need closed: {title}",
        "The technology need “{title}” has closed. Its open matches lapse; deals already running continue. Reason:"
        " {reason}.",
    ),
}

ROLES = {
    Role.PARTNERSHIP_OFFICER: "a partnership officer",
    Role.SIGNATORY: "a signatory",
    Role.MOBILITY_COORDINATOR: "a mobility coordinator",
    Role.TECHNOLOGY_TRANSFER_OFFICER: "a technology transfer officer",
    Role.CULTURE_OFFICER: "a culture officer",
    Role.DATA_PROTECTION_OFFICER: "a data protection officer",
    Role.OPERATOR: "an operator",
    Role.READER: "a reader",
}

PARTS = {
    Part.SIGNATORY: "a signatory of the agreement",
    Part.SIDE: "a signatory of the agreement or a participant in it",
    Part.INSTITUTION: "one of the institutions of the programme",
    Part.MOBILITY_SIDE: "one of the two sides of the mobility",
    Part.MATCH_SIDE: "one of the two sides of the match",
    Part.DEAL_SIDE: "one of the two sides of the deal",
    Part.PUBLISHER: "the organisation that published it",
    Part.INITIATIVE_LEAD: "one of the leads of the initiative",
    Part.INITIATIVE_SIDE: "one of the organisations of the initiative",
    Part.ACTIVITY_HOST: "a host of the activity",
    Part.ACTIVITY_SENDER: "one of the organisations that send people to the activity",
    Part.ACTIVITY_SIDE: "one of the organisations of the activity",
    Part.ACTION_SIDE: "one of the two sides of the follow-up action",
}

REASONS = {
    ReasonCode.CHANGES_NEEDED: "changes are needed",
    ReasonCode.NOT_AGREED: "the sides did not agree",
    ReasonCode.PRIORITIES_CHANGED: "priorities have changed",
    ReasonCode.FUNDING: "the funding is not available",
    ReasonCode.CAPACITY: "the capacity is not available",
    ReasonCode.NOT_ELIGIBLE: "the requirements are not met",
    ReasonCode.POSTPONED: "it is put off until later",
    ReasonCode.PERSONAL: "personal reasons",
    ReasonCode.FORCE_MAJEURE: "force majeure",
    ReasonCode.LEGAL: "legal reasons",
    ReasonCode.EVIDENCE_MISSING: "the evidence is not sufficient",
    ReasonCode.NEED_MET: "the need is met",
    ReasonCode.PLACED_ELSEWHERE: "another partner was chosen",
    ReasonCode.SUPERSEDED: "something else takes its place",
    ReasonCode.NO_ACCOUNT: "the side has nobody here",
    ReasonCode.OTHER: "another reason, which the document states",
    Cause.AGREEMENT_ENDED: "the agreement has ended",
    Cause.AGREEMENT_CHANGED: "the agreement was changed in the meantime",
    Cause.NOTICE: "the notice has run out",
    Cause.LAST_DAY_PASSED: "its last day has passed",
    Cause.PROGRAMME_CLOSED: "the programme has closed",
    Cause.MOBILITY_RECOGNISED: "the results are recognised",
    Cause.MOBILITY_CANCELLED: "the mobility was cancelled",
    Cause.OFFER_GONE: "the technology offer was withdrawn or closed",
    Cause.NEED_GONE: "the technology need was withdrawn or closed",
    Cause.MATCH_OVER: "the match is over",
    Cause.OTHER_DEAL_SIGNED: "another deal of the match was signed",
}

ZONES = {"Asia/Shanghai": "Beijing time", "Europe/London": "UK time"}


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _period(first: str, last: str | None) -> str:
    return f"from {first} to {last}" if last else f"from {first}, with no end date"


def _zone(name: str) -> str:
    return ZONES.get(name, f"{name} time")


ENGLISH = Wording(
    templates=TEMPLATES | INITIATIVES | ACTIVITIES,
    because="You received this because you are {role} of {organisation}, {part}.",
    because_within="You received this because you are {role} of {organisation}, part of {side}, which is {part}.",
    mute='To stop emails of this kind: POST /mutes {{"kind": "{kind}"}} to notifications. To stop emails about this'
    ' matter: POST /mutes {{"subject": "{subject}"}}. You will still find everything in your inbox.',
    roles=ROLES, parts=PARTS, reasons=REASONS, day=_day, listed=_listed, period=_period, zone=_zone,
)  # fmt: skip
