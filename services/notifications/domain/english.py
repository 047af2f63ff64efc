"""What people are told, in English."""

from collections.abc import Sequence
from datetime import date

from services.notifications.domain.audience import Part
from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Letter, Wording
from shared.domain.actor import Role

LETTERS = {
    Kind.AGREEMENT_TO_REVIEW: Letter(
        "For your review: {title}",
        "{party} has laid the agreement “{title}” between {sides} before its signatories. It waits for your"
        " organisation's review: approve it, or return it with what should change.",
    ),
    Kind.AGREEMENT_REVISED: Letter(
        "Changed by {party}: {title}",
        "{party} has changed the agreement “{title}” between {sides}. Approvals that were given before no longer count:"
        " every signatory reads and approves it anew before it can be signed.",
    ),
    Kind.AGREEMENT_REVIEWED: Letter(
        "{party} approves: {title}",
        "{party} has approved the agreement “{title}”. It can be signed once every signatory has approved it.",
    ),
    Kind.AGREEMENT_RETURNED: Letter(
        "Returned for changes: {title}",
        "{party} asks for changes to the agreement “{title}”, which is a draft again. The reason given: {reason}.",
    ),
    Kind.AGREEMENT_TO_SIGN: Letter(
        "For your signature: {title}",
        "All signatories have approved the agreement “{title}” between {sides}. It waits for your signature.",
    ),
    Kind.AGREEMENT_APPROVED: Letter(
        "Approved by all: {title}",
        "All signatories have approved the agreement “{title}” between {sides}. It can be signed now.",
    ),
    Kind.AGREEMENT_SIGNATURE_ADDED: Letter(
        "{party} has signed: {title}",
        "{party} has signed the agreement “{title}”. It is concluded once every signatory has signed.",
    ),
    Kind.AGREEMENT_SIGNED: Letter(
        "Signed by all: {title}",
        "The agreement “{title}” between {sides} is signed. It is in force {period}.",
    ),
    Kind.AGREEMENT_IN_FORCE: Letter(
        "In force: {title}",
        "The agreement “{title}” between {sides} is in force {period}. Programmes can be opened under it now.",
    ),
    Kind.AGREEMENT_ENDED: Letter(
        "Ended: {title}",
        "The last day of the agreement “{title}” between {sides} is over. Nothing new can begin under it; what is"
        " already running goes on to its end.",
    ),
    Kind.AGREEMENT_TERMINATED: Letter(
        "Terminated: {title}",
        "{party} has ended the agreement “{title}” between {sides} early. Nothing new can begin under it; what is"
        " already running goes on to its end. The reason given: {reason}.",
    ),
    Kind.AGREEMENT_WITHDRAWN: Letter(
        "Withdrawn: {title}",
        "{party} has withdrawn the agreement “{title}” before all had signed it. The reason given: {reason}.",
    ),
    Kind.PROGRAMME_OPENED: Letter(
        "New programme: {title}",
        "{party} has opened the programme “{title}” of {sides}. It runs {period}.",
    ),
    Kind.PROGRAMME_CLOSED: Letter(
        "Programme closed: {title}",
        "The programme “{title}” of {sides} takes no more calls and nominations; exchanges that run go on. The reason"
        " given: {reason}.",
    ),
    Kind.CALL_OPENED: Letter(
        "Call for nominations: {title}",
        "{party} has opened a call of the programme “{title}”. Nominations are taken from {opens_on} until the end of"
        " {closes_on} ({time_zone} time).",
    ),
    Kind.CALL_CLOSED: Letter(
        "Call closed: {title}",
        "A call of the programme “{title}” takes no more nominations. The reason given: {reason}.",
    ),
    Kind.EXCHANGE_TO_APPROVE: Letter(
        "A nomination to approve: {title}",
        "{sending} has nominated a person to go to {receiving} in the programme “{title}”. It needs the approval of"
        " both institutions.",
    ),
    Kind.EXCHANGE_APPROVAL_GIVEN: Letter(
        "{party} approves a nomination: {title}",
        "{party} has approved the nomination of a person to go from {sending} to {receiving} in the programme"
        " “{title}”. The other institution's approval is awaited.",
    ),
    Kind.EXCHANGE_APPROVED: Letter(
        "Exchange approved: {title}",
        "{sending} and {receiving} have both approved a nomination in the programme “{title}”: the person has a place"
        " at {receiving}.",
    ),
    Kind.EXCHANGE_DECLINED: Letter(
        "Nomination declined: {title}",
        "{party} has declined a nomination from {sending} to {receiving} in the programme “{title}”. The reason given:"
        " {reason}.",
    ),
    Kind.EXCHANGE_WITHDRAWN: Letter(
        "Exchange withdrawn: {title}",
        "{sending} has withdrawn a person who was to go to {receiving} in the programme “{title}”. The reason given:"
        " {reason}.",
    ),
    Kind.MATCH_TO_ACCEPT: Letter(
        "An offer meets a need: {title}",
        "{offering} offers “{title}”, and {seeking} needs “{need}”: they meet. The two are introduced once both have"
        " accepted; accept the match, or decline it.",
    ),
    Kind.MATCH_ACCEPTANCE_GIVEN: Letter(
        "{party} accepts the introduction: {title}",
        "{party} has accepted the match of the offer “{title}” of {offering} and the need “{need}” of {seeking}. The"
        " other organisation's answer is awaited: it accepts or declines.",
    ),
    Kind.MATCH_ACCEPTED: Letter(
        "Introduced to each other: {title}",
        "{offering} and {seeking} have both accepted the match of the offer “{title}” and the need “{need}”. Next, both"
        " sign confidentiality.",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNATURE_ADDED: Letter(
        "{party} has signed confidentiality: {title}",
        "{party} has signed confidentiality until {confidential_until} for the match of the offer “{title}” and the"
        " need “{need}”. The other organisation's signature is awaited.",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNED: Letter(
        "Confidentiality signed: {title}",
        "{offering} and {seeking} have both signed confidentiality until {confidential_until} for the match of the"
        " offer “{title}” and the need “{need}”. Either of them can draft a deal now.",
    ),
    Kind.MATCH_DECLINED: Letter(
        "Match declined: {title}",
        "{party} has declined the match of the offer “{title}” of {offering} and the need “{need}” of {seeking}; it is"
        " over. The reason given: {reason}.",
    ),
    Kind.MATCH_LAPSED: Letter(
        "Match lapsed: {title}",
        "The match of the offer “{title}” of {offering} and the need “{need}” of {seeking} is over. The reason:"
        " {reason}.",
    ),
    Kind.DEAL_TO_SIGN: Letter(
        "A deal to sign: {title}",
        "{party} has drafted the deal “{title}” between {sides}. It awaits the signatures of both.",
    ),
    Kind.DEAL_SIGNATURE_ADDED: Letter(
        "{party} has signed: {title}",
        "{party} has signed the deal “{title}” between {sides}. It runs once the other organisation has signed as"
        " well.",
    ),
    Kind.DEAL_SIGNED: Letter(
        "Signed by both: {title}",
        "{sides} have both signed the deal “{title}”. It runs, and its milestones count.",
    ),
    Kind.DEAL_WITHDRAWN: Letter(
        "Deal withdrawn: {title}",
        "The deal “{title}” between {sides} was given up before both had signed. The reason: {reason}.",
    ),
    Kind.DEAL_COMPLETED: Letter(
        "Deal completed: {title}",
        "All milestones of the deal “{title}” between {sides} are achieved.",
    ),
    Kind.DEAL_TERMINATED: Letter(
        "Deal terminated: {title}",
        "{party} has ended the deal “{title}” between {sides} before its last milestone. The reason given: {reason}.",
    ),
    Kind.MILESTONE_TO_CONFIRM: Letter(
        "Milestone {number} reported: {title}",
        "{party} reports that milestone {number}, “{milestone}”, of the deal “{title}” is reached. The other"
        " organisation looks at the evidence, and confirms or disputes it.",
    ),
    Kind.MILESTONE_ACHIEVED: Letter(
        "Milestone {number} achieved: {title}",
        "{party} has confirmed that milestone {number}, “{milestone}”, of the deal “{title}” is achieved.",
    ),
    Kind.MILESTONE_DISPUTED: Letter(
        "Milestone {number} disputed: {title}",
        "{party} disputes that milestone {number}, “{milestone}”, of the deal “{title}” is reached. It can be reported"
        " again. The reason given: {reason}.",
    ),
    Kind.MILESTONE_LATE: Letter(
        "Milestone {number} is late: {title}",
        "Milestone {number}, “{milestone}”, of the deal “{title}” between {sides} was due by {due_on}"
        " ({time_zone} time). That day went by before both had agreed that it is achieved; it still can be.",
    ),
    Kind.OFFER_ADVANCED: Letter(
        "Readiness level {trl}: {title}",
        "The technology of the offer “{title}” has reached readiness level {trl}, by a milestone that both sides of a"
        " deal confirmed.",
    ),
    Kind.OFFER_CLOSED: Letter(
        "Offer closed: {title}",
        "The offer “{title}” is closed; its open matches lapse, running deals go on. The reason: {reason}.",
    ),
    Kind.NEED_CLOSED: Letter(
        "Need closed: {title}",
        "The need “{title}” is closed; its open matches lapse, running deals go on. The reason: {reason}.",
    ),
}

ROLES = {
    Role.PARTNERSHIP_OFFICER: "partnership officer",
    Role.SIGNATORY: "signatory",
    Role.MOBILITY_COORDINATOR: "mobility coordinator",
    Role.TECHNOLOGY_TRANSFER_OFFICER: "technology-transfer officer",
    Role.CULTURE_OFFICER: "culture officer",
    Role.OPERATOR: "operator",
    Role.READER: "reader",
}

PARTS = {
    Part.SIGNATORY: "which is a signatory of the agreement",
    Part.SIDE: "which is a side of the agreement",
    Part.INSTITUTION: "which is an institution of the programme",
    Part.EXCHANGE_SIDE: "which is a side of the exchange",
    Part.MATCH_SIDE: "which is a side of the match",
    Part.DEAL_SIDE: "which is a side of the deal",
    Part.PUBLISHER: "which published it",
}


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _period(first: str, last: str | None) -> str:
    return f"from {first} to {last}" if last else f"from {first} on, without an end date"


ENGLISH = Wording(
    letters=LETTERS,
    because="You are told because you are {role} of {organisation}, {part}.",
    because_within="You are told because you are {role} of {organisation}, within {side}, {part}.",
    mute='To have no more mails of this kind, POST {{"kind": "{kind}"}} to /mutes of notifications; to have none about'
    ' this matter, POST {{"subject": "{subject}"}}. Your inbox keeps them all.',
    local="local", roles=ROLES, parts=PARTS, day=_day, listed=_listed, period=_period,
)  # fmt: skip
