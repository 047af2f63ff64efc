"""Every transition of a learning agreement, allowed and refused, from the table itself; who signs what."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.exchanges.domain.learning_agreement import (
    LearningAgreement,
    NoChanges,
    NothingInForce,
    NotTheStudent,
)
from services.exchanges.domain.learning_agreement_lifecycle import LIFECYCLE, Status
from services.exchanges.domain.study_plan import StudyPlan
from services.exchanges.domain.transcript import TranscriptWanted
from shared.contracts.learning_agreement import LearningAgreementApproved, LearningAgreementCommentedOn
from shared.domain.actor import Actor
from shared.domain.aggregate import Transition
from shared.domain.consent import RevisionChanged
from shared.domain.reason import Cause
from shared.domain.refused import NotASide, Refused, SamePerson
from shared.domain.side import OfficeOfAPart
from shared.service.work import adapter
from tests.unit.exchanges.learning import (
    ANOTHER,
    COMMENT,
    STUDENT,
    changes,
    component,
    drafted,
    plan,
    revision,
    signed_by_all,
    standing,
)
from tests.unit.exchanges.scene import ANNE, BIRMINGHAM, LI, NANJING, NOW, REASON, STRANGER, WITHIN, coordinator

ACTS: dict[str, Callable[[LearningAgreement], None]] = {
    "revise": lambda a: a.revise(ANNE, changes()),
    "sign": lambda a: a.sign(STUDENT, revision(a), NOW),
    "propose": lambda a: a.propose(ANNE, revision(a), NOW),
    "approve": lambda a: a.approve(LI, revision(a), NOW),
    "comment on": lambda a: a.comment(LI, revision(a), COMMENT),
    "withdraw": lambda a: a.withdraw(ANNE, REASON),
}


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_an_allowed_act_leads_where_the_table_says_and_tells_it(row: Transition) -> None:
    """Every row of the lifecycle ends in its target state and records exactly its event, which names the version."""
    one = standing(Status(row.source))
    version = 2 if row.what == "approve" else 1

    if row.what == "close":
        one.close(Cause.MOBILITY_CANCELLED)
    else:
        ACTS[row.what](one)

    [event] = one.recorded
    told = event.model_dump()
    assert (one.status, type(event)) == (row.target, row.event)
    assert (told["status"], told["in_force"], one.in_force) == (row.target, version, version)


NOT_ALLOWED = [(s, what) for s in Status for what in ACTS if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_an_act_that_the_table_does_not_allow_is_refused_and_changes_nothing(status: Status, what: str) -> None:
    """Whatever is not in the lifecycle is refused, records nothing and leaves the agreement as it was."""
    one = standing(status)
    before = adapter(LearningAgreement).dump_json(one)

    with pytest.raises(Refused):
        ACTS[what](one)

    assert (adapter(LearningAgreement).dump_json(one), one.recorded) == (before, [])


def test_the_table_names_every_act_and_every_state() -> None:
    """No act and no state is missing from the tests above."""
    assert {r.what for r in LIFECYCLE.rows} == {*ACTS, "close"}
    assert {s for r in LIFECYCLE.rows for s in (r.source, r.target)} == set(Status)


BY: dict[str, tuple[Status, Callable[[LearningAgreement, Actor], None]]] = {
    "revise": (Status.COMMENTED, lambda a, who: a.revise(who, changes())),
    "propose": (Status.STUDENT_SIGNED, lambda a, who: a.propose(who, revision(a), NOW)),
    "approve": (Status.PROPOSED, lambda a, who: a.approve(who, revision(a), NOW)),
    "comment on": (Status.PROPOSED, lambda a, who: a.comment(who, revision(a), COMMENT)),
    "withdraw": (Status.COMMENTED, lambda a, who: a.withdraw(who, REASON)),
}
OF_SENDER, OF_RECEIVER = ("revise", "propose", "withdraw"), ("approve", "comment on")


@pytest.mark.parametrize(
    ("what", "who"),
    [(what, who) for what in OF_SENDER for who in (LI, STRANGER)]
    + [(what, who) for what in OF_RECEIVER for who in (ANNE, WITHIN, STRANGER)],
)
def test_each_institution_does_what_is_its_own(what: str, who: Actor) -> None:
    """Neither the other institution nor a stranger does it."""
    status, act = BY[what]

    with pytest.raises(NotASide):
        act(standing(status), who)


@pytest.mark.parametrize("what", ["propose", "approve", "comment on"])
def test_only_the_institution_itself_signs(what: str) -> None:
    """Somebody of an institute within it may draft, and signs nothing for it."""
    status, act = BY[what]
    part = coordinator(STRANGER.organisation, BIRMINGHAM if what in OF_SENDER else NANJING)

    with pytest.raises(OfficeOfAPart):
        act(standing(status), part)


@pytest.mark.parametrize("who", [ANNE, LI, STRANGER, Actor.participant(ANNE.person)])
def test_nobody_signs_for_the_student(who: Actor) -> None:
    """Neither an officer nor another participant."""
    one = drafted()

    with pytest.raises(NotTheStudent):
        one.sign(who, revision(one), NOW)


def test_the_two_institutions_are_two_people() -> None:
    """Whoever holds offices in both signs for one of them only."""
    one = standing(Status.STUDENT_SIGNED)
    both = coordinator(BIRMINGHAM)
    one.propose(both, revision(one), NOW)

    with pytest.raises(SamePerson):
        one.approve(Actor(both.person_id, NANJING, both.roles), revision(one), NOW)


@pytest.mark.parametrize("what", ["sign", "propose", "approve", "comment on"])
def test_a_stale_revision_is_refused(what: str) -> None:
    """A signature and a comment name number and hash of what is open: another one of either is refused."""
    status = {"sign": Status.DRAFTING, "propose": Status.STUDENT_SIGNED}.get(what, Status.PROPOSED)
    acts: dict[str, Callable[[LearningAgreement, object], None]] = {
        "sign": lambda a, named: a.sign(STUDENT, named, NOW),  # pyright: ignore[reportArgumentType]
        "propose": lambda a, named: a.propose(ANNE, named, NOW),  # pyright: ignore[reportArgumentType]
        "approve": lambda a, named: a.approve(LI, named, NOW),  # pyright: ignore[reportArgumentType]
        "comment on": lambda a, named: a.comment(LI, named, COMMENT),  # pyright: ignore[reportArgumentType]
    }
    one = standing(status)
    mine = revision(one)

    for stale in (
        ANOTHER,
        one.versions[0].revision,
        mine.model_copy(update={"sha256": ANOTHER.sha256}),
        mine.model_copy(update={"number": 1}),
    ):
        with pytest.raises(RevisionChanged):
            acts[what](one, stale)
    assert (one.status, one.recorded) == (status, [])


def test_a_signature_is_of_one_revision_only() -> None:
    """After a revision all three sign again, and its number is one that was never used, not even by a withdrawn one."""
    one = standing(Status.PROPOSED)
    one.withdraw(ANNE, REASON)
    one.revise(ANNE, changes())

    assert one.proposal is not None
    assert (one.proposal.revision.number, one.proposal.student_signed_at, one.proposal.signatures.given) == (
        3, None, {},
    )  # fmt: skip


def test_what_is_approved_stays_in_force_while_a_proposal_is_open() -> None:
    """Drafting, signing, commenting and withdrawing change nothing of it; the next approval does."""
    one, held = signed_by_all(drafted()), list[list[str]]()

    def note() -> None:
        held.append([each.key for each in one.components])

    note()
    for act in ("revise", "sign", "propose", "comment on", "withdraw", "revise", "sign", "propose"):
        ACTS[act](one)
        note()
    assert held == [["logic", "data", "maths"]] * 9

    ACTS["approve"](one)
    assert [each.key for each in one.components] == ["data", "maths", "databases"]
    assert [version.revision.number for version in one.versions] == [1, 3]


def test_changes_are_all_those_since_the_first_version() -> None:
    """A second set takes the place of the first one, as tables A2 to C2 show it."""
    one = signed_by_all(drafted())
    for deleted, inserted in ((("logic",), ("databases",)), (("data",), ("systems",))):
        one.revise(ANNE, changes(deleted, inserted))
        signed_by_all(one)

    assert [each.key for each in one.components] == ["logic", "maths", "systems"]


def test_a_version_keeps_who_signed_it_and_when() -> None:
    """The three signatures, each at its time."""
    one = drafted()
    one.sign(STUDENT, revision(one), NOW)
    one.propose(ANNE, revision(one), NOW + timedelta(days=1))
    one.approve(LI, revision(one), NOW + timedelta(days=2))

    [version] = one.versions
    assert version.student_signed_at == NOW
    assert {side: (s.by.person_id, s.at) for side, s in version.signatures.items()} == {
        BIRMINGHAM: (ANNE.person, NOW + timedelta(days=1)), NANJING: (LI.person, NOW + timedelta(days=2)),
    }  # fmt: skip


def test_a_first_version_cannot_be_withdrawn() -> None:
    """Nothing would be in force then."""
    with pytest.raises(NothingInForce):
        drafted().withdraw(ANNE, REASON)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("student-studies", StudyPlan(components=[component("thesis", "doctoral")])),
        ("blended", StudyPlan(components=[component("week", "blended", description={"en": "A week in Nanjing"})])),
    ],
)
def test_a_short_mobility_has_no_changes(kind: str, said: StudyPlan) -> None:
    """Blended and doctoral ones: revised before all three have signed, and never afterwards."""
    one = drafted(said, kind)
    one.revise(ANNE, said)
    signed_by_all(one)

    with pytest.raises(NoChanges):
        one.revise(ANNE, changes())


def test_events_have_totals_and_no_course() -> None:
    """The sums abroad and at home in each scheme; no title, no key and no comment."""
    one = drafted()
    one.sign(STUDENT, revision(one), NOW)
    one.propose(ANNE, revision(one), NOW)
    one.comment(LI, revision(one), COMMENT)
    one.revise(ANNE, plan("logic"))
    signed_by_all(one)

    commented = next(e for e in one.recorded if isinstance(e, LearningAgreementCommentedOn))
    approved = next(e for e in one.recorded if isinstance(e, LearningAgreementApproved))
    told = "".join(event.model_dump_json() for event in one.recorded)
    assert [(c.scheme, c.value) for c in commented.credits_abroad] == [("chinese-credits", "12.00")]
    assert [(c.scheme, c.value) for c in approved.credits_abroad] == [("chinese-credits", "6.00")]
    assert [(c.scheme, c.value) for c in approved.credits_home] == [("ects", "6.00")]
    assert (approved.revision.number, approved.in_force, commented.reason_code) == (2, 2, "changes-needed")
    assert [word for word in ("logic", "Logic", "课程", "Not taught") if word in told] == []
    assert str(one.reason) == "Not taught in English"


def test_a_document_is_read_back_as_it_was_saved() -> None:
    """With versions, signatures, a proposal and results."""
    one = standing(Status.PROPOSED)
    results = [{"key": key, "passed": True, "credits": {"scheme": "chinese-credits", "value": "6.00"}, "grade": "85"}
               for key in ("logic", "data")]  # fmt: skip
    said = {"issued_on": "2027-07-10", "grading_scheme": {"en": "0–100"}, "results": results}
    one.note_results(TranscriptWanted.model_validate(said), NOW)

    body = adapter(LearningAgreement).dump_json(one)

    assert adapter(LearningAgreement).dump_json(adapter(LearningAgreement).validate_json(body)) == body
