"""Who may offer and seek technology, and under which agreement."""

import pytest

from shared.agreements.agreement import (
    AgreementNotInForce,
    AreaNotCovered,
    Organisation,
    OrganisationNotInAgreement,
)
from tests.unit.commercialisation.scene import BIRMINGHAM, CHINA_INSTITUTE, ELSEWHERE, NANJING, agreement, organisation


@pytest.mark.parametrize(
    "party",
    [organisation(BIRMINGHAM), organisation(NANJING), organisation(CHINA_INSTITUTE, BIRMINGHAM)],
    ids=["signatory", "participant", "within a signatory"],
)
def test_the_parties_of_an_agreement_in_force_may_act(party: Organisation) -> None:
    """A signatory, a participant and an organisation within a signatory may offer and seek."""
    agreement().admit("commercialisation", [party])


@pytest.mark.parametrize("status", ["draft", "recorded", "signed", "suspended", "ended", "over"])
def test_an_agreement_that_is_not_in_force_admits_nobody(status: str) -> None:
    """Before it starts and after it ends nothing new may begin; the refusal names the status."""
    with pytest.raises(AgreementNotInForce) as refusal:
        agreement(status).admit("commercialisation", [organisation(BIRMINGHAM)])

    assert refusal.value.facts == {"status": status}


def test_an_agreement_that_does_not_cover_commercialisation_admits_nobody() -> None:
    """The refusal names the areas that the agreement covers."""
    with pytest.raises(AreaNotCovered) as refusal:
        agreement(areas=frozenset({"talent", "culture"})).admit("commercialisation", [organisation(BIRMINGHAM)])

    assert refusal.value.facts == {"area": "commercialisation", "areas": "culture, talent"}


@pytest.mark.parametrize(
    "outsider",
    [organisation(ELSEWHERE), organisation(ELSEWHERE, NANJING)],
    ids=["stranger", "within a participant"],
)
def test_an_organisation_outside_the_agreement_is_refused(outsider: Organisation) -> None:
    """An outsider is refused, and so is an organisation within a participant."""
    with pytest.raises(OrganisationNotInAgreement) as refusal:
        agreement().admit("commercialisation", [outsider])

    assert refusal.value.facts == {"organisation": "An institute", "organisation_id": ELSEWHERE}
