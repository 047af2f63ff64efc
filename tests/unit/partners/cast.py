"""The people, organisations and terms that the tests of partners speak of."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.partners.domain.agreement import Agreement, Status
from services.partners.domain.person import Grant, Person
from services.partners.domain.terms import Proposal, Terms
from shared.contracts.agreement import AgreementKind
from shared.contracts.person import Account
from shared.contracts.values import Area, Document, Text
from shared.domain.actor import Actor, Role

BIRMINGHAM, NANJING, COUNCIL, SOUTHEAST, INSTITUTE = (UUID(int=n) for n in range(1, 6))
AGREEMENT, OFFICE, ANOTHER = UUID(int=100), UUID(int=200), UUID(int=201)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REASON = Text(en="The budget changed", zh="预算有变")


def officer(organisation: UUID, person: int, *roles: Role, within: tuple[UUID, ...] = ()) -> Actor:
    """Somebody of an organisation; without `roles` a partnership officer who may sign."""
    held = frozenset(roles or (Role.PARTNERSHIP_OFFICER, Role.SIGNATORY))
    return Actor(UUID(int=person), organisation, held, Text(en="Officer", zh="负责人"), frozenset(within))


def office(organisation: UUID = BIRMINGHAM, *roles: Role, **more: object) -> Grant:
    """An office in an organisation; without `roles` a reader's."""
    given = {"organisation_id": organisation, "title": Text(en="Provost"), "roles": roles or (Role.READER,)}
    return Grant.model_validate(given | more)


def person() -> Person:
    """Somebody without an office yet."""
    return Person.register(UUID(int=50), Text(en="Tim Jones"), [Account(issuer="http://127.0.0.1", subject="tim")])


FRAMPTON = officer(BIRMINGHAM, 11)
JIANG = officer(NANJING, 12)
ANYBODY_ELSE = officer(COUNCIL, 13)
OPERATOR = officer(COUNCIL, 14, Role.OPERATOR)

TERMS: dict[str, Any] = {
    "title": Text(en="Memorandum of understanding", zh="谅解备忘录"),
    "text": Document(en="Both sides work together.", zh="双方合作。"),
    "areas": [Area.TALENT, Area.CULTURE],
    "time_zone": "Asia/Shanghai",
    "starts_on": date(2026, 12, 1),
    "ends_on": date(2031, 11, 30),
}


def terms(**changed: object) -> Terms:
    """The agreement's terms, with some changed."""
    return Terms.model_validate(TERMS | changed)


def proposal(**changed: object) -> Proposal:
    """The agreement between Birmingham and Nanjing with Southeast University as participant, with some changed."""
    sides = {
        "kind": AgreementKind.MEMORANDUM_OF_UNDERSTANDING,
        "signatories": [BIRMINGHAM, NANJING],
        "participants": [SOUTHEAST],
    }
    return Proposal.model_validate(TERMS | sides | changed)


def drafted(**changed: object) -> Agreement:
    """An agreement just drafted by Birmingham."""
    return Agreement.draft(AGREEMENT, proposal(**changed), FRAMPTON)


def agreement_that_is(status: Status, **changed: object) -> Agreement:
    """An agreement brought to `status` by what its parties do, with nothing left in `recorded`."""
    agreement = drafted(**changed)
    for step in STEPS[status]:
        step(agreement)
    agreement.recorded.clear()
    return agreement


def _submit(agreement: Agreement) -> None:
    agreement.submit(FRAMPTON)


def _approve(agreement: Agreement) -> None:
    agreement.approve(FRAMPTON, NOW)
    agreement.approve(JIANG, NOW)


def _sign(agreement: Agreement) -> None:
    agreement.sign(FRAMPTON, agreement.revision, NOW)
    agreement.sign(JIANG, agreement.revision, NOW)


STEPS = {
    Status.DRAFT: [],
    Status.IN_REVIEW: [_submit],
    Status.APPROVED: [_submit, _approve],
    Status.SIGNED: [_submit, _approve, _sign],
    Status.IN_FORCE: [_submit, _approve, _sign, Agreement.commence],
    Status.ENDED: [_submit, _approve, _sign, Agreement.commence, Agreement.end],
    Status.TERMINATED: [_submit, _approve, _sign, lambda a: a.terminate(REASON, FRAMPTON)],
    Status.WITHDRAWN: [lambda a: a.withdraw(REASON, FRAMPTON)],
}
