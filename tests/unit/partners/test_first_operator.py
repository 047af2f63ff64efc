"""The first operator: which values ENTENTE_FIRST_OPERATOR may have."""

import pytest
from pydantic import ValidationError

from services.partners.owner import FirstOperator

ADA = {"subject": "ada", "name": {"en": "Ada"}}
KNOWN = {"scheme": "ror", "value": "03angcq70"}


@pytest.mark.parametrize("given", [{"identifier": KNOWN}, {"organisation": {"identifier": KNOWN}}])
def test_an_existing_organisation_is_named_by_its_identifier(given: dict[str, object]) -> None:
    """The identifier may be given alone or in place of an organisation's description."""
    named = FirstOperator.model_validate(ADA | given)

    assert named.identifier is not None
    assert (named.identifier.model_dump(), named.organisation) == (KNOWN, None)


def test_a_new_organisation_is_described_in_full() -> None:
    """An incomplete description is refused, with the missing field, even if it has an identifier."""
    with pytest.raises(ValidationError, match=r"organisation\.kind"):
        FirstOperator.model_validate(ADA | {"organisation": {"identifier": KNOWN, "country": "GB"}})
