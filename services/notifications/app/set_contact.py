"""Set the language and address of a person."""

from services.notifications.app.work import Work
from services.notifications.domain.contact import Contact
from shared.contracts.values import OrganisationId, PersonId
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.domain.contact import Address, Language
from shared.domain.refused import NotAllowed


class SetContact(Command):
    """How to reach a person from now on; it replaces the earlier contact."""

    language: Language
    address: Address | None = None
    """Where emails go; without it, notifications appear in the inbox only."""
    person_id: PersonId | None = None
    """The person to set it for; you if it is not given."""


async def set_contact(ask: SetContact, actor: Actor, work: Work) -> Contact:
    """Sets the contact, and redirects unsent emails to it. Raises NotAllowed, NotFound.

    You may set your own. A partnership officer may set that of a person whose offices are all in the officer's
    organisation or within it; emails go there only while that is so. An operator may set anyone's.
    """
    person_id = ask.person_id or actor.person
    await work.directory.lock(person_id)
    set_for = await _officer_of(person_id, actor, work)
    contact = await work.contacts.find(person_id)
    if contact is None:
        contact = Contact(id=person_id, person_id=person_id, language=ask.language, address=None)
        work.contacts.add(contact)
    # Emails that wait may be about an earlier employer's affairs: an officer moves those of the own organisation only.
    if set_for is None or contact.set_for == set_for:
        await work.mails.redirect(person_id, ask.address)
    contact.language, contact.address, contact.set_for = ask.language, ask.address, set_for
    return contact


async def _officer_of(person_id: PersonId, actor: Actor, work: Work) -> OrganisationId | None:
    """The organisation whose officer sets the contact; None for the person and for operators. Raises NotAllowed."""
    if person_id == actor.person or actor.may(Role.OPERATOR):
        return None
    # Any organisation can give a person an office. That alone must not let its officers redirect the person's emails.
    if not (actor.may(Role.PARTNERSHIP_OFFICER) and await work.directory.belongs(person_id, actor.organisation)):
        raise NotAllowed(needed="the person themselves, a partnership officer over all their offices, or an operator")
    return actor.organisation
