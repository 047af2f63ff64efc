"""The notification texts about agreements and amendments in English; docs/glossary.md has the terms."""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

AGREEMENTS = {
    Kind.AGREEMENT_TO_REVIEW: Template(
        "Please review: {title}",
        "{party} has submitted the agreement “{title}” between {sides} for review. Please approve it for your"
        " organisation, or return it and say what should change.",
    ),
    Kind.AGREEMENT_REVISED: Template(
        "Revised by {party}: {title}",
        "{party} has revised the agreement “{title}” between {sides}. Earlier approvals no longer count: every"
        " signatory must approve the new text before it can be signed.",
    ),
    Kind.AGREEMENT_REVIEWED: Template(
        "Approved by {party}: {title}",
        "{party} has approved the agreement “{title}”. It can be signed once every signatory has approved it.",
    ),
    Kind.AGREEMENT_RETURNED: Template(
        "Returned for changes: {title}",
        "{party} has returned the agreement “{title}” for changes. It is a draft again: revise it, then submit it for"
        " review. Reason: {reason}.",
    ),
    Kind.AGREEMENT_TO_SIGN: Template(
        "Please sign: {title}",
        "Every signatory has approved the agreement “{title}” between {sides}. It is ready for your signature.",
    ),
    Kind.AGREEMENT_APPROVED: Template(
        "Ready to sign: {title}",
        "Every signatory has approved the agreement “{title}” between {sides}. It can now be signed.",
    ),
    Kind.AGREEMENT_SIGNATURE_ADDED: Template(
        "Signed by {party}: {title}",
        "{party} has signed the agreement “{title}”. Not every signatory has signed it yet.",
    ),
    Kind.AGREEMENT_SIGNED: Template(
        "Signed by all: {title}",
        "Every signatory has signed the agreement “{title}” between {sides}. It applies {period}.",
    ),
    Kind.AGREEMENT_IN_FORCE: Template(
        "Now in force: {title}",
        "The agreement “{title}” between {sides} is in force {period}. Programmes can now be opened under it.",
    ),
    Kind.AGREEMENT_ENDED: Template(
        "Ended: {title}",
        "The agreement “{title}” between {sides} has passed its last day. Nothing new can start under it; what is"
        " already running continues.",
    ),
    Kind.AGREEMENT_TERMINATED: Template(
        "Terminated early: {title}",
        "The agreement “{title}” between {sides} has been terminated before its last day. Nothing new can start"
        " under it; what is already running continues. Reason: {reason}.",
    ),
    Kind.AGREEMENT_WITHDRAWN: Template(
        "Withdrawn: {title}",
        "The agreement “{title}” has been withdrawn before everyone had signed or confirmed it. There is nothing left"
        " to review or sign. Reason: {reason}.",
    ),
    Kind.AGREEMENT_RECORD_TO_CONFIRM: Template(
        "Please confirm a record: {title}",
        "{party} has recorded the agreement “{title}” between {sides}, which was signed on paper. Please"
        " compare the record with your paper and confirm it, or withdraw it and say what is wrong.",
    ),
    Kind.AGREEMENT_RECORD_REVIEWED: Template(
        "Record confirmed by {party}: {title}",
        "{party} has confirmed the record of the agreement “{title}”. It counts once every signatory has confirmed it.",
    ),
    Kind.AGREEMENT_RECORD_CONFIRMED: Template(
        "Record confirmed by all: {title}",
        "Every signatory has confirmed the record of the agreement “{title}” between {sides}. It applies {period}.",
    ),
    Kind.AGREEMENT_EXPIRY_NEAR: Template(
        "Act by {deadline}: {title}",
        "The agreement “{title}” between {sides} ends or renews itself soon. {deadline} is the last day on"
        " which you can act: propose an amendment of its last day to renew it, or give notice if it renews"
        " itself and you want it to end.",
    ),
    Kind.AGREEMENT_RENEWED: Template(
        "Renewed: {title}",
        "No side gave notice, so the agreement “{title}” between {sides} has renewed itself. It applies {period}.",
    ),
    Kind.AGREEMENT_AMENDED: Template(
        "Amended: {title}",
        "The agreement “{title}” between {sides} has new terms. It applies {period}.",
    ),
    Kind.AGREEMENT_SUSPENSION_TO_AGREE: Template(
        "Agree to suspend? {title}",
        "{party} agrees to suspend the agreement “{title}” between {sides}. While it is suspended, nothing"
        " new can start under it. It is suspended once every signatory agrees.",
    ),
    Kind.AGREEMENT_RESUMPTION_TO_AGREE: Template(
        "Agree to resume? {title}",
        "{party} agrees to resume the suspended agreement “{title}” between {sides}. It is in force again"
        " once every signatory agrees.",
    ),
    Kind.AGREEMENT_TERMINATION_TO_AGREE: Template(
        "Agree to terminate? {title}",
        "{party} agrees to terminate the agreement “{title}” between {sides} before its last day. It is"
        " terminated once every signatory agrees.",
    ),
    Kind.AGREEMENT_SUSPENDED: Template(
        "Suspended: {title}",
        "Every signatory has agreed to suspend the agreement “{title}” between {sides}. Nothing new can start"
        " under it; what is already running continues. Reason: {reason}.",
    ),
    Kind.AGREEMENT_RESUMED: Template(
        "Resumed: {title}",
        "Every signatory has agreed to resume the agreement “{title}” between {sides}. New work can start"
        " under it again.",
    ),
    Kind.AGREEMENT_NOTICE_GIVEN: Template(
        "Notice given: {title}",
        "{party} has given notice of the agreement “{title}” between {sides}. Its last day is"
        " {terminates_on}, unless {party} takes the notice back. Reason: {reason}.",
    ),
    Kind.AGREEMENT_NOTICE_RETRACTED: Template(
        "Notice taken back: {title}",
        "{party} has taken back its notice of the agreement “{title}” between {sides}. The agreement goes on"
        " as before.",
    ),
    Kind.AMENDMENT_TO_REVIEW: Template(
        "Please review an amendment: {title}",
        "{party} proposes to amend the agreement “{title}” between {sides}. Please read the amendment and"
        " approve it for your organisation. The agreement stays as it is until every signatory has signed the"
        " amendment.",
    ),
    Kind.AMENDMENT_REVIEWED: Template(
        "Amendment approved by {party}: {title}",
        "{party} has approved the amendment of the agreement “{title}”. It can be signed once every signatory"
        " has approved it.",
    ),
    Kind.AMENDMENT_TO_SIGN: Template(
        "Please sign an amendment: {title}",
        "Every signatory has approved the amendment of the agreement “{title}” between {sides}. It is ready"
        " for your signature.",
    ),
    Kind.AMENDMENT_SIGNATURE_ADDED: Template(
        "Amendment signed by {party}: {title}",
        "{party} has signed the amendment of the agreement “{title}”. Not every signatory has signed it yet.",
    ),
    Kind.AMENDMENT_SIGNED: Template(
        "Amendment signed by all: {title}",
        "Every signatory has signed the amendment of the agreement “{title}” between {sides}. It applies on"
        " its day, or at once.",
    ),
    Kind.AMENDMENT_WITHDRAWN: Template(
        "Amendment withdrawn: {title}",
        "{party} has withdrawn the amendment of the agreement “{title}”. The agreement stays as it is."
        " Reason: {reason}.",
    ),
    Kind.AMENDMENT_LAPSED: Template(
        "Amendment lapsed: {title}",
        "The amendment of the agreement “{title}” between {sides} can no longer apply. Reason: {reason}.",
    ),
}
