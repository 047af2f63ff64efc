"""Counting places by direction."""

from collections import Counter
from collections.abc import Iterable

from shared.contracts.programme import Direction, Places

Count = Counter[Direction]
"""How many places by direction; directions without any are left out by `+` and `-`."""


def counted(places: Iterable[Places]) -> Count:
    """The count of `places`, one entry a direction."""
    count: Count = Counter()
    for p in places:
        count[Direction(sending=p.sending, receiving=p.receiving)] += p.number
    return count


def listed(count: Count) -> list[Places]:
    """`count` as it stands in events and documents."""
    return [Places(sending=d.sending, receiving=d.receiving, number=n) for d, n in count.items()]
