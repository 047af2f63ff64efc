"""The score of an offer for a need, and which pairs are proposed."""

from collections.abc import Callable
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.commercialisation.domain.match import Match
from services.commercialisation.domain.need import Need
from services.commercialisation.domain.offer import Offer
from services.commercialisation.domain.ranking import ENOUGH, MOST, POINTS, best_needs, best_offers, meets, rank
from services.commercialisation.domain.technology import CooperationForm, Criterion, TechnologyField
from shared.contracts.match import MatchProposed
from tests.unit.commercialisation.scene import BIRMINGHAM, NANJING, need, offer

OTHERWISE: dict[Criterion, Callable[[], Need]] = {
    Criterion.FIELD: lambda: need(technology_field=TechnologyField.TRANSPORT),
    Criterion.READINESS: lambda: need(least_trl=5),
    Criterion.COOPERATION: lambda: need(forms=[CooperationForm.SPIN_OUT]),
    Criterion.AGREEMENT: lambda: need(agreement_id=UUID(int=98)),
}
"""The need with one criterion unmet."""


def test_all_criteria_together_give_100_points() -> None:
    """An offer that meets every criterion has 100 points and all reasons, the weightiest first."""
    score, reasons = rank(offer(), need())

    assert (score, [reason.criterion for reason in reasons]) == (100, list(Criterion))


@pytest.mark.parametrize("criterion", Criterion)
def test_an_unmet_criterion_gives_no_points_and_no_reason(criterion: Criterion) -> None:
    """Only its own points and its own reason are missing."""
    score, reasons = rank(offer(), OTHERWISE[criterion]())

    assert score == 100 - POINTS[criterion]
    assert {reason.criterion for reason in reasons} == set(Criterion) - {criterion}


@pytest.mark.parametrize(("least", "enough"), [(1, True), (4, True), (5, False), (9, False)])
def test_the_level_of_a_need_is_a_minimum(least: int, enough: bool) -> None:
    """An offer at TRL 4 suffices for a need of TRL 4 or below."""
    reasons = rank(offer(trl=4), need(least_trl=least)).reasons

    assert (Criterion.READINESS in {reason.criterion for reason in reasons}) is enough


@pytest.mark.parametrize(("criterion", "met"), [(c, c is not Criterion.FIELD) for c in Criterion])
def test_only_a_different_field_prevents_a_match(criterion: Criterion, met: bool) -> None:
    """A pair with one unmet criterion is still proposed, unless that criterion is the field."""
    assert meets(offer(), OTHERWISE[criterion]()) is met


def test_the_same_field_alone_is_not_enough() -> None:
    """A pair that shares nothing but the field is not proposed."""
    assert not meets(offer(), need(least_trl=9, forms=[CooperationForm.SPIN_OUT], agreement_id=UUID(int=98)))


def test_an_organisation_is_not_introduced_to_itself() -> None:
    """An offer does not match a need of the same organisation."""
    assert not meets(offer(), need(organisation_id=BIRMINGHAM))
    assert best_offers(need(), [offer(organisation_id=NANJING)]) == []


FIELDS = st.sampled_from([TechnologyField.NEW_ENERGY, TechnologyField.TRANSPORT])
LEVELS = st.integers(1, 9)
FORMS = st.lists(st.sampled_from(CooperationForm), min_size=1, unique=True)
AGREEMENTS = st.sampled_from([UUID(int=98), UUID(int=99)])
OFFERS = st.builds(
    lambda n, **f: offer(id=UUID(int=n), **f), st.integers(1000, 1 << 40), technology_field=FIELDS, trl=LEVELS,
    forms=FORMS, agreement_id=AGREEMENTS, organisation_id=st.sampled_from([BIRMINGHAM, NANJING]),
)  # fmt: skip
NEEDS = st.builds(
    lambda n, **f: need(id=UUID(int=n), **f), st.integers(1000, 1 << 40), technology_field=FIELDS, least_trl=LEVELS,
    forms=FORMS, agreement_id=AGREEMENTS,
)  # fmt: skip


@given(OFFERS, NEEDS)
def test_a_score_is_the_sum_of_its_reasons(one: Offer, other: Need) -> None:
    """For any pair the score lies between 0 and 100, equals the sum of its reasons, and is repeatable."""
    score, reasons = rank(one, other)

    assert 0 <= score == sum(reason.points for reason in reasons) <= 100
    assert rank(one, other) == (score, reasons)


@given(OFFERS, st.lists(NEEDS, max_size=30, unique_by=lambda n: n.id), st.randoms())
def test_the_best_come_first_whatever_the_order_of_the_candidates(
    one: Offer, needs: list[Need], chance: Random
) -> None:
    """Those proposed score at least ENOUGH; only at MOST are others left out, none of them better."""
    best = best_needs(one, needs)
    scores = [rank(one, need).score for need in best]
    left_out = [rank(one, n).score for n in needs if meets(one, n) and n not in best]

    assert scores == sorted(scores, reverse=True)
    assert all(score >= ENOUGH for score in scores)
    assert not left_out or (len(best) == MOST and max(left_out) <= scores[-1])
    chance.shuffle(needs)
    assert best_needs(one, needs) == best


@given(OFFERS, NEEDS)
def test_an_offer_finds_the_needs_that_find_it(one: Offer, other: Need) -> None:
    """The same pairs are proposed whichever of the two is published last."""
    assert bool(best_needs(one, [other])) == bool(best_offers(other, [one]))


def test_a_match_is_proposed_with_its_reasons() -> None:
    """The event has score, reasons, both titles, both levels and the forms that both accept."""
    one, other = offer(), need()

    [event] = Match.proposed(UUID(int=5), one, other).recorded

    assert isinstance(event, MatchProposed)
    assert (event.score, event.reasons) == rank(one, other)
    assert (event.offer_title, event.need_title, event.trl, event.least_trl) == (one.title, other.title, 4, 4)
    assert (event.offering, event.seeking, event.forms) == (BIRMINGHAM, NANJING, [CooperationForm.JOINT_DEVELOPMENT])
