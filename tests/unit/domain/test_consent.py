"""Consent of several sides, in every order of acts by anybody."""

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
    """Somebody who holds an office in the organisation."""
    return Actor(UUID(int=100 + number), organisation, frozenset(), Text(en="Officer"))


ACTS = st.lists(st.tuples(st.sampled_from([*SIDES, OUTSIDE]), st.integers(1, 4), st.sampled_from([FIRST, SECOND])))


@given(ACTS)
def test_each_side_agrees_once_to_the_one_revision_by_a_person_of_its_own(
    acts: list[tuple[UUID, int, Revision]],
) -> None:
    """An act counts exactly when side and person are new and the revision is the present one; all sides complete it."""
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


def test_a_refusal_says_which_rule_it_is() -> None:
    """A stranger, an old revision, a side that agreed and a person who agreed for another side each have their own."""
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


def test_what_was_retracted_can_be_given_again() -> None:
    """Only that side's consent goes; another person may give it anew."""
    begun = CONSENT.give("signature", SIDES[0], person(1), NOW).give("signature", SIDES[1], person(2), NOW)

    again = begun.retract(SIDES[0]).give("signature", SIDES[0], person(3), NOW)

    assert {side: one.by.person_id.int - 100 for side, one in again.given.items()} == {SIDES[0]: 3, SIDES[1]: 2}


def test_a_document_comes_back_as_it_was() -> None:
    """A consent, stored and read again, is the same."""
    begun = CONSENT.give("signature", SIDES[0], person(1), NOW)

    assert Consent.model_validate_json(begun.model_dump_json()) == begun
