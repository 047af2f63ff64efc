"""A learning agreement between Birmingham and Nanjing, in the domain's words."""

from typing import Any
from uuid import UUID, uuid4

from services.exchanges.domain.component import Component, CreditWanted, Deleted, Inserted, Table, Term
from services.exchanges.domain.learning_agreement import LearningAgreement
from services.exchanges.domain.learning_agreement_lifecycle import Status
from services.exchanges.domain.study_plan import StudyPlan
from shared.contracts.agreement import Revision
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.reason import Reason, ReasonCode
from tests.unit.exchanges.scene import ANNE, LI, NOW, programme

STUDENT = Actor.participant(UUID(int=7))
COMMENT = Reason(ReasonCode.CHANGES_NEEDED, Text(en="Not taught in English", zh="不以英文授课"))
ANOTHER = Revision(number=99, sha256="f" * 64)


def component(key: str, table: str = "abroad", **more: Any) -> Component:
    """A component of six credits in the first of two terms."""
    scheme = "ects" if table == "home" else "chinese-credits"
    fields: dict[str, Any] = {
        "key": key, "table": Table(table), "title": Text(en=key.title(), zh="课程"),
        "term": Term(number=1, total=2) if table in ("abroad", "home") else None,
        "credits": [CreditWanted(scheme=scheme, value="6.00")],
        "description": Text(en="Online") if table == "virtual" else None,
    }  # fmt: skip
    return Component(**fields | more)


def plan(*keys: str) -> StudyPlan:
    """A first version: these are studied abroad, and mathematics is recognised at home."""
    return StudyPlan(components=[*(component(key) for key in keys or ("logic", "data")), component("maths", "home")])


def changes(deleted: tuple[str, ...] = ("logic",), inserted: tuple[str, ...] = ("databases",)) -> StudyPlan:
    """Changes to it."""
    return StudyPlan(
        deleted=[Deleted(key=key, reason=Text(en="a clash")) for key in deleted],
        inserted=[Inserted(component=component(key), reason=Text(en="instead")) for key in inserted],
    )


def drafted(said: StudyPlan | None = None, kind: str = "student-studies") -> LearningAgreement:
    """What Anne has drafted for the student."""
    heading = programme(kind=kind).heading
    made = LearningAgreement(id=uuid4(), participant_id=STUDENT.person, **heading)
    return made.drafted(ANNE, said or plan())


def revision(of: LearningAgreement) -> Revision:
    """The one that is open; where none is, one that never was."""
    return of.proposal.revision if of.proposal else ANOTHER


def signed_by_all(one: LearningAgreement) -> LearningAgreement:
    """The same, with the signatures of the student, Anne and Li."""
    one.sign(STUDENT, revision(one), NOW)
    one.propose(ANNE, revision(one), NOW)
    one.approve(LI, revision(one), NOW)
    return one


def standing(status: Status) -> LearningAgreement:
    """One that stands there; its first version is in force, and a proposal beyond `agreed` is of changes."""
    one = signed_by_all(drafted())
    if status is not Status.AGREED:
        one.revise(ANNE, changes())
    if status in (Status.STUDENT_SIGNED, Status.PROPOSED, Status.COMMENTED):
        one.sign(STUDENT, revision(one), NOW)
    if status in (Status.PROPOSED, Status.COMMENTED):
        one.propose(ANNE, revision(one), NOW)
    if status is Status.COMMENTED:
        one.comment(LI, revision(one), COMMENT)
    one.status = status
    one.recorded.clear()
    return one
