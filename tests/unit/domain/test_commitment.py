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
    """A commitment whose acts all give the same event."""

    lifecycle = commitment_lifecycle(dict.fromkeys((what for _, what, _ in ROWS), Event))


Act = Callable[[Promise], tuple[type[Event], Promise]]


def person(number: int, organisation: OrganisationId) -> Actor:
    """Somebody who holds an office in the organisation."""
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


def that_is(status: Status) -> Promise:
    """The commitment brought to `status`."""
    promise = PLANNED
    for what in WAYS[status]:
        _, promise = ACTS[what](promise)
    return promise


@pytest.mark.parametrize("row", Promise.lifecycle.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_every_row_of_the_lifecycle_happens(row: Transition) -> None:
    """Each allowed act leads to its state; a change needs the other side's consent before."""
    promise = that_is(Status(row.source))
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
def test_an_act_that_the_table_does_not_allow_is_refused(status: Status, what: str) -> None:
    """Whatever is not in the lifecycle is refused, and the refusal names where it is possible."""
    with pytest.raises(NotInState, match="possible when"):
        ACTS[what](that_is(status))


def test_the_table_names_every_act_and_every_state() -> None:
    """No act and no state is missing from the tests above."""
    assert {what for _, what, _ in ROWS} == set(ACTS)
    assert {s for source, _, target in ROWS for s in (source, target)} == set(Status) == set(WAYS)


@pytest.mark.parametrize(("zone", "over"), [("Asia/Shanghai", 16), ("Europe/London", 23)])
def test_a_day_ends_in_the_zone_of_its_owner(zone: str, over: int) -> None:
    """31 March ends at 16:00 UTC for an owner in Nanjing and at 23:00, in summer time, for one in Birmingham."""
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
def test_only_what_awaits_its_report_can_become_overdue(status: Status, missed_at: datetime | None) -> None:
    """A report that awaits acceptance is not late, and one that was disputed does not count."""
    assert that_is(status).missed_at == missed_at


def test_what_is_overdue_is_so_until_it_is_reported() -> None:
    """The report ends it, also a late one; so does a new day."""
    _, overdue = PLANNED.miss()
    _, reported = overdue.report_by(ANNE, EVIDENCE)
    _, asked = overdue.reschedule_by(LI, SIDES, LATER, NOW)
    _, rescheduled = asked.reschedule_by(ANNE, SIDES, LATER, NOW)

    assert [c.overdue for c in (overdue, reported, asked, rescheduled)] == [True, False, True, False]
    assert (overdue.missed_at, rescheduled.due_on) == (None, LATER)


def test_a_change_needs_every_side() -> None:
    """The first consent changes nothing but is kept; the last one sets the new day."""
    _, asked = PLANNED.reschedule_by(ANNE, SIDES, LATER, NOW)
    _, agreed = asked.reschedule_by(LI, SIDES, LATER, NOW)

    assert asked.change is not None
    assert (asked.due_on, list(asked.change.consent.given)) == (DAY, [OWNER])
    assert (agreed.due_on, agreed.change) == (LATER, None)


def test_another_day_is_another_proposal() -> None:
    """Who names another day, or a waiver, agrees to that only: what was given to the earlier proposal is void."""
    _, asked = PLANNED.reschedule_by(ANNE, SIDES, LATER, NOW)
    _, answered = asked.reschedule_by(LI, SIDES, LATER + timedelta(days=1), NOW)
    _, waived = answered.waive_by(ANNE, SIDES, NOW)

    assert answered.change is not None
    assert waived.change is not None
    assert (answered.status, list(answered.change.consent.given)) == (Status.PLANNED, [OTHER])
    assert (waived.status, list(waived.change.consent.given)) == (Status.PLANNED, [OWNER])


@pytest.mark.parametrize("day", [DAY, date(2026, 11, 23)])
def test_a_new_day_is_another_one_and_to_come(day: date) -> None:
    """The present day and one that is over in the owner's zone are refused."""
    with pytest.raises(Invalid, match="due_on"):
        PLANNED.reschedule_by(ANNE, SIDES, day, NOW)


def test_a_refusal_says_which_rule_it_is() -> None:
    """Its own report, one person on two sides, a second consent and a stranger each have their own."""
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


def test_a_new_report_takes_the_place_of_the_disputed_one() -> None:
    """The reason of the dispute goes with the report that it was about."""
    disputed = that_is(Status.DISPUTED)
    _, again = disputed.report_by(ANNE, EVIDENCE)

    assert (disputed.reason_code, disputed.reason) == ("evidence-missing", Text(en="The annex is missing"))
    assert (again.reason_code, again.reason) == (None, None)


ANYBODY = st.sampled_from([ANNE, LI, person(1, OTHER), person(3, OWNER), person(4, OUTSIDE)])


class AnyStory(RuleBasedStateMachine):
    """One commitment, people with two offices, acts in any order while time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.promise, self.now = PLANNED, NOW
        self.consents: dict[date | None, set[OrganisationId]] = {}

    def tried(self, act: Act) -> bool:
        """Does it, if it is allowed; says whether it was."""
        with suppress(Refused):
            _, self.promise = act(self.promise)
            return True
        return False

    def agreed(self, by: Actor, what: date | None) -> None:
        """Keeps who agreed to what, by the rule that another proposal voids the earlier one."""
        self.consents = {what: self.consents.get(what, set()) | {by.organisation}}
        if self.consents[what] == set(SIDES):
            assert (self.promise.due_on == what) if what else (self.promise.status is Status.WAIVED)
            self.consents = {}

    @rule(by=ANYBODY)
    def report(self, by: Actor) -> None:
        if self.tried(lambda c: c.report_by(by, EVIDENCE)):
            self.consents = {}

    @rule(by=ANYBODY)
    def accept(self, by: Actor) -> None:
        if self.tried(lambda c: c.accept_by(by)):
            assert by.organisation != OWNER
            assert self.promise.report is not None
            assert self.promise.report.by.person_id != by.person

    @rule(by=ANYBODY)
    def dispute(self, by: Actor) -> None:
        self.tried(lambda c: c.dispute_by(by, WHY))

    @rule(by=ANYBODY, days=st.integers(1, 3))
    def reschedule(self, by: Actor, days: int) -> None:
        day = LATER + timedelta(days=days)
        if self.tried(lambda c: c.reschedule_by(by, SIDES, day, self.now)):
            self.agreed(by, day)

    @rule(by=ANYBODY)
    def waive(self, by: Actor) -> None:
        if self.tried(lambda c: c.waive_by(by, SIDES, self.now)):
            self.agreed(by, None)

    @rule(days=st.integers(1, 90))
    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days)
        if (due := self.promise.missed_at) and due <= self.now:
            self.tried(lambda c: c.miss())

    @invariant()
    def overdue_is_what_awaits_its_report(self) -> None:
        """Nothing reported, accepted or waived is ever overdue."""
        assert not self.promise.overdue or self.promise.status in (Status.PLANNED, Status.DISPUTED)

    @invariant()
    def accepted_means_reported_and_accepted(self) -> None:
        """Accepted exactly when somebody accepted."""
        assert (self.promise.accepted_by is not None) == (self.promise.status is Status.ACCEPTED)

    @invariant()
    def a_proposal_stands_while_one_side_waits(self) -> None:
        """The change that is kept is the one that some sides, and not all, agreed to."""
        change = self.promise.change
        assert ({change.due_on: set(change.consent.given)} if change else {}) == self.consents


TestAnyStory = AnyStory.TestCase
TestAnyStory.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
