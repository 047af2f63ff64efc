"""An initiative and its people: led by Birmingham and Nanjing, with Southeast University as host."""

from datetime import date
from typing import Any
from uuid import UUID

from services.partners.domain.initiative import Initiative
from services.partners.domain.initiative_status import Status
from services.partners.domain.initiative_terms import InitiativeProposal, WantedOutput
from shared.contracts.values import Text
from shared.domain.commitment import Evidence
from shared.domain.reason import Reason, ReasonCode
from tests.unit.partners.cast import AGREEMENT, BIRMINGHAM, FRAMPTON, JIANG, NANJING, NOW, REASON, SOUTHEAST, officer

INITIATIVE = UUID(int=200)
PROVOST, VICE_MAYOR = officer(BIRMINGHAM, 21), officer(NANJING, 22)
"""A second person of each lead, because the person who appraised for a lead may not approve for it."""
CHEN = officer(SOUTHEAST, 23)
EVIDENCE = Evidence(text=Text(en="Report 7"))
DISPUTE = Reason(ReasonCode.EVIDENCE_MISSING, Text(en="The annex is missing", zh="缺少附件"))
OUTPUT = WantedOutput.model_validate(
    {"kind": "publication", "scheme": "doi", "value": "10.1000/182", "on": "2028-03-31"}
)
FIRST_DAY, SECOND_DAY = date(2027, 3, 31), date(2027, 6, 30)

PROPOSAL: dict[str, Any] = {
    "kind": "joint-institute",
    "title": {"en": "Joint institute", "zh": "联合研究院"},
    "agreement_id": AGREEMENT,
    "area": "research-innovation",
    "fields_of_study": ["0914", "0613", "0914"],
    "leads": [BIRMINGHAM, NANJING],
    "participants": [{"organisation_id": SOUTHEAST, "role": "host"}],
    "objectives": {"en": "Biomedical engineering and data science.", "zh": "生物医学工程与数据科学。"},
    "deliverables": [
        {"title": {"en": "Plan"}, "owner": BIRMINGHAM, "due_on": FIRST_DAY, "time_zone": "Europe/London"},
        {"title": {"en": "Laboratory"}, "owner": SOUTHEAST, "due_on": SECOND_DAY, "time_zone": "Asia/Shanghai"},
    ],
}


def proposal(**changed: object) -> InitiativeProposal:
    """The terms of a proposal; `changed` overrides fields."""
    return InitiativeProposal.model_validate(PROPOSAL | changed)


def proposed(**changed: object) -> Initiative:
    """An initiative that Birmingham has just proposed."""
    return Initiative.propose(INITIATIVE, proposal(**changed), FRAMPTON)


def initiative_that_is(status: Status) -> Initiative:
    """An initiative brought to `status` by acts of its people, with `recorded` cleared."""
    initiative = proposed()
    for step in STEPS[status]:
        step(initiative)
    initiative.recorded.clear()
    return initiative


def _appraise(initiative: Initiative) -> None:
    initiative.appraise(FRAMPTON, NOW)
    initiative.appraise(JIANG, NOW)


def _approve(initiative: Initiative) -> None:
    _appraise(initiative)
    initiative.approve(PROVOST, NOW)
    initiative.approve(VICE_MAYOR, NOW)


def _activate(initiative: Initiative) -> None:
    _approve(initiative)
    initiative.activate(FRAMPTON)


def keep_all(initiative: Initiative) -> None:
    """Reports and accepts every deliverable."""
    initiative.report(1, EVIDENCE, FRAMPTON)
    initiative.accept(1, JIANG)
    initiative.report(2, EVIDENCE, CHEN)
    initiative.accept(2, JIANG)


def _complete(initiative: Initiative) -> None:
    _activate(initiative)
    keep_all(initiative)
    initiative.complete(FRAMPTON)


STEPS = {
    Status.PROPOSED: [],
    Status.APPRAISED: [_appraise],
    Status.APPROVED: [_approve],
    Status.ACTIVE: [_activate],
    Status.PAUSED: [_activate, lambda i: i.pause(REASON, JIANG)],
    Status.COMPLETED: [_complete],
    Status.CLOSED: [_complete, lambda i: i.close(FRAMPTON)],
    Status.DECLINED: [lambda i: i.decline(REASON, JIANG)],
    Status.WITHDRAWN: [lambda i: i.withdraw(REASON, FRAMPTON)],
}
