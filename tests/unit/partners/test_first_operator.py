"""Who is let in first: what may stand in ENTENTE_FIRST_OPERATOR."""

import pytest
from pydantic import ValidationError

from services.partners.owner import FirstOperator

ADA = {"subject": "ada", "name": {"en": "Ada"}}
KNOWN = {"scheme": "ror", "value": "03angcq70"}


@pytest.mark.parametrize("given", [{"identifier": KNOWN}, {"organisation": {"identifier": KNOWN}}])
def test_an_organisation_that_is_there_is_named_by_its_identifier(given: dict[str, object]) -> None:
    """It may stand by itself, or where an organisation to be registered would be described."""
    named = FirstOperator.model_validate(ADA | given)

    assert named.identifier is not None
    assert (named.identifier.model_dump(), named.organisation) == (KNOWN, None)


def test_an_organisation_to_be_registered_is_described_whole() -> None:
    """A description that lacks something, with an identifier beside it, is refused for what it lacks."""
    with pytest.raises(ValidationError, match=r"organisation\.kind"):
        FirstOperator.model_validate(ADA | {"organisation": {"identifier": KNOWN, "country": "GB"}})
