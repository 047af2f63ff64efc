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
    """Sets it: for oneself; an officer for the people of their organisation and of those within it; an operator for
    anybody. Raises NotAllowed, NotFound."""
    person_id = ask.person_id or actor.person
    offices = await work.directory.offices(person_id)
    _require_own(actor, person_id, own=actor.organisation in offices)
    contact = await work.contacts.find(person_id)
    if contact is None:
        contact = Contact(id=person_id, person_id=person_id, language=ask.language, address=ask.address)
        work.contacts.add(contact)
    contact.language, contact.address = ask.language, ask.address
    await work.mails.redirect(person_id, ask.address)
    return contact


def _require_own(actor: Actor, person_id: PersonId, *, own: bool) -> None:
    officer = own and actor.may(Role.PARTNERSHIP_OFFICER)
    if not (person_id == actor.person or officer or actor.may(Role.OPERATOR)):
        raise NotAllowed(needed="to be this person, or a partnership officer of their organisation")
