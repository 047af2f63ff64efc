"""The notification texts about initiatives in English; docs/glossary.md has the terms."""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

INITIATIVES = {
    Kind.INITIATIVE_TO_APPRAISE: Template(
        "Please appraise: {title}",
        "{party} has proposed the initiative “{title}”, to be led by {sides}. Please appraise it for your"
        " organisation, or decline it and say why. Once every lead has appraised it, the signatories can approve it.",
    ),
    Kind.INITIATIVE_PROPOSED: Template(
        "Initiative proposed: {title}",
        "{party} has proposed the initiative “{title}”, to be led by {sides}. The leads now appraise it.",
    ),
    Kind.INITIATIVE_APPRAISAL_GIVEN: Template(
        "Appraised by {party}: {title}",
        "{party} has appraised the initiative “{title}”. It can be approved once every lead has appraised it.",
    ),
    Kind.INITIATIVE_TO_APPROVE: Template(
        "Please approve the initiative: {title}",
        "Every lead has appraised the initiative “{title}” of {sides}. It is ready for your approval. Whoever"
        " appraised it for your organisation cannot approve it.",
    ),
    Kind.INITIATIVE_APPRAISED: Template(
        "Appraised by all leads: {title}",
        "Every lead has appraised the initiative “{title}” of {sides}. Their signatories can now approve it.",
    ),
    Kind.INITIATIVE_APPROVAL_GIVEN: Template(
        "Initiative approved by {party}: {title}",
        "{party} has approved the initiative “{title}”. Not every lead has approved it yet.",
    ),
    Kind.INITIATIVE_APPROVED: Template(
        "Initiative approved by all leads: {title}",
        "Every lead has approved the initiative “{title}” of {sides}. A lead can now begin it.",
    ),
    Kind.INITIATIVE_ACTIVATED: Template(
        "Initiative begun: {title}",
        "{party} has begun the initiative “{title}” of {sides}. Its deliverables are now awaited; programmes and"
        " technology offers can name it.",
    ),
    Kind.INITIATIVE_PAUSED: Template(
        "Initiative paused: {title}",
        "{party} has paused the initiative “{title}” of {sides}. No deliverable becomes overdue until it is resumed."
        " Reason: {reason}.",
    ),
    Kind.INITIATIVE_RESUMED: Template(
        "Initiative resumed: {title}",
        "{party} has resumed the initiative “{title}” of {sides}. Its deliverables are awaited again.",
    ),
    Kind.INITIATIVE_COMPLETED: Template(
        "Initiative completed: {title}",
        "{party} has declared the initiative “{title}” of {sides} complete: every deliverable is accepted or waived."
        " Outputs can still be recorded.",
    ),
    Kind.INITIATIVE_CLOSED: Template(
        "Initiative closed: {title}",
        "{party} has closed the completed initiative “{title}” of {sides}. No more outputs can be recorded.",
    ),
    Kind.INITIATIVE_DECLINED: Template(
        "Initiative declined: {title}",
        "{party} has declined the initiative “{title}” of {sides}. It does not begin. Reason: {reason}.",
    ),
    Kind.INITIATIVE_WITHDRAWN: Template(
        "Initiative withdrawn: {title}",
        "{party} has withdrawn its proposal of the initiative “{title}” of {sides}. There is nothing left to appraise"
        " or approve. Reason: {reason}.",
    ),
    Kind.INITIATIVE_AUTHORITY_APPROVED: Template(
        "Approved by {authority}: {title}",
        "{party} has recorded that {authority} approved the initiative “{title}”.",
    ),
    Kind.INITIATIVE_OUTPUT_RECORDED: Template(
        "New output: {title}",
        "{party} has recorded an output of the initiative “{title}”: {output}.",
    ),
    Kind.DELIVERABLE_TO_ACCEPT: Template(
        "Deliverable {number} to accept: {title}",
        "{party} has reported deliverable {number}, “{deliverable}”, of the initiative “{title}”. Another side now"
        " checks the evidence, then accepts or disputes it.",
    ),
    Kind.DELIVERABLE_ACCEPTED: Template(
        "Deliverable {number} accepted: {title}",
        "{party} has accepted deliverable {number}, “{deliverable}”, of the initiative “{title}”, which {owner} had"
        " reported.",
    ),
    Kind.DELIVERABLE_DISPUTED: Template(
        "Deliverable {number} disputed: {title}",
        "{party} disputes the report of {owner} on deliverable {number}, “{deliverable}”, of the initiative"
        " “{title}”. It can be reported again with more evidence. Reason: {reason}.",
    ),
    Kind.DELIVERABLE_OVERDUE: Template(
        "Deliverable {number} is overdue: {title}",
        "Deliverable {number}, “{deliverable}”, of the initiative “{title}” was due from {owner} by the end of"
        " {due_on} ({time_zone}) and has not been reported. It can still be reported, and its day can be changed if"
        " the sides agree.",
    ),
    Kind.DELIVERABLE_RESCHEDULING_TO_AGREE: Template(
        "New day for deliverable {number}: {title}",
        "{party} agrees that deliverable {number}, “{deliverable}”, of the initiative “{title}” is due on"
        " {proposed_on} instead of {due_on}. The new day applies once every side has agreed to it.",
    ),
    Kind.DELIVERABLE_RESCHEDULED: Template(
        "Deliverable {number} rescheduled: {title}",
        "Every side has agreed that deliverable {number}, “{deliverable}”, of the initiative “{title}” is now due"
        " from {owner} by the end of {due_on} ({time_zone}).",
    ),
    Kind.DELIVERABLE_WAIVER_TO_AGREE: Template(
        "Waiver of deliverable {number}: {title}",
        "{party} agrees to waive deliverable {number}, “{deliverable}”, of the initiative “{title}”. It is waived"
        " once every side has agreed.",
    ),
    Kind.DELIVERABLE_WAIVED: Template(
        "Deliverable {number} waived: {title}",
        "Every side has agreed to waive deliverable {number}, “{deliverable}”, of the initiative “{title}”. {owner}"
        " need not report it.",
    ),
}
