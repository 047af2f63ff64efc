"""An agreement under any sequence of deeds by anybody."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import accumulate

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.partners.domain.agreement import Status
from shared.contracts.agreement import (
    AgreementEvent,
    AgreementRevised,
    AgreementSignatureAdded,
    AgreementSigned,
    Revision,
)
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.refused import Refused
from tests.unit.partners.cast import (
    ANYBODY_ELSE,
    BIRMINGHAM,
    COUNCIL,
    FRAMPTON,
    JIANG,
    NANJING,
    NOW,
    REASON,
    drafted,
    officer,
    terms,
)

ANYBODY = st.sampled_from([FRAMPTON, JIANG, ANYBODY_ELSE, officer(NANJING, 11), officer(COUNCIL, 12)])
SIGNED_ONES = {Status.SIGNED, Status.IN_FORCE, Status.ENDED, Status.TERMINATED}


class AnyStory(RuleBasedStateMachine):
    """Three parties, people with two offices, deeds in any order; refusals are part of the story."""

    def __init__(self) -> None:
        super().__init__()
        self.agreement = drafted(signatories=[BIRMINGHAM, NANJING, COUNCIL], participants=[])
        self.told: list[AgreementEvent] = []
        self.signed: dict[OrganisationId, Revision] = {}

    def tried(self, deed: Callable[[], None]) -> None:
        """Does it, if it is allowed, and takes what it told."""
        with suppress(Refused):
            deed()
        events = [e for e in self.agreement.recorded if isinstance(e, AgreementEvent)]
        self.agreement.recorded.clear()
        self.told.extend(events)
        for event in events:
            if isinstance(event, AgreementSignatureAdded | AgreementSigned):
                assert event.party is not None
                self.signed[event.party] = event.revision

    @rule(by=ANYBODY)
    def submit(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.submit(by))

    @rule(by=ANYBODY)
    def approve(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.approve(by, NOW))

    @rule(by=ANYBODY, area=st.sampled_from(["talent", "health", "culture"]))
    def revise(self, by: Actor, area: str) -> None:
        self.tried(lambda: self.agreement.revise(terms(areas=[area]), by))

    @rule(by=ANYBODY)
    def send_back(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.send_back(REASON, by))

    @rule(by=ANYBODY, late=st.sampled_from([0, 3650]), number=st.integers(0, 1))
    def sign(self, by: Actor, late: int, number: int) -> None:
        read = self.agreement.revision.model_copy(update={"number": self.agreement.revision.number + number})
        self.tried(lambda: self.agreement.sign(by, read, NOW + timedelta(days=late)))

    @initialize()
    def begins_approved(self) -> None:
        self.everybody_approves()

    @rule()
    def everybody_approves(self) -> None:
        for by in (FRAMPTON, JIANG, ANYBODY_ELSE):
            self.submit(by)
            self.approve(by)

    @rule(by=st.permutations([FRAMPTON, JIANG, ANYBODY_ELSE]), how_many=st.integers(1, 3))
    def some_sign(self, by: list[Actor], how_many: int) -> None:
        for one in by[:how_many]:
            self.tried(lambda one=one: self.agreement.sign(one, self.agreement.revision, NOW))

    @rule()
    def commence(self) -> None:
        self.tried(self.agreement.commence)

    @rule(by=ANYBODY)
    def terminate(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.terminate(REASON, by))

    @precondition(lambda self: len(self.told) > 8)  # or most stories would end at once
    @rule(by=ANYBODY)
    def withdraw(self, by: Actor) -> None:
        self.tried(lambda: self.agreement.withdraw(REASON, by))

    @invariant()
    def signed_means_signed_by_all(self) -> None:
        """The agreement counts as signed exactly when every signatory signed."""
        by_all = self.agreement.signatures.given.keys() == set(self.agreement.signatories)
        assert by_all == (self.agreement.status in SIGNED_ONES)

    @invariant()
    def everybody_signed_the_present_revision(self) -> None:
        """No signature is for a wording that is not the present one."""
        assert set(self.signed) == self.agreement.signatures.given.keys()
        assert all(revision == self.agreement.revision for revision in self.signed.values())

    @invariant()
    def nobody_acts_for_two_parties(self) -> None:
        """As many people signed and approved as parties did."""
        signers = [s.by.person_id for s in self.agreement.signatures.given.values()]
        reviewers = [r.by.person_id for r in self.agreement.reviews.given.values()]
        assert (len(set(signers)), len(set(reviewers))) == (len(signers), len(reviewers))

    @invariant()
    def revisions_are_counted(self) -> None:
        """Each revision told of has the next number, and no other event changes it."""
        revised = [isinstance(e, AgreementRevised) for e in self.told]
        assert [e.revision.number for e in self.told] == [1 + n for n in accumulate(revised)]


TestAnyStory = AnyStory.TestCase
TestAnyStory.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
