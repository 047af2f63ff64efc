"""Notifies the people whom a notice concerns: an inbox entry for each, and an email to those who want one."""

from services.notifications.app.work import Work
from services.notifications.domain.audience import Addressee, Recipients
from services.notifications.domain.contact import Contact
from services.notifications.domain.entry import Sending, entry_id
from services.notifications.domain.notice import Notice
from services.notifications.domain.write import Organisations, language_of, write
from shared.contracts.values import PersonId
from shared.domain.actor import Actor
from shared.domain.command import Due
from shared.domain.contact import Address


async def address_notice(ask: Due, actor: Actor, work: Work) -> Notice:
    """Notifies everyone not notified yet. Raises Unavailable, and is retried, until the directory is known."""
    notice = await work.notices.get(ask.aggregate_id)
    found = await _addressees(notice, work)
    places = {place for _, to in found.values() for place in (to.organisation_id, to.side_id)}
    organisations = await work.directory.organisations(notice.facts.organisations | places)
    notified = [await _notify(notice, *found[person_id], organisations, work) for person_id in sorted(found)]
    notice.addressed(notified.count(True), work.now)
    return notice


async def _addressees(notice: Notice, work: Work) -> dict[PersonId, tuple[Recipients, Addressee]]:
    """Each person with the first group that has them; not the person who caused the event."""
    found: dict[PersonId, tuple[Recipients, Addressee]] = {}
    for group in notice.recipients:
        for to in await work.directory.addressees(group):
            if to.person_id != notice.by:
                found.setdefault(to.person_id, (group, to))
    return found


async def _notify(notice: Notice, group: Recipients, to: Addressee, organisations: Organisations, work: Work) -> bool:
    """False if the person was notified before."""
    if await work.entries.find(entry_id(notice.id, to.person_id)) is not None:
        return False
    contact = await work.contacts.find(to.person_id)
    address = await _address(contact, work)
    language = contact.language if contact else language_of(organisations[to.organisation_id].country)
    sending = await _sending(notice, group, to.person_id, address, work)
    entry = write(notice, group, to, language, organisations, sending, work.now)
    work.entries.add(entry)
    if address and sending is Sending.QUEUED:
        await work.mails.queue(entry.mail_to(address))
    return True


async def _address(contact: Contact | None, work: Work) -> Address | None:
    """The address for emails. One set by an officer is used only while all of the person's offices are under the
    officer's organisation: an officer who registered the person first must not read what concerns others."""
    if contact is None or contact.set_for is None:
        return contact.address if contact else None
    return contact.address if await work.directory.belongs(contact.person_id, contact.set_for) else None


async def _sending(
    notice: Notice, group: Recipients, person_id: PersonId, address: Address | None, work: Work
) -> Sending:
    if address is None:
        return Sending.NO_ADDRESS
    mutes = await work.mutes.where(person_id=person_id)
    muted = any(one.covers(group.kind, notice.concerns) for one in mutes)
    return Sending.MUTED if muted else Sending.QUEUED
