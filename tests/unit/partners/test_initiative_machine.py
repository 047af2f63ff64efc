"""An initiative obeys the rules after 10,000 acts in any order by anyone."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.partners.domain.initiative import LIFECYCLE
from services.partners.domain.initiative_status import BEFORE, Status
from shared.contracts.initiative import (
    DeliverableEvent,
    InitiativeAppraisalGiven,
    InitiativeAppraised,
    InitiativeApprovalGiven,
    InitiativeApproved,
    InitiativeDeliverableAccepted,
    InitiativeDeliverableOverdue,
    InitiativeDeliverableReported,
    InitiativeEvent,
)
from shared.contracts.values import OrganisationId, PersonId
from shared.domain.actor import Actor
from shared.domain.commitment import Status as Standing
from shared.domain.refused import Refused
from tests.unit.partners.cast import ANYBODY_ELSE, BIRMINGHAM, FRAMPTON, INSTITUTE, JIANG, NANJING, NOW, REASON, officer
from tests.unit.partners.initiative_cast import CHEN, DISPUTE, EVIDENCE, OUTPUT, PROVOST, VICE_MAYOR, proposed

TWO_OFFICES = officer(NANJING, 11)
"""Frampton's second office, in the other lead."""
DIRECTOR = officer(INSTITUTE, 31, within=(BIRMINGHAM,))
ANYONE = st.sampled_from([FRAMPTON, PROVOST, JIANG, VICE_MAYOR, CHEN, TWO_OFFICES, DIRECTOR, ANYBODY_ELSE])
NUMBER = st.integers(1, 2)
TRANSITIONS = {(row.source, row.target) for row in LIFECYCLE.rows}
BEGUN = {Status.ACTIVE, Status.PAUSED, Status.COMPLETED, Status.CLOSED}


