"""What a service knows of an agreement, and whether an organisation may act under it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.values import Code, OrganisationId
from shared.directory.organisations import Organisation
from shared.domain.refused import Refused


class AgreementUnknown(Refused):
    """This service does not know the agreement {agreement_id}; check the id, or try again in a minute if it has just
    been drafted.

    It learns of agreements from the events of `partners`. If waiting does not help, an operator can see at
    `GET /positions` and in the metrics whether events arrive.
    """

    agreement_id: UUID


class AgreementNotInForce(Refused):
    """The agreement is {status} and not in force; wait until it is, or name another agreement.

    All signatories must have signed it and its first day must have come. While it or its parent is suspended, nothing
    new can begin under it.

    Initiatives, programmes, offers and deals need an agreement in force. `GET /agreements/{id}` of `partners` shows its
    state.
    """


class AreaNotCovered(Refused):
    """The agreement does not cover the area {area}; choose one that it covers ({areas}), name another
    agreement, or draft one that covers it."""


class OrganisationNotInAgreement(Refused):
    """{organisation} ({organisation_id}) is neither a signatory or participant of the agreement nor part of a
    signatory; name another agreement, or draft one that names it.

    A participant acts for itself only: an organisation within one must be named itself. Parties and areas of an
    agreement in force are changed by an amendment.
    """

    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCopy:
    """An agreement as its newest event describes it."""

    agreement_id: UUID
    status: str
    areas: frozenset[Code]
    signatories: frozenset[OrganisationId]
    participants: frozenset[OrganisationId]

    def admit(self, area: Code, organisations: Iterable[Organisation]) -> None:
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
        """Whether it is a signatory or a participant, or part of a signatory."""
        parties = self.signatories | self.participants
        return organisation.id in parties or not self.signatories.isdisjoint(organisation.within)
