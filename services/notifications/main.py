"""The notifications service: its commands, queries, consumers and timers."""

from services.notifications.adapters.deliveries import deliveries
from services.notifications.adapters.directory import DirectoryTable
from services.notifications.adapters.erasures import erasures
from services.notifications.adapters.mail import MailTable
from services.notifications.adapters.muted import muted
from services.notifications.app.address_notice import address_notice
from services.notifications.app.mute import mute
from services.notifications.app.note_event import note_event
from services.notifications.app.read_entry import read_entry
from services.notifications.app.set_contact import set_contact
from services.notifications.app.unmute import unmute
from services.notifications.app.work import Work
from services.notifications.domain.contact import Contact
from services.notifications.domain.entry import Entry
from services.notifications.domain.notice import Notice
from services.notifications.held import HELD
from shared.directory.projections import directory
from shared.domain.actor import Role
from shared.mail.smtp import send
from shared.service.rows import (
    Consumer,
    Service,
    changes,
    lists,
    outgoing,
    policy,
    projection,
    reads,
    timer,
)
from shared.service.settings import Settings


def notifications(settings: Settings) -> Service:
    """Notifies people in the inbox and by email, each in their language."""
    return Service(
        "notifications",
        settings,
        Work,
        ports={"directory": DirectoryTable, "mails": MailTable},
        commands=[
            changes("/contacts", set_contact, may=Role.READER),
            changes("/inbox/{entry_id}/reading", read_entry, may=Role.READER),
            changes("/mutes", mute, may=Role.READER),
            changes("/mutes/removal", unmute, may=Role.READER),
        ],
        queries=[
            lists(
                Entry, path="/inbox", own=True, order="-notified_at", filters=["unread", "kind", "concern", "event_id"]
            ),
            lists(Contact, path="/contacts", own=True),
            reads("/mutes", muted),
            lists(Notice, path="/notices", may=Role.OPERATOR, order="-at", filters=["status", "event_id", "subject"]),
            reads("/deliveries", deliveries, may=Role.OPERATOR),
        ],
        consumers=[
            # `erasures` owns no tables that could be rebuilt: what people set and received is not in any event.
            Consumer("copies", projections=[*directory, projection(erasures, tables=[])]),
            Consumer("rules", policies=[policy(note_event)]),
        ],
        timers=[timer("address", address_notice)],
        outgoing=[outgoing("mail", send)],
        held=HELD,
    )
