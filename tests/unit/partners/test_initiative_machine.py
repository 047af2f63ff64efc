"""An initiative under 10,000 acts in any order by anybody."""

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
ANYBODY = st.sampled_from([FRAMPTON, PROVOST, JIANG, VICE_MAYOR, CHEN, TWO_OFFICES, DIRECTOR, ANYBODY_ELSE])
NUMBER = st.integers(1, 2)
TRANSITIONS = {(row.source, row.target) for row in LIFECYCLE.rows}
BEGUN = {Status.ACTIVE, Status.PAUSED, Status.COMPLETED, Status.CLOSED}


class AnyStory(RuleBasedStateMachine):
    """Two leads and a host, people with two offices, acts in any order while time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.initiative, self.now = proposed(), NOW
        self.initiative.recorded.clear()
        self.told: list[InitiativeEvent] = []
        self.appraisers: dict[OrganisationId, PersonId] = {}
        self.approvers: dict[OrganisationId, PersonId] = {}
        self.reporters: dict[int, PersonId] = {}

    def tried(self, act: Callable[[], None]) -> None:
        """Does it, if it is allowed, and takes what it told."""
        before = self.initiative.status
        with suppress(Refused):
            act()
        assert self.initiative.status is before or (before, self.initiative.status) in TRANSITIONS
        events = [e for e in self.initiative.recorded if isinstance(e, InitiativeEvent)]
        self.initiative.recorded.clear()
        self.told.extend(events)
        for event in events:
            self.take(event)

    def take(self, event: InitiativeEvent) -> None:
        """Keeps who did what, from the events alone, and checks what each must fulfil."""
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

    @initialize(begins=st.sampled_from([Status.PROPOSED, Status.APPROVED, Status.ACTIVE, Status.ACTIVE]))
    def begins(self, begins: Status) -> None:
        """Most stories are about what follows the approval."""
        if begins is Status.PROPOSED:
            return
        for by in (FRAMPTON, JIANG):
            self.tried(lambda by=by: self.initiative.appraise(by, self.now))
        for by in (PROVOST, VICE_MAYOR):
            self.tried(lambda by=by: self.initiative.approve(by, self.now))
        if begins is Status.ACTIVE:
            self.tried(lambda: self.initiative.activate(FRAMPTON))

    @rule(by=ANYBODY)
    def appraise(self, by: Actor) -> None:
        self.tried(lambda: self.initiative.appraise(by, self.now))

    @rule(by=ANYBODY)
    def approve(self, by: Actor) -> None:
        self.tried(lambda: self.initiative.approve(by, self.now))

    @rule(by=ANYBODY)
    def activate(self, by: Actor) -> None:
        self.tried(lambda: self.initiative.activate(by))

    @rule(by=ANYBODY)
    def pause(self, by: Actor) -> None:
        self.tried(lambda: self.initiative.pause(REASON, by))

    @rule(by=ANYBODY)
    def resume(self, by: Actor) -> None:
        self.tried(lambda: self.initiative.resume(by))

    @rule(by=ANYBODY)
    def complete(self, by: Actor) -> None:
        self.tried(lambda: self.initiative.complete(by))

    @rule(by=ANYBODY, sure=st.integers(0, 3))
    def close_or_give_up(self, by: Actor, sure: int) -> None:
        act = [self.initiative.close, lambda by: None, lambda by: None, self.give_up][sure]
        self.tried(lambda: act(by))

    def give_up(self, by: Actor) -> None:
        """Withdraws it if it is the proposer's, or declines it."""
        if by.organisation == self.initiative.proposer:
            self.initiative.withdraw(REASON, by)
        else:
            self.initiative.decline(REASON, by)

    @rule(by=ANYBODY)
    def record_output(self, by: Actor) -> None:
        self.tried(lambda: self.initiative.record_output(OUTPUT, by))

    @rule(by=ANYBODY, number=NUMBER)
    def report(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.initiative.report(number, EVIDENCE, by))

    @rule(by=ANYBODY, number=NUMBER)
    def accept(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.initiative.accept(number, by))

    @rule(by=ANYBODY, number=NUMBER)
    def dispute(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.initiative.dispute(number, DISPUTE, by))

    @rule(by=ANYBODY, number=NUMBER, days=st.integers(1, 2))
    def reschedule(self, by: Actor, number: int, days: int) -> None:
        day = (self.now + timedelta(days=30 * days)).date()
        self.tried(lambda: self.initiative.reschedule(number, day, by, self.now))

    @rule(by=ANYBODY, number=NUMBER)
    def waive(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.initiative.waive(number, by, self.now))

    @rule(days=st.integers(1, 120))
    def time_goes_by(self, days: int) -> None:
        """The timer fires if it is due, as it does in a service."""
        self.now += timedelta(days=days)
        if (at := self.initiative.due().get("deliverable-overdue", self.now + timedelta(days=1))) <= self.now:
            self.tried(lambda: self.initiative.note_overdue(at))

    @invariant()
    def nothing_begins_before_each_lead_appraised_and_approved_it(self) -> None:
        """Each lead by a person of its own, and by another one for each of the two."""
        assert self.approvers.keys() <= self.appraisers.keys() <= set(self.initiative.leads)
        assert all(self.approvers[lead] != self.appraisers[lead] for lead in self.approvers)
        for people in (self.appraisers, self.approvers):
            assert len(set(people.values())) == len(people)
        if self.initiative.status in BEGUN | {Status.APPROVED}:
            assert self.approvers.keys() == set(self.initiative.leads)

    @invariant()
    def deliverables_wait_for_the_beginning(self) -> None:
        """No deliverable moves before the initiative is active."""
        if self.initiative.status in (*BEFORE, Status.DECLINED, Status.WITHDRAWN):
            assert [d.status for d in self.initiative.deliverables] == [Standing.PLANNED] * 2
            assert not any(isinstance(event, DeliverableEvent) for event in self.told)

    @invariant()
    def complete_means_that_nothing_is_awaited(self) -> None:
        """Every deliverable of a completed initiative is accepted or waived, and none overdue."""
        if self.initiative.status in (Status.COMPLETED, Status.CLOSED):
            assert {d.status for d in self.initiative.deliverables} <= {Standing.ACCEPTED, Standing.WAIVED}
            assert not self.initiative.overdue

    @invariant()
    def what_is_reported_is_never_overdue(self) -> None:
        """Whoever awaits a confirmation is branded by nobody."""
        for deliverable in self.initiative.deliverables:
            assert not deliverable.overdue or deliverable.status in (Standing.PLANNED, Standing.DISPUTED)

    @invariant()
    def the_timer_is_set_while_something_can_be_missed(self) -> None:
        """Exactly while the initiative is active and a deliverable awaits its report and is not yet overdue."""
        awaited = [
            d for d in self.initiative.deliverables
            if d.status in (Standing.PLANNED, Standing.DISPUTED) and not d.overdue
        ]  # fmt: skip
        assert bool(self.initiative.due()) == (bool(awaited) and self.initiative.status is Status.ACTIVE)


TestAnyStory = AnyStory.TestCase
TestAnyStory.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
