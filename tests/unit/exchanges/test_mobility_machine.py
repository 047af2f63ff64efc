"""Mobilities of one call under acts in any order by anybody: places are never exceeded, and go by rank."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.mobility_lifecycle import LIFECYCLE, UNDECIDED, Status
from shared.domain.actor import Actor
from shared.domain.reason import Cause
from shared.domain.refused import Refused
from tests.unit.exchanges.scene import (
    ANNE,
    FORCE_MAJEURE,
    LI,
    NOW,
    REASON,
    STAY,
    STRANGER,
    WITHIN,
    call,
    mobility,
    programme,
)

ANYBODY = st.sampled_from([ANNE, ANNE, LI, LI, WITHIN, STRANGER])
TRANSITIONS = {(row.source, row.target) for row in LIFECYCLE.rows}
HOLDING = {Status.PENDING, Status.APPROVED, Status.LIVE, Status.RECOGNISED}
DAY = date(2027, 3, 1)


class AnyStory(RuleBasedStateMachine):
    """A programme of three places, a call with two, and nominations with any ranks."""

    mobilities = Bundle("mobilities")

    def __init__(self) -> None:
        super().__init__()
        self.programme = programme(mobilities_per_year=3)
        self.programme.promise(2)
        self.call = call(self.programme, places=2)
        self.all: dict[UUID, Mobility] = {}
        self.now = NOW
        self.used = set[UUID]()

    def tried(self, one: Mobility, act: Callable[[], None], then: Callable[[], None] = lambda: None) -> None:
        """Does it as a use case does: the mobility decides, the call counts, and what follows by rank is applied."""
        before = one.status
        with suppress(Refused):
            act()
            then()
            self.settle()
        assert one.status is before or (before, one.status) in TRANSITIONS

    def settle(self) -> None:
        """Moves those whose turn has come, and gives back what a closed call does not need."""
        for id, to in self.call.reorder().items():
            self.all[id].move(to)
        self.programme.take_back(self.call.give_back())

    @rule(target=mobilities, rank=st.none() | st.integers(1, 6))
    def nominate(self, rank: int | None) -> UUID:
        id, person = uuid4(), uuid4()
        try:
            noted = self.call.nominate(id, person, rank, self.now)
        except Refused:
            return id
        made = mobility(noted.standing, rank=noted.rank, participant_id=person, call_id=self.call.id)
        made.id = id
        self.all[id] = made.nominated(ANNE)
        self.settle()
        return id

    @rule(id=mobilities, by=ANYBODY)
    def approve(self, id: UUID, by: Actor) -> None:
        if one := self.all.get(id):
            self.tried(one, lambda: one.approve(by), lambda: self.call.approve(id))

    @rule(id=mobilities, by=ANYBODY)
    def reject(self, id: UUID, by: Actor) -> None:
        if one := self.all.get(id):
            self.tried(one, lambda: one.reject(by, REASON), lambda: self.call.reject(id))

    @rule(id=mobilities)
    def correct(self, id: UUID) -> None:
        if one := self.all.get(id):

            def act() -> None:
                one.require("correct")
                one.correct(ANNE, STAY, self.call.correct(id))

            self.tried(one, act)

    @rule(id=mobilities, by=ANYBODY)
    def cancel(self, id: UUID, by: Actor) -> None:
        if one := self.all.get(id):

            def release() -> None:
                if one.uses_place:
                    self.used.add(id)
                else:
                    self.call.release(id)

            self.tried(one, lambda: one.cancel(by, REASON), release)

    @rule(id=mobilities, by=ANYBODY)
    def go_live(self, id: UUID, by: Actor) -> None:
        if one := self.all.get(id):
            one.learning_agreement_version = 1
            self.tried(one, lambda: one.go_live(by))

    @rule(id=mobilities, by=ANYBODY)
    def arrive(self, id: UUID, by: Actor) -> None:
        if one := self.all.get(id):
            self.tried(one, lambda: one.arrive(by, DAY))

    @rule(id=mobilities, by=ANYBODY, days=st.integers(-1, 90))
    def depart(self, id: UUID, by: Actor, days: int) -> None:
        if one := self.all.get(id):
            self.tried(one, lambda: one.depart(by, DAY + timedelta(days=days)))

    @rule(id=mobilities, why=st.sampled_from([REASON, FORCE_MAJEURE]))
    def interrupt(self, id: UUID, why: object) -> None:
        if one := self.all.get(id):
            self.tried(one, lambda: one.interrupt(ANNE, DAY, why))  # pyright: ignore[reportArgumentType]
            if one.status is Status.CANCELLED and one.uses_place:
                self.used.add(id)

    @rule(id=mobilities)
    def miss(self, id: UUID) -> None:
        if one := self.all.get(id):
            self.tried(one, lambda: one.miss(LI))

    @rule(days=st.integers(5, 20), programme_closes=st.booleans())
    def time_goes_by(self, days: int, programme_closes: bool) -> None:
        """The call's last day passes; where the programme is closed, what is undecided lapses."""
        self.now += timedelta(days=days)
        if not self.call.due() or self.call.due()["deadline"] > self.now:
            return
        self.call.end(Cause.LAST_DAY_PASSED)
        for id in self.call.undecided if programme_closes else []:
            self.all[id].lapse(Cause.PROGRAMME_CLOSED)
            self.call.release(id)
        self.settle()

    @invariant()
    def places_are_never_exceeded(self) -> None:
        """Whoever holds or has used a place, over the call; and the call's places, over the programme."""
        holding = [m for m in self.all.values() if m.status in HOLDING or m.id in self.used]
        assert len(holding) <= self.call.places <= 3
        assert self.programme.promised == self.call.places

    @invariant()
    def places_go_by_rank(self) -> None:
        """Nobody waits behind a worse rank that is still undecided, and nobody waits while a place is free."""
        pending = [m.rank for m in self.all.values() if m.status is Status.PENDING]
        waiting = [m.rank for m in self.all.values() if m.status is Status.WAITING]
        if waiting:
            assert all(rank < min(waiting) for rank in pending)
            held = sum(m.status in HOLDING or m.id in self.used for m in self.all.values())
            assert held == self.call.places

    @invariant()
    def call_and_mobilities_agree(self) -> None:
        """What the call counts is where each mobility stands."""
        for id, noted in self.call.nominations.items():
            status = self.all[id].status
            if noted.standing in (*UNDECIDED, Status.REJECTED):
                assert status is noted.standing
            else:
                assert status in (Status.APPROVED, Status.LIVE, Status.RECOGNISED) or id in self.used
        standing = {m.id for m in self.all.values() if m.status is not Status.CANCELLED}
        assert standing <= self.call.nominations.keys()


TestMobilities = AnyStory.TestCase
TestMobilities.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
