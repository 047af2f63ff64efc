"""A learning agreement under acts in any order by anybody: what is in force is what three people signed."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.exchanges.domain.learning_agreement import LearningAgreement
from services.exchanges.domain.learning_agreement_lifecycle import LIFECYCLE, OPEN, Status
from services.exchanges.domain.study_plan import StudyPlan, revision_of
from shared.contracts.agreement import Revision
from shared.contracts.learning_agreement import LearningAgreementRevisionEvent
from shared.domain.actor import Actor
from shared.domain.reason import Cause
from shared.domain.refused import Refused
from shared.service.work import adapter
from tests.unit.exchanges.learning import COMMENT, STUDENT, changes, drafted, plan, revision
from tests.unit.exchanges.scene import ANNE, LI, NOW, REASON, STRANGER, WITHIN

ANYBODY = st.sampled_from([STUDENT, STUDENT, ANNE, ANNE, LI, LI, WITHIN, STRANGER])
OFFICERS = st.sampled_from([ANNE, ANNE, LI, LI, WITHIN, STRANGER])
PLANS = st.sampled_from(
    [
        plan("logic", "data", "x"),
        changes(),
        changes((), ("systems",)),
        changes(("data",), ("networks",)),
        changes(("x",)),
    ]
)
STALE = st.booleans() | st.just(value=False)
TRANSITIONS = {(row.source, row.target) for row in LIFECYCLE.rows}


class AnyStory(RuleBasedStateMachine):
    """One agreement, whose signers may name the revision that they read last instead of the one that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.one = drafted()
        self.read: list[Revision] = [revision(self.one)]
        self.signed: dict[Revision, set[str]] = {}

    def tried(self, act: Callable[[LearningAgreement], None]) -> bool:
        """Does it on what is stored, as a use case does; a refusal leaves that untouched."""
        reads = adapter(LearningAgreement)
        changed = reads.validate_json(reads.dump_json(self.one))
        with suppress(Refused):
            act(changed)
            assert (self.one.status, changed.status) in TRANSITIONS
            self.told(changed)
            self.one = changed
            return True
        return False

    def told(self, changed: LearningAgreement) -> None:
        """Each act is one event, which says where it stands and what is in force then."""
        [event] = changed.recorded
        said = event.model_dump()
        assert (said["status"], said["in_force"]) == (changed.status, changed.in_force)
        if isinstance(event, LearningAgreementRevisionEvent) and event.revision not in self.read:
            self.read.append(event.revision)

    def named(self, stale: bool) -> Revision:
        return self.read[0] if stale else revision(self.one)

    def sign(self, who: str, named: Revision, act: Callable[[LearningAgreement], None]) -> None:
        if self.tried(act):
            assert named == self.read[-1]
            self.signed.setdefault(named, set()).add(who)

    @rule(by=OFFICERS, said=PLANS)
    def revise(self, by: Actor, said: StudyPlan) -> None:
        self.tried(lambda one: one.revise(by, said))

    @rule(by=ANYBODY, stale=STALE)
    def student_signs(self, by: Actor, stale: bool) -> None:
        named = self.named(stale)
        self.sign("student", named, lambda one: one.sign(by, named, NOW))

    @rule(by=OFFICERS, stale=STALE)
    def propose(self, by: Actor, stale: bool) -> None:
        named = self.named(stale)
        self.sign("sending", named, lambda one: one.propose(by, named, NOW))

    @rule(by=OFFICERS, stale=STALE)
    def approve(self, by: Actor, stale: bool) -> None:
        named = self.named(stale)
        self.sign("receiving", named, lambda one: one.approve(by, named, NOW))

    @rule(said=PLANS)
    def agree(self, said: StudyPlan) -> None:
        """All goes well: drafted anew, and signed by the three in their order."""
        self.revise(ANNE, said)
        self.student_signs(STUDENT, stale=False)
        self.propose(ANNE, stale=False)
        self.approve(LI, stale=False)

    @rule(by=OFFICERS, stale=STALE)
    def comment(self, by: Actor, stale: bool) -> None:
        self.tried(lambda one: one.comment(by, self.named(stale), COMMENT))

    @rule(by=OFFICERS)
    def withdraw(self, by: Actor) -> None:
        self.tried(lambda one: one.withdraw(by, REASON))

    @rule(never=st.integers(0, 30))
    def close(self, never: int) -> None:
        """Seldom, as everything is over then."""
        if never == 0 and self.one.status is not Status.CLOSED:
            self.tried(lambda one: one.close(Cause.MOBILITY_CANCELLED))

    @invariant()
    def what_is_in_force_is_what_three_signed(self) -> None:
        """Each version by all three, and none was lost."""
        assert all(
            self.signed[version.revision] == {"student", "sending", "receiving"} for version in self.one.versions
        )
        complete = [named for named, by in self.signed.items() if len(by) == 3]
        assert [version.revision for version in self.one.versions] == complete

    @invariant()
    def hashes_are_those_of_what_is_kept(self) -> None:
        """Of every version and of the proposal, over the first version where they change it."""
        first = self.one.versions[0].revision if self.one.versions else None
        for kept in [*self.one.versions[1:], *([self.one.proposal] if self.one.proposal else [])]:
            assert kept.revision == revision_of(kept.revision.number, kept.plan, self.one.id, first)

    @invariant()
    def numbers_rise(self) -> None:
        """No number is used twice."""
        numbers = [each.number for each in self.read]
        assert numbers == sorted(set(numbers))

    @invariant()
    def a_proposal_is_open_where_the_status_says_so(self) -> None:
        """An open one, or none; what is closed may keep the one that was open."""
        if self.one.status is not Status.CLOSED:
            assert (self.one.proposal is not None) is (self.one.status in OPEN)


TestLearningAgreements = AnyStory.TestCase
TestLearningAgreements.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
