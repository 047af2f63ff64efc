"""The notification texts about programmes, calls and mobilities in English; docs/glossary.md has the terms."""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

EXCHANGES = {
    Kind.PROGRAMME_TO_AGREE: Template(
        "Please agree to a programme: {title} {academic_year}",
        "{party} proposes the programme “{title}” for {academic_year}: people go from {sending} to {receiving}. It"
        " opens when both institutions have agreed. Please agree to it, or decline it and say why.",
    ),
    Kind.PROGRAMME_OPENED: Template(
        "Programme opened: {title} {academic_year}",
        "The programme “{title}” is open for {academic_year}: people go from {sending} to {receiving}. {sending} can"
        " now open calls for nominations.",
    ),
    Kind.PROGRAMME_CHANGED: Template(
        "Programme changed: {title} {academic_year}",
        "The agreement was amended, and the programme “{title}” has a new condition from {academic_year}. Please look"
        " at its places and months.",
    ),
    Kind.PROGRAMME_WITHDRAWN: Template(
        "Programme not opened: {title} {academic_year}",
        "The proposed programme “{title}” of {sides} for {academic_year} was withdrawn or declined. Reason: {reason}.",
    ),
    Kind.PROGRAMME_CLOSING_TO_AGREE: Template(
        "Please decide on closing a programme: {title} {academic_year}",
        "{party} wants to close the programme “{title}” of {sides} before {academic_year} is over. It closes when both"
        " institutions want it. Reason: {reason}.",
    ),
    Kind.PROGRAMME_CLOSED: Template(
        "Programme closed: {title} {academic_year}",
        "The programme “{title}” of {sides} for {academic_year} has closed. It takes no new calls or nominations."
        " Nominations can be decided until the last day of their call; approved mobilities go on. Reason: {reason}.",
    ),
    Kind.CALL_OPENED: Template(
        "Call for nominations until {closes_on}: {title}",
        "{party} has opened a call in the programme “{title}” ({academic_year}). It nominates people for {receiving}"
        " from {opens_on} to the end of {closes_on} ({time_zone}).",
    ),
    Kind.CALL_CLOSED: Template(
        "Call closed: {title} {academic_year}",
        "A call for nominations in the programme “{title}” ({academic_year}) has closed. It takes no new nominations."
        " Reason: {reason}.",
    ),
    Kind.NOMINATION_TO_DECIDE: Template(
        "Please approve or reject a nomination: {title}",
        "A person nominated by {sending} has a place in the programme “{title}” ({academic_year}) if {receiving}"
        " agrees. Please approve the nomination, or reject it and say why.",
    ),
    Kind.NOMINATION_WAITING: Template(
        "On the waiting list: {title}",
        "A nomination for {receiving} in the programme “{title}” ({academic_year}) is on the waiting list: all places"
        " went to better ranks. It moves up by itself when a place is freed.",
    ),
    Kind.NOMINATION_MOVED_UP: Template(
        "Moved up from the waiting list: {title}",
        "A place was freed in the programme “{title}” ({academic_year}), and the next nomination by rank has moved up."
        " {receiving} decides on it now.",
    ),
    Kind.NOMINATION_MOVED_BACK: Template(
        "Back on the waiting list: {title}",
        "A nomination in the programme “{title}” ({academic_year}) waits again: {sending} gave another one a better"
        " rank before {receiving} had decided.",
    ),
    Kind.NOMINATION_TO_CORRECT: Template(
        "Please correct a nomination: {title}",
        "{receiving} has rejected a nomination in the programme “{title}” ({academic_year}). Please correct it, or"
        " cancel it. Reason: {reason}.",
    ),
    Kind.MOBILITY_APPROVED: Template(
        "Nomination approved: {title}",
        "{receiving} has approved a nomination of {sending} in the programme “{title}” ({academic_year}): the nominee"
        " has a place. The learning agreement can now be prepared and signed.",
    ),
    Kind.MOBILITY_LIVE: Template(
        "Mobility live: {title}",
        "{sending} has declared that a person goes to {receiving} in the programme “{title}” ({academic_year}). The"
        " learning agreement is signed by all three.",
    ),
    Kind.MOBILITY_ARRIVED: Template(
        "Arrived: {title}",
        "A person of {sending} arrived at {receiving} on {arrived_on}, in the programme “{title}” ({academic_year}).",
    ),
    Kind.MOBILITY_DEPARTED: Template(
        "Departed: {title}",
        "A person of {sending} departed from {receiving}, in the programme “{title}” ({academic_year}). The stay lasted"
        " from {arrived_on} to {departed_on}. {receiving} can now send the transcript.",
    ),
    Kind.MOBILITY_NO_SHOW: Template(
        "Did not come: {title}",
        "{receiving} reports that a person of {sending} did not come, in the programme “{title}” ({academic_year})."
        " Please cancel the mobility, or ask {receiving} to record the arrival.",
    ),
    Kind.MOBILITY_INTERRUPTED: Template(
        "Stay interrupted: {title}",
        "The stay of a person of {sending} at {receiving} was interrupted; its last day was {interrupted_on}."
        " Programme: “{title}” ({academic_year}). Reason: {reason}.",
    ),
    Kind.MOBILITY_TO_RECOGNISE: Template(
        "Please recognise results: {title}",
        "{receiving} has sent the transcript of a person of {sending}, in the programme “{title}” ({academic_year})."
        " Please recognise the results.",
    ),
    Kind.MOBILITY_RECOGNISED: Template(
        "Results recognised: {title}",
        "{sending} has recognised the results of a stay at {receiving}, in the programme “{title}” ({academic_year}).",
    ),
    Kind.MOBILITY_TO_CANCEL: Template(
        "Please decide on a cancellation: {title}",
        "{receiving} asks {sending} to cancel a mobility in the programme “{title}” ({academic_year}). Reason:"
        " {reason}.",
    ),
    Kind.MOBILITY_CANCELLED: Template(
        "Cancelled: {title}",
        "A nomination or mobility from {sending} to {receiving} in the programme “{title}” ({academic_year}) was"
        " cancelled. A place that nobody has used goes to the next on the waiting list. Reason: {reason}.",
    ),
    Kind.LEARNING_AGREEMENT_TO_SIGN: Template(
        "Please sign a learning agreement: {title}",
        "A person whom {sending} sends to {receiving} in the programme “{title}” ({academic_year}) has signed the"
        " learning agreement. Please read it and sign it for {sending}, or revise it.",
    ),
    Kind.LEARNING_AGREEMENT_TO_APPROVE: Template(
        "Please approve a learning agreement: {title}",
        "{sending} proposes a learning agreement, or changes to one, for a person in the programme “{title}”"
        " ({academic_year}). Please approve it, or comment on it and say what must change.",
    ),
    Kind.LEARNING_AGREEMENT_TO_REVISE: Template(
        "Please revise a learning agreement: {title}",
        "{receiving} has commented on a learning agreement in the programme “{title}” ({academic_year}). Please read"
        " the comment and revise it. What all three have signed stays in force. Reason: {reason}.",
    ),
    Kind.LEARNING_AGREEMENT_IN_FORCE: Template(
        "Learning agreement in force: {title}",
        "{receiving} has approved a learning agreement, or changes to one, in the programme “{title}”"
        " ({academic_year}). All three have signed it, and it is in force.",
    ),
    Kind.LEARNING_AGREEMENT_WITHDRAWN: Template(
        "Changes withdrawn: {title}",
        "{sending} has withdrawn proposed changes to a learning agreement in the programme “{title}” ({academic_year})."
        " What all three have signed stays in force. Reason: {reason}.",
    ),
}
