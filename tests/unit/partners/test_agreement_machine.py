"""An agreement and its amendments obey the rules after 10,000 acts in any order by anyone."""

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
ANYONE = st.sampled_from([*APPROVERS, *SIGNERS, *OTHERS])
AREA = st.sampled_from(["talent", "health", "culture"])
SIDES = [BIRMINGHAM, NANJING, COUNCIL]
SIGNED_ONES = {Status.SIGNED, Status.IN_FORCE, Status.SUSPENDED, Status.ENDED, Status.TERMINATED}


class OneAgreement(RuleBasedStateMachine):
    """Three parties, people with two offices and an officer of a unit; acts may be refused."""

    def __init__(self) -> None:
        super().__init__()
        self.agreement = drafted(signatories=SIDES, participants=[])
        self.events: list[AgreementEvent] = []
        self.signed: dict[OrganisationId, Revision] = {}
        self.amendments: list[Amendment] = []
        self.now = NOW

    def attempt(self, act: Callable[[], object]) -> None:
        """Tries the act and collects the recorded events."""
        before = self.agreement.revision
        with suppress(Refused):
            act()
        events = [e for e in self.agreement.recorded if isinstance(e, AgreementEvent)]
        self.agreement.recorded.clear()
        self.events.extend(events)
        for event in events:
            assert event.status == self.agreement.status or event is not events[-1]
            if isinstance(event, AgreementSignatureAdded | AgreementSigned):
                assert event.party is not None
                self.signed[event.party] = event.revision
            if isinstance(event, AgreementTerminated) and event.by:
                assert event.reason_code
        if not events:
            assert self.agreement.revision == before

    @rule(by=ANYONE)
    def submit(self, by: Actor) -> None:
        self.attempt(lambda: self.agreement.submit(by))

    @rule(by=ANYONE)
    def approve(self, by: Actor) -> None:
        self.attempt(lambda: self.agreement.approve(by, self.agreement.revision, self.now))

    @rule(by=ANYONE, area=AREA)
    def revise(self, by: Actor, area: str) -> None:
        self.attempt(lambda: self.agreement.revise(terms(areas=[area], signatories=SIDES, participants=[]), by))

    @rule(by=ANYONE)
    def send_back(self, by: Actor) -> None:
        self.attempt(lambda: self.agreement.send_back(REASON, by))

    @rule(by=ANYONE, late=st.sampled_from([0, 3650]), number=st.integers(0, 1))
    def sign(self, by: Actor, late: int, number: int) -> None:
        read = self.agreement.revision.model_copy(update={"number": self.agreement.revision.number + number})
        self.attempt(lambda: self.agreement.sign(by, read, self.now + timedelta(days=late)))

    @initialize()
    def start_approved(self) -> None:
        self.everyone_approves()

    @rule()
    def everyone_approves(self) -> None:
        for by in APPROVERS:
            self.submit(by)
            self.approve(by)

    @rule(by=st.permutations(SIGNERS), how_many=st.integers(1, 3))
    def some_sign(self, by: list[Actor], how_many: int) -> None:
        for one in by[:how_many]:
            self.attempt(lambda one=one: self.agreement.sign(one, self.agreement.revision, self.now))

    @rule()
    def commence(self) -> None:
        self.attempt(lambda: self.agreement.commence(self.now))

    @rule(by=ANYONE, what=st.sampled_from(["suspend", "resume", "suspend", "resume", "terminate"]))
    def agree(self, by: Actor, what: str) -> None:
        act = getattr(self.agreement, what)
        self.attempt(lambda: act(by, self.now) if what == "resume" else act(by, REASON, self.now))

    @rule(by=ANYONE)
    def give_notice(self, by: Actor) -> None:
        self.attempt(lambda: self.agreement.give_notice(by, REASON, self.now))

    @rule(by=ANYONE)
    def retract_notice(self, by: Actor) -> None:
        self.attempt(lambda: self.agreement.retract_notice(by))

    @precondition(lambda self: len(self.events) > 15)
    @rule()
    def notice_runs_out(self) -> None:
        if "notice" in self.agreement.due():
            self.attempt(self.agreement.terminate_by_notice)

    @rule(days=st.integers(1, 400))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        for kind, at in sorted(self.agreement.due().items(), key=lambda due: due[1]):
            if kind.startswith("remind") and at <= self.now:
                self.attempt(lambda kind=kind: self.agreement.remind(int(kind.removeprefix("remind-"))))

    @rule(by=ANYONE, area=AREA, stale=st.booleans())
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
                self.attempt(lambda one=one, a=amendment: a.approve(one, a.revision, self.now))

    @rule(by=st.lists(ANYONE, min_size=1, max_size=4))
    def some_sign_the_amendment(self, by: list[Actor]) -> None:
        for amendment in self.amendments[-1:]:
            for one in [*by, *SIGNERS]:
                self.attempt(lambda one=one, a=amendment: a.sign(one, a.revision, self.now))

    @rule(which=st.integers(0, 9))
    def an_amendment_falls_due(self, which: int) -> None:
        due = [a for a in self.amendments if a.due()]
        if due:
            self.attempt(lambda: due[which % len(due)].apply_to(self.agreement, self.now))

    @precondition(lambda self: len(self.events) > 8)  # otherwise most runs would end at once
    @rule(by=ANYONE)
    def withdraw(self, by: Actor) -> None:
        self.attempt(lambda: self.agreement.withdraw(REASON, by))

    @invariant()
    def signed_means_signed_by_every_signatory(self) -> None:
        """The agreement counts as signed exactly when every signatory has signed."""
        by_all = self.agreement.signatures.given.keys() == set(SIDES)
        assert by_all == (self.agreement.status in SIGNED_ONES)

    @invariant()
    def everyone_signed_the_same_revision(self) -> None:
        """All signatures are for the revision that was current; an amendment does not change them."""
        assert set(self.signed) == self.agreement.signatures.given.keys()
        assert all(revision == self.agreement.signatures.revision for revision in self.signed.values())
        if not any(isinstance(e, AgreementAmended) for e in self.events):
            assert self.agreement.signatures.revision == self.agreement.revision

    @invariant()
    def nobody_acts_for_two_parties_or_twice_for_one_party(self) -> None:
        """Each party has its own signer and reviewer, two people, and neither is an officer of a unit."""
        for one in (self.agreement, *self.amendments):
            signers = {side: s.by.person_id for side, s in one.signatures.given.items()}
            reviewers = {side: r.by.person_id for side, r in one.reviews.given.items()}
            assert (len(set(signers.values())), len(set(reviewers.values()))) == (len(signers), len(reviewers))
            assert not any(reviewers.get(side) == person for side, person in signers.items())
            assert UUID(int=41) not in {*signers.values(), *reviewers.values()}

    @invariant()
    def an_amendment_applies_once_and_only_with_all_signatures(self) -> None:
        """Each applied amendment changed the agreement once and was signed by all."""
        applied = [a for a in self.amendments if a.status is AmendmentStatus.APPLIED]
        assert len(applied) == sum(isinstance(e, AgreementAmended) for e in self.events)
        assert all(a.signatures.complete and a.reviews.complete for a in applied)
        assert len({a.base.number for a in applied}) == len(applied)

    @invariant()
    def revisions_are_numbered_without_gaps(self) -> None:
        """Each revision and each amendment takes the next number; no other event changes it."""
        revised = [isinstance(e, AgreementRevised | AgreementAmended) for e in self.events]
        assert [e.revision.number for e in self.events] == [1 + n for n in accumulate(revised)]

    @invariant()
    def reminders_are_sent_once(self) -> None:
        """There is at most one for each deadline and number of days."""
        deadlines = [
            (e.model_dump()["deadline"], e.model_dump()["days"]) for e in self.events if e.type.endswith("near.v1")
        ]
        assert len(set(deadlines)) == len(deadlines)

    @invariant()
    def an_agreement_outside_its_term_has_no_timers(self) -> None:
        """No timer is set before the signing or after the end."""
        if self.agreement.status not in OPEN or self.agreement.status in UNSIGNED:
            assert not self.agreement.due()


TestOneAgreement = OneAgreement.TestCase
TestOneAgreement.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
