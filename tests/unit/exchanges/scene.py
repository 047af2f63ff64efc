"""The two institutions, their people, and a programme between them, in the domain's words."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.exchanges.domain.call import Call
from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.mobility_lifecycle import Status
from services.exchanges.domain.programme import Programme
from services.exchanges.domain.stay import Stay
from shared.agreements.agreement import AgreementCopy
from shared.contracts.condition import Condition
from shared.contracts.values import Text
from shared.directory.organisations import Organisation
from shared.domain.actor import Actor, Role
from shared.domain.condition import ConditionWanted
from shared.domain.reason import Reason, ReasonCode

BIRMINGHAM, NANJING, ELSEWHERE, CHINA_INSTITUTE = (UUID(int=n) for n in range(1, 5))
AGREEMENT = UUID(int=99)
NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
YEAR = "2026/2027"
REASON = Reason(ReasonCode.PRIORITIES_CHANGED, Text(en="plans have changed", zh="计划有变"))
FORCE_MAJEURE = Reason(ReasonCode.FORCE_MAJEURE)
STAY = Stay(arrival=date(2027, 2, 15), departure=date(2027, 7, 2))


def coordinator(organisation: UUID, *within: UUID) -> Actor:
    """A new person who coordinates mobility for `organisation`."""
    roles = frozenset({Role.MOBILITY_COORDINATOR})
    return Actor(uuid4(), organisation, roles, Text(en="Coordinator", zh="协调员"), frozenset(within))


ANNE, LI, STRANGER = coordinator(BIRMINGHAM), coordinator(NANJING), coordinator(ELSEWHERE)
WITHIN = coordinator(CHINA_INSTITUTE, BIRMINGHAM)


def wanted(**other: Any) -> ConditionWanted:
    """A condition that `other` may differ from: two undergraduates go from Birmingham to Nanjing each year."""
    fields: dict[str, Any] = {
        "code": "undergraduates-to-nanjing",
        "kind": "student-studies",
        "title": Text(en="Undergraduates to Nanjing", zh="赴南京本科生"),
        "area": "talent",
        "sending": BIRMINGHAM,
        "receiving": NANJING,
        "mobilities_per_year": 2,
        "months_per_year": 10,
        "field_of_study": "0914",
        "eqf_levels": [6],
        "language": "zh",
        "language_level": "b1",
        "first_year": YEAR,
        "last_year": "2028/2029",
    }
    return ConditionWanted(**fields | other)


def condition(**other: Any) -> Condition:
    """The same as it stands in documents."""
    return wanted(**other).condition


def programme(year: str = YEAR, **other: Any) -> Programme:
    """An open programme of the condition, which the agreement promises."""
    return Programme.of_agreement(uuid4(), condition(**other), year, AGREEMENT, "Asia/Shanghai")


def proposal(by: Actor = ANNE, **other: Any) -> Programme:
    """A programme that `by` proposed."""
    return Programme.proposed(uuid4(), condition(**other), YEAR, AGREEMENT, "UTC", None, by, NOW)


def call(of: Programme | None = None, **other: Any) -> Call:
    """A call for the programme's two places, in Nanjing's September."""
    of = of or programme()
    fields: dict[str, Any] = {
        "places": 2,
        "opens_on": date(2026, 9, 1),
        "closes_on": date(2026, 9, 30),
        "time_zone": "Asia/Shanghai",
        **of.heading,
    }
    return Call(id=uuid4(), **fields | other)


def mobility(status: Status = Status.PENDING, **other: Any) -> Mobility:
    """A mobility that stands there."""
    fields: dict[str, Any] = {
        "call_id": uuid4(), "participant_id": uuid4(), "rank": 1, "planned": STAY, **programme().heading,
    }  # fmt: skip
    return Mobility(id=uuid4(), status=status, **fields | other)


def organisation(id: UUID, *within: UUID) -> Organisation:
    """What is known of an organisation that lies within these."""
    return Organisation(id, Text(en="An institute", zh="研究院"), frozenset(within))


def agreement(status: str = "in-force", **other: object) -> AgreementCopy:
    """The copy of an agreement of Birmingham's with Nanjing taking part, which covers talent and culture."""
    fields = {
        "agreement_id": AGREEMENT,
        "areas": frozenset({"talent", "culture"}),
        "signatories": frozenset({BIRMINGHAM}),
        "participants": frozenset({NANJING}),
    }
    return AgreementCopy(**{"status": status, **fields, **other})  # pyright: ignore[reportArgumentType]
