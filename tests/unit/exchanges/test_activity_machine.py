"""Hypothesis plays activities of every kind in any order, by anybody, while time goes by; what must hold, holds."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.exchanges.domain.activity import LIFECYCLE
from services.exchanges.domain.activity_kinds import ActivityKind, Part, rules_of
from services.exchanges.domain.activity_status import Status
from shared.contracts.activity import (
    ActionEvent,
    ActivityActionAccepted,
    ActivityActionOverdue,
    ActivityAgreed,
    ActivityEvent,
    ActivityHostAgreed,
    ActivityParticipantAdmitted,
    ActivityParticipantDeclined,
    ActivityParticipantWithdrawn,
    ActivityPostponed,
)
from shared.domain.actor import Actor
from shared.domain.commitment import Status as Standing
from shared.domain.reason import ReasonCode
from shared.domain.refused import Refused
from tests.unit.exchanges.activity_cast import (
    ANNE,
    BIRMINGHAM,
    CHEN,
    DIRECTOR,
    EVERY_KIND,
    EVIDENCE,
    FIRST,
    KIT,
    LI,
    LIN,
    NANJING,
    NOW,
    REASON,
    SCHOOL,
    SOUTHEAST,
    STRANGER,
    WU,
    ZHAO,
    activity_that_is,
    items,
    officer,
    planned,
    wanted_action,
)

TWO_OFFICES = officer(SCHOOL, 11, within=(BIRMINGHAM,))
"""Anne's second office, in the other host."""
ANYBODY = st.sampled_from([ANNE, KIT, LI, CHEN, TWO_OFFICES, DIRECTOR, STRANGER])
PEOPLE = st.sampled_from([LIN, WU, ZHAO])
SENDERS = st.sampled_from([NANJING, SOUTHEAST])
NUMBER = st.integers(1, 2)
TRANSITIONS = {(row.source, row.target) for row in LIFECYCLE.rows}


