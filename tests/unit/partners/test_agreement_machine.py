"""An agreement and its amendments under any sequence of deeds by anybody: 10,000 of them break no rule."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import accumulate
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.partners.domain.agreement_lifecycle import OPEN, UNSIGNED, Status
from services.partners.domain.amendment import Amendment
from services.partners.domain.amendment import Status as AmendmentStatus
from shared.contracts.agreement import (
    AgreementAmended,
    AgreementEvent,
    AgreementRevised,
    AgreementSignatureAdded,
    AgreementSigned,
    AgreementTerminated,
    Revision,
)
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.refused import Refused
from tests.unit.partners.cast import (
    ANYBODY_ELSE,
    BIRMINGHAM,
    CHANCELLOR,
    COUNCIL,
    FRAMPTON,
    INSTITUTE,
    JIANG,
    MAYOR,
    NANJING,
    NOW,
    REASON,
    drafted,
    officer,
    terms,
)

LEADER = officer(COUNCIL, 33)
APPROVERS, SIGNERS = [FRAMPTON, JIANG, ANYBODY_ELSE], [CHANCELLOR, MAYOR, LEADER]
OTHERS = [officer(NANJING, 11), officer(COUNCIL, 12), officer(INSTITUTE, 41, within=(BIRMINGHAM,))]
ANYBODY = st.sampled_from([*APPROVERS, *SIGNERS, *OTHERS])
AREA = st.sampled_from(["talent", "health", "culture"])
SIDES = [BIRMINGHAM, NANJING, COUNCIL]
SIGNED_ONES = {Status.SIGNED, Status.IN_FORCE, Status.SUSPENDED, Status.ENDED, Status.TERMINATED}


class AnyStory(RuleBasedStateMachine):
    """Three parties, people with two offices, somebody of a part; refusals are part of the story."""

    def __init__(self) -> None:
        super().__init__()
        self.agreement = drafted(signatories=SIDES, participants=[])
        self.told: list[AgreementEvent] = []
        self.signed: dict[OrganisationId, Revision] = {}
        self.amendments: list[Amendment] = []
        self.now = NOW

    def tried(self, deed: Callable[[], object]) -> None:
        """Does it, if it is allowed, and takes what it told."""
        before = self.agreement.revision
        with suppress(Refused):
            deed()
        events = [e for e in self.agreement.recorded if isinstance(e, AgreementEvent)]
        self.agreement.recorded.clear()
        self.told.extend(events)
        for event in events:
            assert event.status == self.agreement.status or event is not events[-1]
            if isinstance(event, AgreementSignatureAdded | AgreementSigned):
                assert event.party is not None
                self.signed[event.party] = event.revision
            if isinstance(event, AgreementTerminated) and event.by:
                assert event.reason_code
        if not events:
            assert self.agreement.revision == before

    @rule(by=ANYBODY)
    def submit(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.submit(by))

    @rule(by=ANYBODY)
    def approve(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.approve(by, self.agreement.revision, self.now))

    @rule(by=ANYBODY, area=AREA)
    def revise(self, by: Actor, area: str) -> None:
        self.tried(lambda: self.agreement.revise(terms(areas=[area], signatories=SIDES, participants=[]), by))

    @rule(by=ANYBODY)
    def send_back(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.send_back(REASON, by))

    @rule(by=ANYBODY, late=st.sampled_from([0, 3650]), number=st.integers(0, 1))
    def sign(self, by: Actor, late: int, number: int) -> None:
        read = self.agreement.revision.model_copy(update={"number": self.agreement.revision.number + number})
        self.tried(lambda: self.agreement.sign(by, read, self.now + timedelta(days=late)))

    @initialize()
    def begins_approved(self) -> None:
        self.everybody_approves()

    @rule()
    def everybody_approves(self) -> None:
        for by in APPROVERS:
            self.submit(by)
            self.approve(by)

    @rule(by=st.permutations(SIGNERS), how_many=st.integers(1, 3))
    def some_sign(self, by: list[Actor], how_many: int) -> None:
        for one in by[:how_many]:
            self.tried(lambda one=one: self.agreement.sign(one, self.agreement.revision, self.now))

    @rule()
    def commence(self) -> None:
        self.tried(lambda: self.agreement.commence(self.now))

    @rule(by=ANYBODY, what=st.sampled_from(["suspend", "resume", "suspend", "resume", "terminate"]))
    def agree(self, by: Actor, what: str) -> None:
        deed = getattr(self.agreement, what)
        self.tried(lambda: deed(by, self.now) if what == "resume" else deed(by, REASON, self.now))

    @rule(by=ANYBODY)
    def give_notice(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.give_notice(by, REASON, self.now))

    @rule(by=ANYBODY)
    def retract_notice(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.retract_notice(by))

    @precondition(lambda self: len(self.told) > 15)
    @rule()
    def notice_runs_out(self) -> None:
        if "notice" in self.agreement.due():
            self.tried(self.agreement.terminate_by_notice)

    @rule(days=st.integers(1, 400))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        for kind, at in sorted(self.agreement.due().items(), key=lambda due: due[1]):
            if kind.startswith("remind") and at <= self.now:
                self.tried(lambda kind=kind: self.agreement.remind(int(kind.removeprefix("remind-"))))

    @rule(by=ANYBODY, area=AREA, stale=st.booleans())
    def propose(self, by: Actor, area: str, stale: bool) -> None:
        base = self.agreement.revision.model_copy(update={"number": 99}) if stale else self.agreement.revision
        after = terms(areas=[area, "talent"], signatories=SIDES, participants=[])
        with suppress(Refused):
            made = Amendment.propose(UUID(int=200), self.agreement, base, after, None, by)
            self.amendments.append(made)

    @rule(by=st.permutations(APPROVERS), how_many=st.integers(1, 3))
    def some_approve_the_amendment(self, by: list[Actor], how_many: int) -> None:
        for amendment in self.amendments[-1:]:
            for one in by[:how_many]:
                self.tried(lambda one=one, a=amendment: a.approve(one, a.revision, self.now))

    @rule(by=st.lists(ANYBODY, min_size=1, max_size=4))
    def some_sign_the_amendment(self, by: list[Actor]) -> None:
        for amendment in self.amendments[-1:]:
            for one in [*by, *SIGNERS]:
                self.tried(lambda one=one, a=amendment: a.sign(one, a.revision, self.now))

    @rule(which=st.integers(0, 9))
    def an_amendment_falls_due(self, which: int) -> None:
        due = [a for a in self.amendments if a.due()]
        if due:
            self.tried(lambda: due[which % len(due)].apply_to(self.agreement, self.now))

    @precondition(lambda self: len(self.told) > 8)  # or most stories would end at once
    @rule(by=ANYBODY)
    def withdraw(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.withdraw(REASON, by))

    @invariant()
    def signed_means_signed_by_all(self) -> None:
        """The agreement counts as signed exactly when every signatory signed."""
        by_all = self.agreement.signatures.given.keys() == set(SIDES)
        assert by_all == (self.agreement.status in SIGNED_ONES)

    @invariant()
    def everybody_signed_the_same_revision(self) -> None:
        """No signature is for a wording that was not the present one; an amendment leaves it as it was."""
        assert set(self.signed) == self.agreement.signatures.given.keys()
        assert all(revision == self.agreement.signatures.revision for revision in self.signed.values())
        if not any(isinstance(e, AgreementAmended) for e in self.told):
            assert self.agreement.signatures.revision == self.agreement.revision

    @invariant()
    def nobody_acts_for_two_parties_or_twice_for_one(self) -> None:
        """As many people signed and approved as parties did; nobody did both; nobody acted for a whole from a part."""
        for one in (self.agreement, *self.amendments):
            signers = {side: s.by.person_id for side, s in one.signatures.given.items()}
            reviewers = {side: r.by.person_id for side, r in one.reviews.given.items()}
            assert (len(set(signers.values())), len(set(reviewers.values()))) == (len(signers), len(reviewers))
            assert not any(reviewers.get(side) == person for side, person in signers.items())
            assert UUID(int=41) not in {*signers.values(), *reviewers.values()}

    @invariant()
    def an_amendment_applies_once_and_only_with_all_signatures(self) -> None:
        """The agreement changes by as many amendments as applied, each signed by all."""
        applied = [a for a in self.amendments if a.status is AmendmentStatus.APPLIED]
        assert len(applied) == sum(isinstance(e, AgreementAmended) for e in self.told)
        assert all(a.signatures.complete and a.reviews.complete for a in applied)
        assert len({a.base.number for a in applied}) == len(applied)

    @invariant()
    def revisions_are_counted(self) -> None:
        """Each revision and each amendment has the next number, and no other event changes it."""
        revised = [isinstance(e, AgreementRevised | AgreementAmended) for e in self.told]
        assert [e.revision.number for e in self.told] == [1 + n for n in accumulate(revised)]

    @invariant()
    def reminders_come_once(self) -> None:
        """No more than three for one deadline."""
        deadlines = [
            (e.model_dump()["deadline"], e.model_dump()["days"]) for e in self.told if e.type.endswith("near.v1")
        ]
        assert len(set(deadlines)) == len(deadlines)

    @invariant()
    def what_is_over_has_nothing_due(self) -> None:
        """No timer wakes an agreement that is over, nor one that is not signed."""
        if self.agreement.status not in OPEN or self.agreement.status in UNSIGNED:
            assert not self.agreement.due()


TestAnyStory = AnyStory.TestCase
TestAnyStory.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
