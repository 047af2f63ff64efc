"""The forms of cooperation that an offer or a need names."""

from collections.abc import Sequence

from services.commercialisation.domain.technology import CooperationForm
from shared.domain.refused import Invalid


def require_each_once(forms: Sequence[CooperationForm]) -> None:
    """Raises Invalid unless each form is named once."""
    if len(set(forms)) != len(forms):
        raise Invalid(reason="name each form of cooperation once")
