"""Commitments: reported by their owner, accepted or disputed by others, changed by consent, overdue after their day."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.contracts.event import Event
from shared.contracts.values import OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Transition
from shared.domain.commitment import ROWS, Commitment, Evidence, OwnReport, Status, commitment_lifecycle
from shared.domain.consent import AgreedAlready
from shared.domain.reason import Reason, ReasonCode
from shared.domain.refused import Invalid, NotASide, NotInState, Refused, SamePerson

OWNER, OTHER, OUTSIDE = (UUID(int=n) for n in (1, 2, 3))
SIDES = [OWNER, OTHER]
DAY, DAY_OVER = date(2027, 3, 31), datetime(2027, 3, 31, 16, tzinfo=UTC)
"""A day in Shanghai, and the first moment after it."""
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = date(2027, 6, 30)
EVIDENCE = Evidence(text=Text(en="Report 7"))
WHY = Reason(ReasonCode.EVIDENCE_MISSING, Text(en="The annex is missing"))


class Promise(Commitment, frozen=True):
    """A commitment whose acts all record the same event."""

    lifecycle = commitment_lifecycle(dict.fromkeys((what for _, what, _ in ROWS), Event))


Act = Callable[[Promise], tuple[type[Event], Promise]]


def person(number: int, organisation: OrganisationId) -> Actor:
    """An officer of the organisation."""
    return Actor(UUID(int=100 + number), organisation, frozenset(), Text(en="Officer"))


ANNE, LI = person(1, OWNER), person(2, OTHER)
PLANNED = Promise(number=1, title=Text(en="Plan of work"), owner=OWNER, due_on=DAY, time_zone="Asia/Shanghai")
ACTS: dict[str, Act] = {
    "report": lambda c: c.report_by(ANNE, EVIDENCE),
    "accept": lambda c: c.accept_by(LI),
    "dispute": lambda c: c.dispute_by(LI, WHY),
    "miss": lambda c: c.miss(),
    "agree rescheduling": lambda c: c.reschedule_by(LI, SIDES, LATER, NOW),
    "agree waiver": lambda c: c.waive_by(LI, SIDES, NOW),
    "reschedule": lambda c: c.reschedule_by(ANNE, SIDES, LATER, NOW),
    "waive": lambda c: c.waive_by(ANNE, SIDES, NOW),
}
WAYS: dict[Status, tuple[str, ...]] = {
    Status.PLANNED: (),
    Status.REPORTED: ("report",),
    Status.ACCEPTED: ("report", "accept"),
    Status.DISPUTED: ("report", "dispute"),
    Status.WAIVED: ("agree waiver", "waive"),
}


def in_state(status: Status) -> Promise:
    """The commitment brought to `status`."""
    promise = PLANNED
    for what in WAYS[status]:
        _, promise = ACTS[what](promise)
    return promise


@pytest.mark.parametrize("row", Promise.lifecycle.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_each_allowed_act_leads_to_its_state(row: Transition) -> None:
    """A change succeeds only after the other side has agreed to it."""
    promise = in_state(Status(row.source))
    if row.what == "reschedule":
        _, promise = promise.reschedule_by(LI, SIDES, LATER, NOW)
    if row.what == "waive":
        _, promise = promise.waive_by(LI, SIDES, NOW)

    event, after = ACTS[row.what](promise)

    assert (event, after.status) == (row.event, row.target)


@pytest.mark.parametrize(
    ("status", "what"),
    [(s, what) for s in Status for what in ACTS if not Promise.lifecycle.allows(s, what)],
)
def test_an_act_outside_the_lifecycle_is_refused(status: Status, what: str) -> None:
    """The refusal names the states in which the act is allowed."""
    with pytest.raises(NotInState, match="possible when"):
        ACTS[what](in_state(status))


def test_every_act_and_every_state_is_tested() -> None:
    """The tests above cover the whole lifecycle table."""
    assert {what for _, what, _ in ROWS} == set(ACTS)
    assert {s for source, _, target in ROWS for s in (source, target)} == set(Status) == set(WAYS)


@pytest.mark.parametrize(("zone", "over"), [("Asia/Shanghai", 16), ("Europe/London", 23)])
def test_a_day_ends_in_the_owners_time_zone(zone: str, over: int) -> None:
    """31 March ends at 16:00 UTC for an owner in Nanjing, and at 23:00 UTC (summer time) for one in Birmingham."""
    assert PLANNED.model_copy(update={"time_zone": zone}).missed_at == datetime(2027, 3, 31, over, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "missed_at"),
    [
        (Status.PLANNED, DAY_OVER),
        (Status.REPORTED, None),
        (Status.ACCEPTED, None),
        (Status.DISPUTED, DAY_OVER),
        (Status.WAIVED, None),
    ],
)
def test_only_an_unreported_commitment_can_become_overdue(status: Status, missed_at: datetime | None) -> None:
    """A report that awaits acceptance is on time; a disputed report does not count."""
    assert in_state(status).missed_at == missed_at


def test_it_stays_overdue_until_it_is_reported_or_rescheduled() -> None:
    """A late report counts; a request for another day does not until every side has agreed."""
    _, overdue = PLANNED.miss()
    _, reported = overdue.report_by(ANNE, EVIDENCE)
    _, asked = overdue.reschedule_by(LI, SIDES, LATER, NOW)
    _, rescheduled = asked.reschedule_by(ANNE, SIDES, LATER, NOW)

    assert [c.overdue for c in (overdue, reported, asked, rescheduled)] == [True, False, True, False]
    assert (overdue.missed_at, rescheduled.due_on) == (None, LATER)


def test_a_change_needs_the_consent_of_every_side() -> None:
    """The first consent is kept and changes nothing; the last one sets the new day."""
    _, asked = PLANNED.reschedule_by(ANNE, SIDES, LATER, NOW)
    _, agreed = asked.reschedule_by(LI, SIDES, LATER, NOW)

    assert asked.change is not None
    assert (asked.due_on, list(asked.change.consent.given)) == (DAY, [OWNER])
    assert (agreed.due_on, agreed.change) == (LATER, None)


def test_a_different_change_replaces_the_proposal() -> None:
    """Consent to another day or to a waiver voids the consent given to the earlier proposal."""
    _, asked = PLANNED.reschedule_by(ANNE, SIDES, LATER, NOW)
    _, answered = asked.reschedule_by(LI, SIDES, LATER + timedelta(days=1), NOW)
    _, waived = answered.waive_by(ANNE, SIDES, NOW)

    assert answered.change is not None
    assert waived.change is not None
    assert (answered.status, list(answered.change.consent.given)) == (Status.PLANNED, [OTHER])
    assert (waived.status, list(waived.change.consent.given)) == (Status.PLANNED, [OWNER])


@pytest.mark.parametrize("day", [DAY, date(2026, 11, 23)])
def test_a_new_day_must_differ_and_lie_in_the_future(day: date) -> None:
    """The current day and a day that is over in the owner's time zone are refused."""
    with pytest.raises(Invalid, match="due_on"):
        PLANNED.reschedule_by(ANNE, SIDES, day, NOW)