class OneInitiative(RuleBasedStateMachine):
    """Two leads, a host and people with two offices act in any order while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.initiative, self.now = proposed(), NOW
        self.initiative.recorded.clear()
        self.events: list[InitiativeEvent] = []
        self.appraisers: dict[OrganisationId, PersonId] = {}
        self.approvers: dict[OrganisationId, PersonId] = {}
        self.reporters: dict[int, PersonId] = {}

    def attempt(self, act: Callable[[], None]) -> None:
        """Tries the act and checks and collects the recorded events."""
        before = self.initiative.status
        with suppress(Refused):
            act()
        assert self.initiative.status is before or (before, self.initiative.status) in TRANSITIONS
        events = [e for e in self.initiative.recorded if isinstance(e, InitiativeEvent)]
        self.initiative.recorded.clear()
        self.events.extend(events)
        for event in events:
            self.check(event)

    def check(self, event: InitiativeEvent) -> None:
        """Checks an event and remembers who acted, from the events alone."""
        assert event.status == self.initiative.status
        if isinstance(event, InitiativeAppraisalGiven | InitiativeAppraised):
            assert event.party is not None
            assert event.by is not None
            self.appraisers[event.party] = event.by
        if isinstance(event, InitiativeApprovalGiven | InitiativeApproved):
            assert event.party is not None
            assert event.by is not None
            self.approvers[event.party] = event.by
        if isinstance(event, InitiativeDeliverableReported):
            assert event.by is not None
            self.reporters[event.number] = event.by
        if isinstance(event, InitiativeDeliverableAccepted):
            assert (event.party == event.owner, event.by == self.reporters[event.number]) == (False, False)
        if isinstance(event, InitiativeDeliverableOverdue):
            assert event.deliverable_status in (Standing.PLANNED, Standing.DISPUTED)

    @initialize(starts_as=st.sampled_from([Status.PROPOSED, Status.APPROVED, Status.ACTIVE, Status.ACTIVE]))
    def start(self, starts_as: Status) -> None:
        """Most runs start after the approval."""
        if starts_as is Status.PROPOSED:
            return
        for by in (FRAMPTON, JIANG):
            self.attempt(lambda by=by: self.initiative.appraise(by, self.now))
        for by in (PROVOST, VICE_MAYOR):
            self.attempt(lambda by=by: self.initiative.approve(by, self.now))
        if starts_as is Status.ACTIVE:
            self.attempt(lambda: self.initiative.activate(FRAMPTON))

    @rule(by=ANYONE)
    def appraise(self, by: Actor) -> None:
        self.attempt(lambda: self.initiative.appraise(by, self.now))

    @rule(by=ANYONE)
    def approve(self, by: Actor) -> None:
        self.attempt(lambda: self.initiative.approve(by, self.now))

    @rule(by=ANYONE)
    def activate(self, by: Actor) -> None:
        self.attempt(lambda: self.initiative.activate(by))

    @rule(by=ANYONE)
    def pause(self, by: Actor) -> None:
        self.attempt(lambda: self.initiative.pause(REASON, by))

    @rule(by=ANYONE)
    def resume(self, by: Actor) -> None:
        self.attempt(lambda: self.initiative.resume(by))

    @rule(by=ANYONE)
    def complete(self, by: Actor) -> None:
        self.attempt(lambda: self.initiative.complete(by))

    @rule(by=ANYONE, sure=st.integers(0, 3))
    def close_or_give_up(self, by: Actor, sure: int) -> None:
        act = [self.initiative.close, lambda by: None, lambda by: None, self.give_up][sure]
        self.attempt(lambda: act(by))

    def give_up(self, by: Actor) -> None:
        """Withdraws the initiative if the person is of the proposer, and declines it otherwise."""
        if by.organisation == self.initiative.proposer:
            self.initiative.withdraw(REASON, by)
        else:
            self.initiative.decline(REASON, by)

    @rule(by=ANYONE)
    def record_output(self, by: Actor) -> None:
        self.attempt(lambda: self.initiative.record_output(OUTPUT, by))

    @rule(by=ANYONE, number=NUMBER)
    def report(self, by: Actor, number: int) -> None:
        self.attempt(lambda: self.initiative.report(number, EVIDENCE, by))

    @rule(by=ANYONE, number=NUMBER)
    def accept(self, by: Actor, number: int) -> None:
        self.attempt(lambda: self.initiative.accept(number, by))

    @rule(by=ANYONE, number=NUMBER)
    def dispute(self, by: Actor, number: int) -> None:
        self.attempt(lambda: self.initiative.dispute(number, DISPUTE, by))

    @rule(by=ANYONE, number=NUMBER, days=st.integers(1, 2))
    def reschedule(self, by: Actor, number: int, days: int) -> None:
        day = (self.now + timedelta(days=30 * days)).date()
        self.attempt(lambda: self.initiative.reschedule(number, day, by, self.now))

    @rule(by=ANYONE, number=NUMBER)
    def waive(self, by: Actor, number: int) -> None:
        self.attempt(lambda: self.initiative.waive(number, by, self.now))

    @rule(days=st.integers(1, 120))
    def time_passes(self, days: int) -> None:
        """The timer fires if it is due, as it does in a service."""
        self.now += timedelta(days=days)
        if (at := self.initiative.due().get("deliverable-overdue", self.now + timedelta(days=1))) <= self.now:
            self.attempt(lambda: self.initiative.note_overdue(at))

    @invariant()
    def nothing_starts_before_each_lead_has_appraised_and_approved(self) -> None:
        """Each lead needs two people of its own, one to appraise and one to approve."""
        assert self.approvers.keys() <= self.appraisers.keys() <= set(self.initiative.leads)
        assert all(self.approvers[lead] != self.appraisers[lead] for lead in self.approvers)
        for people in (self.appraisers, self.approvers):
            assert len(set(people.values())) == len(people)
        if self.initiative.status in BEGUN | {Status.APPROVED}:
            assert self.approvers.keys() == set(self.initiative.leads)

    @invariant()
    def deliverables_wait_for_the_start(self) -> None:
        """No deliverable changes before the initiative is active."""
        if self.initiative.status in (*BEFORE, Status.DECLINED, Status.WITHDRAWN):
            assert [d.status for d in self.initiative.deliverables] == [Standing.PLANNED] * 2
            assert not any(isinstance(event, DeliverableEvent) for event in self.events)

    @invariant()
    def a_completed_initiative_has_no_open_deliverable(self) -> None:
        """Every deliverable is accepted or waived, and none is overdue."""
        if self.initiative.status in (Status.COMPLETED, Status.CLOSED):
            assert {d.status for d in self.initiative.deliverables} <= {Standing.ACCEPTED, Standing.WAIVED}
            assert not self.initiative.overdue

    @invariant()
    def a_reported_deliverable_is_never_overdue(self) -> None:
        """An owner who awaits acceptance is not late."""
        for deliverable in self.initiative.deliverables:
            assert not deliverable.overdue or deliverable.status in (Standing.PLANNED, Standing.DISPUTED)

    @invariant()
    def the_timer_is_set_while_a_deliverable_can_become_overdue(self) -> None:
        """It is set exactly while the initiative is active and some deliverable is neither reported nor overdue."""
        awaited = [
            d for d in self.initiative.deliverables
            if d.status in (Standing.PLANNED, Standing.DISPUTED) and not d.overdue
        ]  # fmt: skip
        assert bool(self.initiative.due()) == (bool(awaited) and self.initiative.status is Status.ACTIVE)


TestOneInitiative = OneInitiative.TestCase
TestOneInitiative.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
