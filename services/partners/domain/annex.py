"""What an annex may say under its parent agreement."""

from collections.abc import Collection, Mapping

from services.partners.domain.agreement import Agreement
from services.partners.domain.agreement_refusals import AnnexOutsideParent, ConditionOutsideParties
from services.partners.domain.terms import Terms
from shared.contracts.values import OrganisationId
from shared.domain.refused import NotInState


def require_within(
    parent: Agreement, terms: Terms, lineages: Mapping[OrganisationId, Collection[OrganisationId]]
) -> None:
    """Checks that an annex's areas are its parent's and its parties sides of the parent or parts of them.

    `lineages` has each party with those that it is part of. Raises NotInState for a parent that is over,
    AnnexOutsideParent.
    """
    if parent.over:
        raise NotInState(what="an annex", kind="agreement", status=str(parent.status), possible="not over")
    if areas := sorted(set(terms.areas) - set(parent.areas)):
        raise AnnexOutsideParent(what=f"the area {areas[0]}")
    sides = {*parent.signatories, *parent.participants}
    for party, lineage in lineages.items():
        if sides.isdisjoint(lineage):
            raise AnnexOutsideParent(what=f"the organisation {party}")


def require_conditions(terms: Terms, lineages: Mapping[OrganisationId, Collection[OrganisationId]]) -> None:
    """Checks that each cooperation condition leads from one signatory, or a part of it, to the other.

    `lineages` has each organisation that the conditions name with those that it is part of. Raises
    ConditionOutsideParties, UnitElsewhere.
    """
    for condition in terms.conditions:
        ends = [{*terms.signatories} & {*lineages[one]} for one in (condition.sending, condition.receiving)]
        if not all(ends) or ends[0] & ends[1]:
            raise ConditionOutsideParties(code=condition.code)
        condition.require_units(lineages)
