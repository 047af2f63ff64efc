"""What a service knows of an agreement that others act under, and whether an organisation may do so now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.contracts.values import Area, OrganisationId, Text
from shared.domain.refused import Refused


class AgreementUnknown(Refused):
    """This service has not heard of agreement {agreement_id}; check the id, or try again in a minute if it was drafted
    just now.

    It learns of agreements from the events of `partners`. If waiting does not help, an operator can see at
    `GET /positions` and in the metrics whether events arrive.
    """


class AgreementNotInForce(Refused):
    """The agreement is {status} and not in force; wait until all parties have signed it and its start date has come, or
    name another agreement.

    Programmes, offers and deals need an agreement in force. `GET /agreements/{id}` of `partners` shows its state.
    """


class AreaNotCovered(Refused):
    """The agreement does not cover the area {area}; choose one that it covers ({areas}), name another
    agreement, or draft one that covers it."""


class OrganisationNotInAgreement(Refused):
    """{organisation} ({organisation_id}) is no signatory or participant of the agreement and lies within no signatory;
    name another agreement, or draft one that names it.

    A participant acts for itself only: an organisation within one must be named itself. A signed agreement cannot be
    changed.
    """


class OrganisationUnknown(Refused):
    """This service has not heard of organisation {organisation_id}; check the id, or try again in a minute if it was
    added just now.

    It learns of organisations from the events of `partners`.
    """


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the directory and those that it lies within, from its parent upwards."""

    id: OrganisationId
    name: Text
    within: frozenset[OrganisationId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The copy of an agreement that programmes, offers and deals are measured by."""

    agreement_id: UUID
    status: str
    areas: frozenset[Area]
    signatories: frozenset[OrganisationId]
    participants: frozenset[OrganisationId]

    def admit(self, area: Area, organisations: Iterable[Organisation]) -> None:
        """Raises the refusal that fits unless `organisations` may act in `area` under the agreement now."""
        self.require_in_force()
        if area not in self.areas:
            raise AreaNotCovered(area=str(area), areas=", ".join(sorted(self.areas)))
        for organisation in organisations:
            if not self.names(organisation):
                raise OrganisationNotInAgreement(organisation=str(organisation.name), organisation_id=organisation.id)

    def require_in_force(self) -> None:
        """Raises AgreementNotInForce unless the agreement is in force."""
        if self.status != "in-force":
            raise AgreementNotInForce(status=self.status)

    def names(self, organisation: Organisation) -> bool:
        """Whether it is a signatory or a participant, or lies within a signatory."""
        parties = self.signatories | self.participants
        return organisation.id in parties or not self.signatories.isdisjoint(organisation.within)


class Frameworks(Protocol):
    """The copy of agreements, as use cases ask for it."""

    async def get(self, agreement_id: UUID) -> Framework:
        """The agreement as last heard of; raises AgreementUnknown."""
        ...

    async def hold(self, agreement_id: UUID) -> Framework:
        """The same, and `end` waits until this unit of work is over: for what the agreement's end must find."""
        ...

    async def end(self, agreement_id: UUID) -> None:
        """Notes that the agreement is over, whatever the copy has heard; by then all that holds it is committed."""
        ...


class Organisations(Protocol):
    """The copy of organisations, as use cases ask for it."""

    async def those(self, ids: Collection[OrganisationId]) -> list[Organisation]:
        """These organisations, in the order of `ids`, with what they lie within; raises OrganisationUnknown."""
        ...