def test_each_broken_rule_has_its_own_refusal() -> None:
    """The rules: not one's own report, not one person for two sides, no second consent, no outsiders."""
    _, reported = PLANNED.report_by(ANNE, EVIDENCE)
    _, asked = PLANNED.waive_by(ANNE, SIDES, NOW)

    with pytest.raises(OwnReport):
        reported.accept_by(person(3, OWNER))
    with pytest.raises(SamePerson):
        reported.accept_by(person(1, OTHER))
    with pytest.raises(SamePerson):
        asked.waive_by(person(1, OTHER), SIDES, NOW)
    with pytest.raises(AgreedAlready):
        asked.waive_by(person(3, OWNER), SIDES, NOW)
    with pytest.raises(NotASide):
        asked.waive_by(person(4, OUTSIDE), SIDES, NOW)


def test_a_new_report_replaces_the_disputed_one() -> None:
    """The reason for the dispute is dropped with the disputed report."""
    disputed = in_state(Status.DISPUTED)
    _, again = disputed.report_by(ANNE, EVIDENCE)

    assert (disputed.reason_code, disputed.reason) == ("evidence-missing", Text(en="The annex is missing"))
    assert (again.reason_code, again.reason) == (None, None)


ANYONE = st.sampled_from([ANNE, LI, person(1, OTHER), person(3, OWNER), person(4, OUTSIDE)])


class OneCommitment(RuleBasedStateMachine):
    """One commitment; people of several sides act on it in any order while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.promise, self.now = PLANNED, NOW
        self.consents: dict[date | None, set[OrganisationId]] = {}

    def attempt(self, act: Act) -> bool:
        """Tries the act and returns whether it was allowed."""
        with suppress(Refused):
            _, self.promise = act(self.promise)
            return True
        return False

    def record_consent(self, by: Actor, what: date | None) -> None:
        """Records who agreed to what; another proposal voids the earlier one."""
        self.consents = {what: self.consents.get(what, set()) | {by.organisation}}
        if self.consents[what] == set(SIDES):
            assert (self.promise.due_on == what) if what else (self.promise.status is Status.WAIVED)
            self.consents = {}

    @rule(by=ANYONE)
    def report(self, by: Actor) -> None:
        if self.attempt(lambda c: c.report_by(by, EVIDENCE)):
            self.consents = {}

    @rule(by=ANYONE)
    def accept(self, by: Actor) -> None:
        if self.attempt(lambda c: c.accept_by(by)):
            assert by.organisation != OWNER
            assert self.promise.report is not None
            assert self.promise.report.by.person_id != by.person

    @rule(by=ANYONE)
    def dispute(self, by: Actor) -> None:
        self.attempt(lambda c: c.dispute_by(by, WHY))

    @rule(by=ANYONE, days=st.integers(1, 3))
    def reschedule(self, by: Actor, days: int) -> None:
        day = LATER + timedelta(days=days)
        if self.attempt(lambda c: c.reschedule_by(by, SIDES, day, self.now)):
            self.record_consent(by, day)

    @rule(by=ANYONE)
    def waive(self, by: Actor) -> None:
        if self.attempt(lambda c: c.waive_by(by, SIDES, self.now)):
            self.record_consent(by, None)

    @rule(days=st.integers(1, 90))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        if (due := self.promise.missed_at) and due <= self.now:
            self.attempt(lambda c: c.miss())

    @invariant()
    def only_an_unreported_commitment_is_overdue(self) -> None:
        """A reported, accepted or waived commitment is never overdue."""
        assert not self.promise.overdue or self.promise.status in (Status.PLANNED, Status.DISPUTED)

    @invariant()
    def accepted_names_who_accepted(self) -> None:
        """`accepted_by` is set exactly while the status is accepted."""
        assert (self.promise.accepted_by is not None) == (self.promise.status is Status.ACCEPTED)

    @invariant()
    def a_proposal_is_kept_until_every_side_has_agreed(self) -> None:
        """The pending change has the consents given so far."""
        change = self.promise.change
        assert ({change.due_on: set(change.consent.given)} if change else {}) == self.consents


TestOneCommitment = OneCommitment.TestCase
TestOneCommitment.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
