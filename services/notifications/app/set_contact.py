"""Somebody's language and address."""

from services.notifications.app.work import Work
from services.notifications.domain.contact import Address, Contact, Language
from shared.contracts.values import PersonId
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.domain.refused import NotAllowed


class SetContact(Command):
    """How somebody is reached from now on; it replaces what was set before."""

    language: Language
    address: Address | None = None
    """Where mails go; none: the inbox only."""
    person_id: PersonId | None = None
    """Whose contact; your own when it is not given."""


async def set_contact(ask: SetContact, actor: Actor, work: Work) -> Contact:
    """Sets it: for oneself; an officer for people whose every office is in their organisation or within it; an
    operator for anybody. Raises NotAllowed, NotFound."""
    person_id = ask.person_id or actor.person
    await work.directory.lock(person_id)
    await _require_own(person_id, actor, work)
    contact = await work.contacts.find(person_id)
    if contact is None:
        contact = Contact(id=person_id, person_id=person_id, language=ask.language, address=ask.address)
        work.contacts.add(contact)
    contact.language, contact.address = ask.language, ask.address
    await work.mails.redirect(person_id, ask.address)
    return contact


async def _require_own(person_id: PersonId, actor: Actor, work: Work) -> None:
    if person_id == actor.person or actor.may(Role.OPERATOR):
        return
    # Any organisation can give somebody an office of its own: that alone lets nobody redirect the person's mails.
    if not (actor.may(Role.PARTNERSHIP_OFFICER) and await work.directory.belongs(person_id, actor.organisation)):
        raise NotAllowed(needed="to be this person, or a partnership officer where all offices of this person are")
