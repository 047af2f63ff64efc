"""The two institutions, their people, and a programme between them, in the domain's words."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.kinds import ProgrammeKind

from services.exchanges.domain.call import Call
from services.exchanges.domain.programme import Programme
from shared.agreements.agreement import AgreementCopy
from shared.contracts.programme import Direction, Places
from shared.contracts.values import Text
from shared.directory.organisations import Organisation
from shared.domain.actor import Actor, Role
from shared.domain.consent import Consent
from shared.domain.reason import Reason, ReasonCode

BIRMINGHAM, NANJING, ELSEWHERE, CHINA_INSTITUTE = (UUID(int=n) for n in range(1, 5))
EAST = Direction(sending=BIRMINGHAM, receiving=NANJING)
WEST = Direction(sending=NANJING, receiving=BIRMINGHAM)
NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
REASON = Reason(ReasonCode.PRIORITIES_CHANGED, Text(en="plans have changed", zh="计划有变"))


def coordinator(organisation: UUID, *within: UUID) -> Actor:
    """A new person who coordinates mobility for `organisation`."""
    roles = frozenset({Role.MOBILITY_COORDINATOR})
    return Actor(uuid4(), organisation, roles, Text(en="Coordinator", zh="协调员"), frozenset(within))


ANNE, LI, STRANGER = coordinator(BIRMINGHAM), coordinator(NANJING), coordinator(ELSEWHERE)


def places(east: int = 2, west: int = 1) -> list[Places]:
    """Places in both directions."""
    return [Places(**EAST.model_dump(), number=east), Places(**WEST.model_dump(), number=west)]


def programme(**other: object) -> Programme:
    """A student exchange that `other` may differ from, not yet opened."""
    fields = {
        "programme_kind": ProgrammeKind.STUDENT_EXCHANGE,
        "title": Text(en="Student exchange", zh="学生交流"),
        "area": "talent",
        "agreement_id": UUID(int=99),
        "institutions": [BIRMINGHAM, NANJING],
        "places": places(),
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2027, 12, 31),
    }
    return Programme(**{"id": uuid4(), **fields, **other})  # pyright: ignore[reportArgumentType]


def call(of: Programme, **other: object) -> Call:
    """A call of the programme for all that it has, in Nanjing's September, not yet opened."""
    fields = {
        "places": of.places,
        "opens_on": date(2026, 9, 1),
        "closes_on": date(2026, 9, 30),
        "time_zone": "Asia/Shanghai",
        **of.heading,
    }
    return Call(**{"id": uuid4(), **fields, **other})  # pyright: ignore[reportArgumentType]


def nomination(of: Call, direction: Direction = EAST, name: Text | None = None) -> Exchange:
    """A nomination that `of` has noted, told by the sending institution."""
    by = ANNE if direction == EAST else LI
    exchange = Exchange(
        id=uuid4(), call_id=of.id, sending=direction.sending, receiving=direction.receiving, nominee=uuid4(),
        nominee_name=name, nominated_by=by.signatory, approvals=Consent(sides=[direction.sending, direction.receiving]),
        **programme(**{name: getattr(of, name) for name in ("programme_kind", "institutions")}).heading,
    ).nominated(by)  # fmt: skip
    of.nominate(exchange.id, exchange.nominee, direction, NOW)
    return exchange


def organisation(id: UUID, *within: UUID) -> Organisation:
    """What is known of an organisation that lies within these."""
    return Organisation(id, Text(en="An institute", zh="研究院"), frozenset(within))


def agreement(status: str = "in-force", **other: object) -> AgreementCopy:
    """The copy of an agreement of Birmingham's with Nanjing taking part, which covers talent and culture."""
    fields = {
        "agreement_id": UUID(int=99),
        "areas": frozenset({"talent", "culture"}),
        "signatories": frozenset({BIRMINGHAM}),
        "participants": frozenset({NANJING}),
    }
    return AgreementCopy(**{"status": status, **fields, **other})  # pyright: ignore[reportArgumentType]
