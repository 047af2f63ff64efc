"""What the use cases of notifications can use."""

from collections.abc import Collection
from typing import Protocol

from services.notifications.domain.audience import Addressee, Recipients
from services.notifications.domain.contact import Contact, Mutes
from services.notifications.domain.entry import Entry, Mail
from services.notifications.domain.notice import Notice
from services.notifications.domain.write import Organisations
from shared.contracts.values import OrganisationId, PersonId
from shared.service.work import Repository, UnitOfWork


class Directory(Protocol):
    """The copy of organisations and people. People it returns are not erased until this work commits."""

    async def addressees(self, group: Recipients) -> list[Addressee]:
        """The people in `group` now, by id; raises Unavailable until the directory is known."""
        ...

    async def organisations(self, ids: Collection[OrganisationId]) -> Organisations:
        """These organisations; raises Unavailable until all of them are known."""
        ...

    async def lock(self, person_id: PersonId) -> None:
        """Keeps a person from being erased until this work commits; raises NotFound."""
        ...

    async def belongs(self, person_id: PersonId, organisation_id: OrganisationId) -> bool:
        """Whether the person has offices and all of them are in this organisation or within it."""
        ...


class Mails(Protocol):
    """Emails that wait to be sent."""

    async def queue(self, mail: Mail) -> None:
        """Queues the email; it is sent after this work commits."""
        ...

    async def redirect(self, person_id: PersonId, address: str | None) -> None:
        """Sends the person's unsent and failed emails to `address` instead; None drops them."""
        ...


class Work(UnitOfWork):
    """The unit of work of notifications. Locks are taken in the order notice, person, entry, contact, mutes."""

    notices: Repository[Notice]
    contacts: Repository[Contact]
    mutes: Repository[Mutes]
    entries: Repository[Entry]
    directory: Directory
    mails: Mails
