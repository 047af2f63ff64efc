"""What commercialisation knows of an agreement, and whether an organisation may offer or seek technology under it."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.values import Area, OrganisationId
from shared.domain.refused import Refused


class AgreementUnknown(Refused):
    """Commercialisation has not heard of agreement {agreement_id}; check the id, or try again in a minute if it was
    drafted just now."""


class AgreementNotInForce(Refused):
    """The agreement is {status} and not in force; wait until all parties have signed it and its start date has come, or
    name another agreement."""


class AreaNotCovered(Refused):
    """The agreement does not cover the area {area}; name one that does (this one covers {areas}), or amend it."""


class OrganisationNotInAgreement(Refused):
    """Organisation {organisation_id} is no signatory or participant of the agreement and lies within no signatory; have
    the agreement name it as a participant, or name another agreement."""


class OrganisationUnknown(Refused):
    """Commercialisation has not heard of organisation {organisation_id}; check the id, or try again in a minute if it
    was added just now."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the directory and those that it lies within, from its parent upwards."""

    id: OrganisationId
    within: frozenset[OrganisationId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The copy of an agreement that offers, needs and deals are measured by."""

    agreement_id: UUID
    status: str
    areas: frozenset[Area]
    signatories: frozenset[OrganisationId]
    participants: frozenset[OrganisationId]

    def admit(self, organisation: Organisation) -> None:
        """Raises the refusal that fits unless `organisation` may offer or seek technology under the agreement now."""
        self.require_in_force()
        if Area.COMMERCIALISATION not in self.areas:
            raise AreaNotCovered(area=str(Area.COMMERCIALISATION), areas=", ".join(sorted(self.areas)))
        if not self.names(organisation):
            raise OrganisationNotInAgreement(organisation_id=organisation.id)

    def require_in_force(self) -> None:
        """Raises AgreementNotInForce unless the agreement is in force."""
        if self.status != "in-force":
            raise AgreementNotInForce(status=self.status)

    def names(self, organisation: Organisation) -> bool:
        """Whether it is a signatory or a participant, or lies within a signatory."""
        parties = self.signatories | self.participants
        return organisation.id in parties or not self.signatories.isdisjoint(organisation.within)
