"""docs/privacy.md explains every code that a participant's record may have."""

from enum import StrEnum

import pytest

from services.exchanges.domain.participant_details import LegalBasis, Purpose, TransferRoute
from services.privacy_page import PRIVACY


@pytest.mark.parametrize("code", [*Purpose, *LegalBasis, *TransferRoute])
def test_each_code_of_a_participant_s_terms_is_explained(code: StrEnum) -> None:
    """A data protection officer finds it as it stands in the record."""
    assert f"`{code}`" in PRIVACY
