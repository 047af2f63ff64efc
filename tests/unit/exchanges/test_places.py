"""Places are never exceeded, whatever is approved, withdrawn, declined and closed, in whatever order."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.places import Count, counted

from services.exchanges.domain.call import Call, NoPlacesLeft, Status
from services.exchanges.domain.programme import PlacesPromised
from tests.unit.exchanges.scene import ANNE, EAST, LI, NOW, REASON, WEST, call, nomination, places, programme

BOTH = (EAST, WEST)
Pair = tuple[Call, Exchange]
FEW = st.integers(0, 3)


class PlacesOfAProgramme(RuleBasedStateMachine):
    """One programme, its calls and their exchanges, with the steps of the use cases."""

    calls: Bundle[Call] = Bundle("calls")
    nominated: Bundle[Pair] = Bundle("nominated")
    approved: Bundle[Pair] = Bundle("approved")

    @initialize(east=FEW, west=FEW)
    def open_programme(self, east: int, west: int) -> None:
        """A programme with a few places."""
        self.programme = programme(places=places(east, west))
        self.opened: list[Call] = []
        self.going: Count = Counter()

    @rule(target=calls, east=FEW, west=FEW)
    def open_call(self, east: int, west: int) -> Call | MultipleResults[Call]:
        """A call with what it asks for, refused exactly when the programme has fewer left."""
        left = {d: counted(self.programme.places)[d] - sum(counted(c.places)[d] for c in self.opened) for d in BOTH}
        try:
            self.programme.promise(places(east, west))
        except PlacesPromised:
            assert east > left[EAST] or west > left[WEST]
            return multiple()
        self.opened.append(call(self.programme, places=places(east, west)))
        return self.opened[-1]

    @rule(target=nominated, of=calls, east=st.booleans())
    def nominate(self, of: Call, east: bool) -> Pair | MultipleResults[Pair]:
        """A nomination where the call is open and has places in the direction, also more than there are places."""
        direction = EAST if east else WEST
        if of.status is Status.CLOSED or not counted(of.places)[direction]:
            return multiple()
        return of, nomination(of, direction)

    @rule(target=approved, pair=consumes(nominated))
    def approve(self, pair: Pair) -> Pair | MultipleResults[Pair]:
        """Both sides approve; refused exactly when all places of the direction are taken."""
        of, exchange = pair
        try:
            of.place(exchange.id)
        except NoPlacesLeft:
            others = [s for s in of.standing.values() if s.placed and s.direction == exchange.direction]
            assert len(others) == counted(of.places)[exchange.direction]
            return multiple()
        exchange.approve(ANNE, NOW)
        exchange.approve(LI, NOW)
        self.going[exchange.direction] += 1
        return pair

    @rule(pair=consumes(nominated))
    def decline(self, pair: Pair) -> None:
        """A nomination is declined."""
        of, exchange = pair
        exchange.decline(LI, REASON)
        self.programme.take_back(of.release(exchange.id))

    @rule(pair=consumes(approved))
    def withdraw(self, pair: Pair) -> None:
        """An approved exchange is withdrawn by its sending side."""
        of, exchange = pair
        exchange.withdraw(ANNE if exchange.direction == EAST else LI, REASON)
        self.programme.take_back(of.release(exchange.id))
        self.going[exchange.direction] -= 1

    @rule(of=calls)
    def close_call(self, of: Call) -> None:
        """A call closes while nominations stand."""
        if of.status is Status.OPEN:
            self.programme.take_back(of.close(ANNE, REASON))

    @invariant()
    def nobody_goes_without_a_place(self) -> None:
        """Approved exchanges, those of all calls together, never need more places than the programme has."""
        for direction in BOTH:
            assert self.going[direction] <= counted(self.programme.places)[direction]

    @invariant()
    def promised_is_what_calls_have(self) -> None:
        """The programme's promise is the sum of its calls' places: none lost, none given twice."""
        have: Count = Counter()
        for of in self.opened:
            have += counted(of.places)
        assert counted(self.programme.promised) == have


PlacesOfAProgramme.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestPlaces = PlacesOfAProgramme.TestCase