class AnyStory(RuleBasedStateMachine):
    """Two hosts, two sending organisations, a capacity of two; acts in any order while time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.kind, self.now = ActivityKind.TRAINING_COHORT, NOW
        self.activity = planned()
        self.told: list[ActivityEvent] = []
        self.agreed: dict[UUID | None, UUID | None] = {}
        self.admitted: set[UUID] = set()

    def tried(self, act: Callable[[], object]) -> None:
        """Does it, if it is allowed, and takes what it told."""
        before = self.activity.status
        with suppress(Refused):
            act()
        assert self.activity.status is before or (before, self.activity.status) in TRANSITIONS
        events = [e for e in self.activity.recorded if isinstance(e, ActivityEvent)]
        self.activity.recorded.clear()
        self.told.extend(events)
        for event in events:
            self.take(event)

    def take(self, event: ActivityEvent) -> None:
        """Keeps who agreed and who is admitted, from the events alone, and checks what each must fulfil."""
        if isinstance(event, ActivityPostponed):
            self.agreed = {}
        if isinstance(event, ActivityHostAgreed | ActivityAgreed):
            self.agreed[event.party] = event.by
        if isinstance(event, ActivityParticipantAdmitted):
            self.admitted.add(event.participant_id)
        if isinstance(event, ActivityParticipantDeclined):
            assert event.participant_id not in self.admitted
        if isinstance(event, ActivityParticipantWithdrawn):
            assert event.party == event.sending
            self.admitted.discard(event.participant_id)
        if isinstance(event, ActivityActionAccepted):
            assert event.party == event.counterpart
        if isinstance(event, ActivityActionOverdue):
            assert event.action_status in (Standing.PLANNED, Standing.DISPUTED)

    @initialize(kind=st.sampled_from(EVERY_KIND), begins=st.sampled_from([Status.PLANNED, Status.AGREED, Status.HELD]))
    def begins(self, kind: ActivityKind, begins: Status) -> None:
        """Stories begin with the plan, with the people, or with what follows."""
        self.kind, self.activity = kind, activity_that_is(begins, kind)
        self.agreed = {side: one.by.person_id for side, one in self.activity.consents.given.items()}
        self.admitted = {place.participant_id for place in self.activity.places if place.admitted}
        self.now = FIRST + timedelta(days=2) if begins is Status.HELD else NOW

    @rule(by=ANYBODY)
    def agree(self, by: Actor) -> None:
        self.tried(lambda: self.activity.agree(by, self.activity.revision, self.now))

    @rule(by=ANYBODY)
    def announce(self, by: Actor) -> None:
        self.tried(lambda: self.activity.announce(by))

    @rule(by=ANYBODY, person=PEOPLE, sending=SENDERS)
    def enrol(self, by: Actor, person: UUID, sending: UUID) -> None:
        self.tried(lambda: self.activity.enrol_participant(person, sending, by))

    @rule(by=ANYBODY, person=PEOPLE, sending=SENDERS)
    def invite(self, by: Actor, person: UUID, sending: UUID) -> None:
        self.tried(lambda: self.activity.invite_participant(person, sending, by))

    @rule(by=ANYBODY, person=PEOPLE)
    def admit(self, by: Actor, person: UUID) -> None:
        self.tried(lambda: self.activity.admit_participant(person, by))

    @rule(by=ANYBODY, person=PEOPLE)
    def decline(self, by: Actor, person: UUID) -> None:
        self.tried(lambda: self.activity.decline_participant(person, ReasonCode.CAPACITY, by))

    @rule(by=ANYBODY, person=PEOPLE)
    def withdraw(self, by: Actor, person: UUID) -> None:
        self.tried(lambda: self.activity.withdraw_participant(person, ReasonCode.PERSONAL, by))

    @rule(by=ANYBODY, number=NUMBER, present=st.sets(PEOPLE))
    def record(self, by: Actor, number: int, present: set[UUID]) -> None:
        self.tried(lambda: self.activity.record_presence(number, list(present), by, self.now))
        self.tried(lambda: self.activity.record_heads(number, len(present), by, self.now))

    @rule(by=ANYBODY)
    def hold(self, by: Actor) -> None:
        self.tried(lambda: self.activity.hold(by, self.now))

    @rule(by=ANYBODY)
    def certify(self, by: Actor) -> None:
        self.tried(lambda: self.activity.certify(by, self.now))

    @rule(by=ANYBODY, days=st.integers(1, 20))
    def postpone(self, by: Actor, days: int) -> None:
        self.tried(lambda: self.activity.postpone(items(self.kind, timedelta(days=days)), REASON, by))

    @rule(by=ANYBODY, sure=st.integers(0, 4))
    def cancel(self, by: Actor, sure: int) -> None:
        if sure == 0:
            self.tried(lambda: self.activity.cancel(REASON, by))

    @rule(by=ANYBODY, days=st.integers(-10, 60))
    def plan_action(self, by: Actor, days: int) -> None:
        self.tried(lambda: self.activity.plan_action(wanted_action((self.now + timedelta(days=days)).date()), by))

    @rule(by=ANYBODY, number=NUMBER)
    def report(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.activity.report_action(number, EVIDENCE, by))

    @rule(by=ANYBODY, number=NUMBER)
    def accept(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.activity.accept_action(number, by))

    @rule(by=ANYBODY, number=NUMBER)
    def dispute(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.activity.dispute_action(number, REASON, by))

    @rule(by=ANYBODY, number=NUMBER)
    def waive(self, by: Actor, number: int) -> None:
        self.tried(lambda: self.activity.waive_action(number, by, self.now))

    @rule(days=st.integers(1, 100))
    def time_goes_by(self, days: int) -> None:
        """Each timer fires when it is due, as it does in a service."""
        self.now += timedelta(days=days)
        fire = {
            "begin": lambda at: self.activity.begin(),
            "action-overdue": lambda at: self.activity.note_overdue_actions(at),
            "close": lambda at: self.activity.close(),
        }
        for kind, at in sorted(self.activity.due().items(), key=lambda one: one[1]):
            if at <= self.now and kind in self.activity.due():
                self.tried(lambda kind=kind, at=at: fire[kind](at))

    @invariant()
    def the_capacity_is_never_exceeded(self) -> None:
        """And those admitted are those that the events say."""
        admitted = {place.participant_id for place in self.activity.places if place.admitted}
        assert admitted == self.admitted
        assert self.activity.capacity is None or len(admitted) <= self.activity.capacity
        assert max(Counter(place.participant_id for place in self.activity.places).values(), default=1) == 1

    @invariant()
    def every_host_agreed_to_what_is_announced(self) -> None:
        """Each by a person of its own."""
        if self.activity.status not in (Status.PLANNED, Status.CANCELLED):
            assert self.agreed.keys() == {BIRMINGHAM, SCHOOL}
            assert len(set(self.agreed.values())) == 2

    @invariant()
    def what_was_held_was_counted(self) -> None:
        """Every item has its attendance where the kind is counted, and the numbers are there."""
        if self.activity.status in (Status.HELD, Status.CLOSED):
            assert self.activity.numbers is not None
            counted = rules_of(self.kind).counted
            assert not counted or self.activity.attendance.keys() == {1, 2}

    @invariant()
    def only_what_belongs_to_its_kind_happens(self) -> None:
        """Actions, certificates and people appear only where the table of kinds has them."""
        parts = rules_of(self.kind).parts
        assert Part.ACTIONS in parts or not any(isinstance(event, ActionEvent) for event in self.told)
        assert Part.CERTIFICATES in parts or not self.activity.certificates
        assert not self.activity.places or {Part.ENROLMENT, Part.INVITATION} & set(parts)

    @invariant()
    def what_is_reported_is_never_overdue(self) -> None:
        """Whoever awaits a confirmation is branded by nobody."""
        for action in self.activity.actions:
            assert not action.overdue or action.status in (Standing.PLANNED, Standing.DISPUTED)

    @invariant()
    def timers_stand_where_something_is_due(self) -> None:
        """The first day while announced, the last one while held, and nothing else."""
        due = self.activity.due()
        assert ("begin" in due) == (self.activity.status is Status.ANNOUNCED)
        assert ("close" in due) == (self.activity.status is Status.HELD)


TestAnyStory = AnyStory.TestCase
TestAnyStory.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
