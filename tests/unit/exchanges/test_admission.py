"""What an agreement admits."""

import pytest

from shared.agreements.agreement import (
    AgreementNotInForce,
    AreaNotCovered,
    Organisation,
    OrganisationNotInAgreement,
)
from tests.unit.exchanges.scene import BIRMINGHAM, CHINA_INSTITUTE, ELSEWHERE, NANJING, agreement, organisation

SIDES = [organisation(BIRMINGHAM), organisation(NANJING)]


def test_an_agreement_in_force_admits_a_programme_of_its_area_and_parties() -> None:
    """A signatory, a participant and an organisation within a signatory may be institutions of a programme."""
    institute = organisation(CHINA_INSTITUTE, BIRMINGHAM)

    agreement().admit("talent", [*SIDES, institute])


@pytest.mark.parametrize("status", ["draft", "recorded", "signed", "suspended", "ended", "over"])
def test_an_agreement_not_in_force_admits_nothing(status: str) -> None:
    """Before the start and after the end a programme is refused, and the refusal names the status."""
    with pytest.raises(AgreementNotInForce, match=f"is {status} and not in force") as refusal:
        agreement(status).admit("talent", SIDES)

    assert refusal.value.facts == {"status": status}


def test_an_area_that_is_not_covered_is_refused() -> None:
    """The refusal names the areas that may be chosen instead."""
    with pytest.raises(AreaNotCovered) as refusal:
        agreement().admit("health", SIDES)

    assert refusal.value.facts == {"area": "health", "areas": "culture, talent"}
    assert str(refusal.value).endswith("name another agreement, or draft one that covers it.")


@pytest.mark.parametrize(
    "outsider",
    [organisation(ELSEWHERE), organisation(ELSEWHERE, NANJING)],
    ids=["stranger", "within a participant"],
)
def test_an_institution_outside_the_agreement_is_refused(outsider: Organisation) -> None:
    """A stranger is refused, and so is an organisation that lies within a mere participant."""
    with pytest.raises(OrganisationNotInAgreement) as refusal:
        agreement().admit("talent", [*SIDES, outsider])

    assert refusal.value.facts == {"organisation": "An institute", "organisation_id": ELSEWHERE}
    assert str(refusal.value).endswith("name another agreement, or draft one that names it.")
