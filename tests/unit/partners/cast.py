"""The people, organisations and terms used in the tests of partners."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.partners.domain.agreement import Agreement
from services.partners.domain.agreement_lifecycle import Status
from services.partners.domain.kinds import AgreementKind
from services.partners.domain.organisation import Organisation
from services.partners.domain.organisation_details import Details
from services.partners.domain.paper import Paper
from services.partners.domain.person import Grant, Person
from services.partners.domain.terms import Terms
from shared.contracts.person import Account
from shared.contracts.values import Document, Text
from shared.domain.actor import Actor, Role
from shared.domain.reason import Reason, ReasonCode

BIRMINGHAM, NANJING, COUNCIL, SOUTHEAST, INSTITUTE = (UUID(int=n) for n in range(1, 6))
AGREEMENT, OFFICE, ANOTHER = UUID(int=100), UUID(int=200), UUID(int=201)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REASON = Reason(ReasonCode.PRIORITIES_CHANGED, Text(en="The budget changed", zh="预算有变"))


def officer(organisation: UUID, person: int, *roles: Role, within: tuple[UUID, ...] = ()) -> Actor:
    """A person of an organisation; without `roles`, a partnership officer who may sign."""
    held = frozenset(roles or (Role.PARTNERSHIP_OFFICER, Role.SIGNATORY))
    return Actor(UUID(int=person), organisation, held, Text(en="Officer", zh="负责人"), frozenset(within))


def office(organisation: UUID = BIRMINGHAM, *roles: Role, **more: object) -> Grant:
    """A request to grant an office in an organisation; without `roles`, a reader's."""
    given = {"organisation_id": organisation, "title": Text(en="Provost"), "roles": roles or (Role.READER,)}
    return Grant.model_validate(given | more)


def person() -> Person:
    """A person without an office."""
    return Person.register(UUID(int=50), Text(en="Tim Jones"), [Account(issuer="http://127.0.0.1", subject="tim")])


FRAMPTON = officer(BIRMINGHAM, 11)
JIANG = officer(NANJING, 12)
CHANCELLOR, MAYOR = officer(BIRMINGHAM, 31), officer(NANJING, 32)
"""They sign, because the person who approved for a side may not sign for it."""
ANYBODY_ELSE = officer(COUNCIL, 13)
OPERATOR = officer(COUNCIL, 14, Role.OPERATOR)


def details(**changed: object) -> Details:
    """The details of the China Institute; `changed` overrides fields."""

    fields: dict[str, object] = {
        "kind": "institute",
        "name": {"en": "China Institute", "zh": "中国研究院"},
        "country": "GB",
        "city": {"en": "Birmingham"},
        "identifiers": [],
        "parent_id": BIRMINGHAM,
    }

    return Details.model_validate(fields | changed)


def institute(**changed: object) -> Organisation:
    """The China Institute within the University of Birmingham; `changed` overrides fields."""
    organisation = Organisation.register(INSTITUTE, details(**changed), OPERATOR)
    organisation.recorded.clear()
    return organisation


TERMS: dict[str, Any] = {
    "kind": AgreementKind.MEMORANDUM_OF_UNDERSTANDING,
    "title": Text(en="Memorandum of understanding", zh="谅解备忘录"),
    "text": Document(en="Both sides work together.", zh="双方合作。"),
    "areas": ["talent", "culture"],
    "signatories": [BIRMINGHAM, NANJING],
    "participants": [SOUTHEAST],
    "time_zone": "Asia/Shanghai",
    "starts_on": date(2026, 12, 1),
    "ends_on": date(2031, 11, 30),
    "notice_days": 90,
}
LAST_DAY_OVER = datetime(2031, 11, 30, 16, tzinfo=UTC)
"""The first moment after the last day, in Shanghai time."""
PAPER, SCAN = Paper(signed_on=date(2026, 3, 1)), "0" * 64


def terms(**changed: object) -> Terms:
    """The terms of an agreement between Birmingham and Nanjing with one participant; `changed` overrides fields."""
    return Terms.model_validate(TERMS | changed)


def drafted(**changed: object) -> Agreement:
    """An agreement that Birmingham has just drafted."""
    return Agreement.draft(AGREEMENT, terms(**changed), FRAMPTON)


def recorded(**changed: object) -> Agreement:
    """A paper agreement that Birmingham has just recorded, with its scan."""
    scan = {"title": {"en": "Scan"}, "sha256": SCAN, "url": "https://records.example.org/17"}
    return Agreement.recorded_from(AGREEMENT, terms(**{"documents": [scan]} | changed), PAPER, FRAMPTON, NOW)


def agreement_that_is(status: Status, **changed: object) -> Agreement:
    """An agreement brought to `status` by acts of its parties, with `recorded` cleared."""
    agreement = recorded(**changed) if status is Status.RECORDED else drafted(**changed)
    for step in STEPS[status]:
        step(agreement)
    agreement.recorded.clear()
    return agreement


def approve(agreement: Agreement) -> None:
    """Officers of both sides approve it."""
    agreement.approve(FRAMPTON, agreement.revision, NOW)
    agreement.approve(JIANG, agreement.revision, NOW)


def sign(agreement: Agreement) -> None:
    """Both sides sign it."""
    agreement.sign(CHANCELLOR, agreement.revision, NOW)
    agreement.sign(MAYOR, agreement.revision, NOW)


def suspend(agreement: Agreement) -> None:
    """Both sides suspend it."""
    for who in (CHANCELLOR, MAYOR):
        agreement.suspend(who, REASON, NOW)


def terminate(agreement: Agreement) -> None:
    """Both sides terminate it."""
    for who in (CHANCELLOR, MAYOR):
        agreement.terminate(who, REASON, NOW)


_SIGNED = [lambda a: a.submit(FRAMPTON), approve, sign]
_IN_FORCE = [*_SIGNED, lambda a: a.commence(NOW)]
STEPS: dict[Status, list[Callable[[Agreement], None]]] = {
    Status.DRAFT: [],
    Status.IN_REVIEW: _SIGNED[:1],
    Status.APPROVED: _SIGNED[:2],
    Status.RECORDED: [],
    Status.SIGNED: _SIGNED,
    Status.IN_FORCE: _IN_FORCE,
    Status.SUSPENDED: [*_IN_FORCE, suspend],
    Status.ENDED: [*_IN_FORCE, lambda a: a.end(LAST_DAY_OVER)],
    Status.TERMINATED: [*_SIGNED, terminate],
    Status.WITHDRAWN: [lambda a: a.withdraw(REASON, FRAMPTON)],
}
