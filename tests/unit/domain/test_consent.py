"""Consent of several sides, whatever the order of acts and whoever performs them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.agreement import Revision
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.consent import AgreedAlready, Consent, RevisionChanged
from shared.domain.refused import NotASide, Refused, SamePerson

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SIDES = [UUID(int=n) for n in range(1, 4)]
OUTSIDE = UUID(int=4)
FIRST, SECOND = (Revision(number=n, sha256=f"{n:064x}") for n in (1, 2))
CONSENT = Consent(sides=SIDES, revision=FIRST)


def person(number: int, organisation: UUID = SIDES[0]) -> Actor:
    """An officer of the organisation."""
    return Actor(UUID(int=100 + number), organisation, frozenset(), Text(en="Officer"))


ACTS = st.lists(st.tuples(st.sampled_from([*SIDES, OUTSIDE]), st.integers(1, 4), st.sampled_from([FIRST, SECOND])))


@given(ACTS)
def test_each_side_agrees_once_to_the_current_revision_through_its_own_person(
    acts: list[tuple[UUID, int, Revision]],
) -> None:
    """Consent counts if side and person are new and the revision is current; the last side completes it."""
    consent, agreed = CONSENT, dict[UUID, int]()
    for side, number, revision in acts:
        counts = side in SIDES and side not in agreed and number not in agreed.values() and revision == FIRST
        try:
            consent = consent.give("signature", side, person(number), NOW, revision=revision)
        except Refused:
            assert not counts
        else:
            assert counts
            agreed[side] = number

        assert {s: one.by.person_id.int - 100 for s, one in consent.given.items()} == agreed
        assert consent.complete == (len(agreed) == len(SIDES))


def test_each_broken_rule_has_its_own_refusal() -> None:
    """The rules: no outsiders, the current revision, each side once, one person for one side."""
    begun = CONSENT.give("signature", SIDES[0], person(1), NOW, revision=FIRST)

    with pytest.raises(NotASide):
        begun.give("signature", OUTSIDE, person(2), NOW)
    with pytest.raises(RevisionChanged) as changed:
        begun.give("signature", SIDES[1], person(2), NOW, revision=SECOND)
    with pytest.raises(AgreedAlready) as already:
        begun.give("signature", SIDES[0], person(2), NOW)
    with pytest.raises(SamePerson):
        begun.give("signature", SIDES[1], person(1), NOW)
    assert (changed.value.facts, already.value.facts) == ({"named": 2, "current": 1}, {"what": "signature"})


def test_a_retracted_consent_can_be_given_again() -> None:
    """Retracting removes that side's consent only; another person may then agree for it."""
    begun = CONSENT.give("signature", SIDES[0], person(1), NOW).give("signature", SIDES[1], person(2), NOW)

    again = begun.retract(SIDES[0]).give("signature", SIDES[0], person(3), NOW)

    assert {side: one.by.person_id.int - 100 for side, one in again.given.items()} == {SIDES[0]: 3, SIDES[1]: 2}


def test_a_stored_consent_is_read_back_unchanged() -> None:
    """It survives a round trip through JSON."""
    begun = CONSENT.give("signature", SIDES[0], person(1), NOW)

    assert Consent.model_validate_json(begun.model_dump_json()) == begun
