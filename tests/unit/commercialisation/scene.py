"""Two organisations, their officers, and a technology that one offers and the other needs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from services.commercialisation.domain.deal import Deal
from services.commercialisation.domain.match import Match
from services.commercialisation.domain.milestone import Milestone
from services.commercialisation.domain.need import Need
from services.commercialisation.domain.offer import Offer
from services.commercialisation.domain.technology import CooperationForm, IntellectualProperty, TechnologyField
from shared.agreements.agreement import AgreementCopy
from shared.contracts.event import Event
from shared.contracts.values import Document, Text
from shared.directory.organisations import Organisation
from shared.domain.actor import Actor, Role
from shared.domain.commitment import Evidence
from shared.domain.consent import Consent
from shared.domain.reason import Reason, ReasonCode

BIRMINGHAM, NANJING, ELSEWHERE, CHINA_INSTITUTE = (UUID(int=n) for n in range(1, 5))
MEMORANDUM = UUID(int=99)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REASON = Reason(ReasonCode.PRIORITIES_CHANGED, Text(en="plans have changed", zh="计划有变"))
SECRET_UNTIL = date(2031, 12, 31)
EVIDENCE = Evidence.model_validate({"text": {"en": "Test report 7"}, "uri": "https://example.org/report-7"})


def officer(organisation: UUID, *within: UUID) -> Actor:
    """A new technology transfer officer of `organisation`."""
    roles = frozenset({Role.TECHNOLOGY_TRANSFER_OFFICER})
    return Actor(uuid4(), organisation, roles, Text(en="Officer", zh="专员"), frozenset(within))


def moved(actor: Actor, organisation: UUID) -> Actor:
    """The same person, now in another organisation."""
    return Actor(actor.person_id, organisation, actor.roles, actor.office)


ANNE, LI, STRANGER = officer(BIRMINGHAM), officer(NANJING), officer(ELSEWHERE)


def offer(**other: object) -> Offer:
    """Birmingham's unpublished offer of a cold store at TRL 4; `other` overrides fields."""
    fields = {
        "organisation_id": BIRMINGHAM,
        "agreement_id": MEMORANDUM,
        "title": Text(en="Cold store", zh="蓄冷装置"),
        "summary": Document(en="Liquid air stores energy.", zh="液态空气储能。"),
        "technology_field": TechnologyField.NEW_ENERGY,
        "trl": 4,
        "intellectual_property": IntellectualProperty.PATENT_GRANTED,
        "forms": [CooperationForm.LICENCE, CooperationForm.JOINT_DEVELOPMENT],
        "published_by": ANNE.signatory,
    }
    return Offer(**{"id": uuid4(), **fields, **other})  # pyright: ignore[reportArgumentType]


def need(**other: object) -> Need:
    """Nanjing's unpublished need for bus cooling at TRL 4; `other` overrides fields."""
    fields = {
        "organisation_id": NANJING,
        "agreement_id": MEMORANDUM,
        "title": Text(en="Cooling of buses", zh="公交车制冷"),
        "summary": Document(en="For 200 buses.", zh="用于两百辆公交车。"),
        "technology_field": TechnologyField.NEW_ENERGY,
        "least_trl": 4,
        "forms": [CooperationForm.JOINT_DEVELOPMENT],
        "published_by": LI.signatory,
    }
    return Need(**{"id": uuid4(), **fields, **other})  # pyright: ignore[reportArgumentType]


def match() -> Match:
    """A match of the offer and the need, proposed to both sides."""
    return Match.proposed(uuid4(), offer(), need())


def confidential() -> Match:
    """A match that both sides have accepted and signed a confidentiality undertaking for."""
    made = match()
    for actor in (ANNE, LI):
        made.accept(actor, NOW)
    for actor in (ANNE, LI):
        made.sign_confidentiality(actor, SECRET_UNTIL, NOW)
    return made


def milestones(*days: date, levels: Sequence[int | None] = (5, 6, None, 7)) -> list[Milestone]:
    """Milestones due on these days; two by default."""
    days = days or (date(2027, 3, 31), date(2027, 6, 30))
    return [
        Milestone(number=n, title=Text(en=f"Step {n}"), due_on=day, trl=trl)
        for n, (day, trl) in enumerate(zip(days, levels, strict=False), 1)
    ]


def deal(**other: object) -> Deal:
    """A joint development in Nanjing's time zone, not yet drafted; `other` overrides fields."""
    fields = {
        "title": Text(en="Cold for buses"),
        "form": CooperationForm.JOINT_DEVELOPMENT,
        "time_zone": "Asia/Shanghai",
        "milestones": milestones(),
        "signatures": Consent(sides=[BIRMINGHAM, NANJING]),
        "match_id": uuid4(),
        **match().between,
    }
    return Deal(**{"id": uuid4(), **fields, **other})  # pyright: ignore[reportArgumentType]


def running(**other: object) -> Deal:
    """A deal that both sides have signed, with its recorded events cleared."""
    made = deal(**other)
    made.sign(ANNE, NOW)
    made.sign(LI, NOW)
    made.recorded.clear()
    return made


def organisation(id: UUID, *within: UUID) -> Organisation:
    """The directory's copy of an organisation within these."""
    return Organisation(id, Text(en="An institute", zh="研究院"), frozenset(within))


def agreement(status: str = "in-force", **other: object) -> AgreementCopy:
    """The copy of Birmingham's agreement on commercialisation, in which Nanjing participates."""
    fields = {
        "agreement_id": MEMORANDUM,
        "areas": frozenset({"talent", "commercialisation"}),
        "signatories": frozenset({BIRMINGHAM}),
        "participants": frozenset({NANJING}),
    }
    return AgreementCopy(**{"status": status, **fields, **other})  # pyright: ignore[reportArgumentType]


def types_of(events: Sequence[Event]) -> list[type[Event]]:
    """The types of the events, in order."""
    return [type(event) for event in events]
