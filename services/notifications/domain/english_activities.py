"""The notification texts about activities in English; docs/glossary.md has the terms."""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

ACTIVITIES = {
    Kind.ACTIVITY_TO_AGREE: Template(
        "Please agree to host: {title}",
        "{party} has planned the activity “{title}”, hosted by {sides}. It is planned {period}. Please agree to the"
        " plan for your organisation. Once every host has agreed, it can be announced.",
    ),
    Kind.ACTIVITY_HOST_AGREED: Template(
        "{party} agrees to host: {title}",
        "{party} has agreed to the plan of the activity “{title}”. Not every host has agreed yet.",
    ),
    Kind.ACTIVITY_AGREED: Template(
        "Agreed by all hosts: {title}",
        "Every host has agreed to the plan of the activity “{title}”, hosted by {sides} {period}. Where people take"
        " part, they can now be enrolled or invited. {organiser} can now announce it.",
    ),
    Kind.ACTIVITY_ANNOUNCED: Template(
        "Announced: {title}",
        "{organiser} has announced the activity “{title}”, hosted by {sides} {period}. It begins by itself on its first"
        " day.",
    ),
    Kind.PARTICIPANT_TO_ADMIT: Template(
        "Please admit or decline a participant: {title}",
        "{sending} has enrolled a person in the activity “{title}”. Please admit or decline the person.",
    ),
    Kind.PARTICIPANT_INVITED: Template(
        "Invitation: {title}",
        "{party} has invited a person from {sending} to the activity “{title}”, hosted by {sides} {period}. Please"
        " admit or decline the invitation for your organisation.",
    ),
    Kind.PARTICIPANT_ADMITTED: Template(
        "Participant admitted: {title}",
        "{party} has admitted a person from {sending} to the activity “{title}”.",
    ),
    Kind.PARTICIPANT_DECLINED: Template(
        "Participant declined: {title}",
        "{party} has declined a person from {sending} for the activity “{title}”. Reason: {reason}.",
    ),
    Kind.PARTICIPANT_WITHDRAWN: Template(
        "Participant withdrawn: {title}",
        "{sending} has withdrawn a person from the activity “{title}”. If the person had a place, it is free again."
        " Reason: {reason}.",
    ),
    Kind.ACTIVITY_HELD: Template(
        "Held: {title}",
        "{party} has declared the activity “{title}” held. Attendance of all items together: {attended}.",
    ),
    Kind.CERTIFICATES_ISSUED: Template(
        "Certificates issued: {title}",
        "{party} has issued certificates to participants who attended enough of the activity “{title}”: {issued}."
        " Certificates can be read until the activity closes.",
    ),
    Kind.ACTIVITY_POSTPONED: Template(
        "Postponed: {title}",
        "{party} has postponed the activity “{title}”. It is now planned {period}, and every host agrees to the plan"
        " again. Those enrolled or invited keep their places. Reason: {reason}.",
    ),
    Kind.ACTIVITY_CANCELLED: Template(
        "Cancelled: {title}",
        "The activity “{title}”, planned by {organiser} {period}, is cancelled. Please tell those whom your"
        " organisation enrolled or invited. Reason: {reason}.",
    ),
    Kind.ACTIVITY_CLOSED: Template(
        "Closed: {title}",
        "The activity “{title}” is closed, and its hosts no longer see the records of its participants.",
    ),
    Kind.ACTION_PLANNED: Template(
        "Follow-up action {number}: {title}",
        "{owner} is to carry out follow-up action {number}, “{action}”, of the activity “{title}” for {counterpart} by"
        " the end of {due_on} ({owner_zone}).",
    ),
    Kind.ACTION_TO_ACCEPT: Template(
        "Follow-up action {number} to accept: {title}",
        "{owner} has reported follow-up action {number}, “{action}”, of the activity “{title}”. {counterpart} now"
        " checks the evidence, then accepts or disputes it.",
    ),
    Kind.ACTION_ACCEPTED: Template(
        "Follow-up action {number} accepted: {title}",
        "{counterpart} has accepted follow-up action {number}, “{action}”, of the activity “{title}”, which {owner} had"
        " reported.",
    ),
    Kind.ACTION_DISPUTED: Template(
        "Follow-up action {number} disputed: {title}",
        "{counterpart} disputes the report of {owner} on follow-up action {number}, “{action}”, of the activity"
        " “{title}”. It can be reported again with more evidence. Reason: {reason}.",
    ),
    Kind.ACTION_OVERDUE: Template(
        "Follow-up action {number} is overdue: {title}",
        "Follow-up action {number}, “{action}”, of the activity “{title}” was due from {owner} by the end of {due_on}"
        " ({owner_zone}) and has not been reported. It can still be reported, and its day can be changed if both sides"
        " agree.",
    ),
    Kind.ACTION_RESCHEDULING_TO_AGREE: Template(
        "New day for follow-up action {number}: {title}",
        "{party} agrees that follow-up action {number}, “{action}”, of the activity “{title}” is due on {proposed_on}"
        " instead of {due_on}. The new day applies once the other side has agreed to it.",
    ),
    Kind.ACTION_RESCHEDULED: Template(
        "Follow-up action {number} rescheduled: {title}",
        "Both sides have agreed that follow-up action {number}, “{action}”, of the activity “{title}” is now due from"
        " {owner} by the end of {due_on} ({owner_zone}).",
    ),
    Kind.ACTION_WAIVER_TO_AGREE: Template(
        "Waiver of follow-up action {number}: {title}",
        "{party} agrees to waive follow-up action {number}, “{action}”, of the activity “{title}”. It is waived once"
        " the other side has agreed.",
    ),
    Kind.ACTION_WAIVED: Template(
        "Follow-up action {number} waived: {title}",
        "Both sides have agreed to waive follow-up action {number}, “{action}”, of the activity “{title}”. {owner} need"
        " not report it.",
    ),
}
