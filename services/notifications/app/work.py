"""What the use cases of notifications may ask for."""

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
    """The copy of organisations and people. Who is answered for stays in the directory until the work is done."""

    async def addressees(self, group: Recipients) -> list[Addressee]:
        """Who holds these roles there now, in the order of their ids; raises Unavailable until that is known."""
        ...

    async def organisations(self, ids: Collection[OrganisationId]) -> Organisations:
        """These organisations; raises Unavailable while one of them has not been heard of."""
        ...

    async def lock(self, person_id: PersonId) -> None:
        """Holds somebody against their erasure; raises NotFound."""
        ...

    async def belongs(self, person_id: PersonId, organisation_id: OrganisationId) -> bool:
        """Whether every office of somebody is in this organisation or within it; no office is in none."""
        ...


class Mails(Protocol):
    """Mails on their way out."""

    async def queue(self, mail: Mail) -> None:
        """Has the mail sent after this work is done."""
        ...

    async def redirect(self, person_id: PersonId, address: str | None) -> None:
        """Sends what is not sent yet, and what could not be sent, to this address instead; to none: not at all."""
        ...


class Work(UnitOfWork):
    """The unit of work of notifications. Locks are taken in the order notice, person, entry, contact, mutes."""

    notices: Repository[Notice]
    contacts: Repository[Contact]
    mutes: Repository[Mutes]
    entries: Repository[Entry]
    directory: Directory
    mails: Mails
