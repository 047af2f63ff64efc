"""What exchanges' use cases may ask for."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from services.exchanges.domain.call import Call
from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.framework import Framework, Organisation
from services.exchanges.domain.programme import Programme
from shared.messaging.work import Repository, UnitOfWork


class Frameworks(Protocol):
    """The copy of agreements."""

    async def get(self, agreement_id: UUID) -> Framework:
        """The agreement as last heard of; raises AgreementUnknown."""
        ...


class Directory(Protocol):
    """The copy of organisations."""

    async def organisations(self, ids: Collection[UUID]) -> list[Organisation]:
        """These organisations, in the order of `ids`, with what they lie within; raises OrganisationUnknown."""
        ...


class Work(UnitOfWork):
    """The unit of work of exchanges. Locks are taken in the order exchange, call, programme."""

    programmes: Repository[Programme]
    calls: Repository[Call]
    exchanges: Repository[Exchange]
    frameworks: Frameworks
    directory: Directory
