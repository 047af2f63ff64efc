"""How well an offer meets a need: a score of 0 to 100, with the reasons that make it up."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from services.commercialisation.domain.need import Need
from services.commercialisation.domain.offer import Offer
from services.commercialisation.domain.technology import Criterion
from shared.contracts.technology import FitReason

POINTS: Mapping[Criterion, int] = {
    Criterion.FIELD: 40,
    Criterion.READINESS: 30,
    Criterion.COOPERATION: 20,
    Criterion.AGREEMENT: 10,
}
"""What each criterion adds; together 100."""

ENOUGH = 70
"""The minimum score of a match: the same field, and readiness or all other criteria."""

MOST = 20
"""The maximum number of matches proposed at once, the best ones: people would not read more."""

T = TypeVar("T", Offer, Need)


class Rank(NamedTuple):
    """A score and its reasons."""

    score: int
    reasons: list[FitReason]


def rank(offer: Offer, need: Need) -> Rank:
    """The points of the criteria that hold between `offer` and `need`, the weightiest first."""
    holds = {
        Criterion.FIELD: offer.technology_field is need.technology_field,
        Criterion.READINESS: offer.trl >= need.least_trl,
        Criterion.COOPERATION: not set(offer.forms).isdisjoint(need.forms),
        Criterion.AGREEMENT: offer.agreement_id == need.agreement_id,
    }
    reasons = [FitReason(criterion=c, points=points) for c, points in POINTS.items() if holds[c]]
    return Rank(sum(r.points for r in reasons), reasons)


def meets(offer: Offer, need: Need) -> bool:
    """Whether the two are worth an introduction; never two of one organisation."""
    return offer.organisation_id != need.organisation_id and rank(offer, need).score >= ENOUGH


def best_needs(offer: Offer, needs: Iterable[Need]) -> list[Need]:
    """The needs that `offer` meets best, the best first, at most `MOST`; the older before the newer among equals."""
    return _best([(rank(offer, need).score, need) for need in needs if meets(offer, need)])


def best_offers(need: Need, offers: Iterable[Offer]) -> list[Offer]:
    """The offers that meet `need` best, the best first, at most `MOST`; the older before the newer among equals."""
    return _best([(rank(offer, need).score, offer) for offer in offers if meets(offer, need)])


def _best(scored: list[tuple[int, T]]) -> list[T]:
    # Ids are ordered by time, so the result does not depend on the order of the candidates.
    return [one for _, one in sorted(scored, key=lambda pair: (-pair[0], pair[1].id))[:MOST]]
