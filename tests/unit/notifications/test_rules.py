"""Who is notified of what: the table."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services import SERVICES
from services.exchanges.domain.activity_kinds import ActivityKind, rules_of
from services.notifications.app.note_event import note_event
from services.notifications.domain.kind import Kind
from services.notifications.domain.notice import Notice
from services.notifications.domain.rules import OFFICERS, RULES, SIGNERS, Rule
from shared.contracts.activity import ActivityCancelled
from shared.contracts.agreement import (
    AgreementApproved,
    AgreementDrafted,
    AgreementRevised,
    AgreementSubmitted,
    AgreementWithdrawn,
)
from shared.contracts.call import CallEvent
from shared.contracts.deal import DealMilestoneLate, DealSigned
from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.initiative import InitiativeAppraised, InitiativeDeliverableOverdue, InitiativeProposed
from shared.contracts.match import MatchConcluded
from shared.contracts.mobility import MobilityApproved, MobilityCorrected, MobilityEvent, MobilityNominated
from shared.contracts.need import NeedPublished, NeedWithdrawn
from shared.contracts.offer import OfferPublished, OfferWithdrawn
from shared.contracts.programme import ProgrammeOpened
from shared.domain.actor import Role
from shared.messaging.reactions import policy
from shared.service.settings import Settings
from tests.unit.notifications.scene import NOW, delivered, notice_of, saying

EVENTS = list(dict.fromkeys(rule.event for rule in RULES))
PATHS = {name: {row.path for row in make(Settings(development=True)).lists} for name, make in SERVICES.items()}


@pytest.mark.parametrize("event", EVENTS)
def test_the_policy_takes_every_event_of_the_table(event: type[Event]) -> None:
    """An event that the table names reaches the policy that notes it."""
    assert event in policy(note_event).takes


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.event.__name__}-{rule.kind}")
def test_each_row_names_organisations_of_its_event(rule: Rule) -> None:
    """A row finds its audience in organisations that the event names."""
    assert set(rule.audience.organisations(delivered(rule.event))) <= {UUID(BIRMINGHAM), UUID(NANJING)}
    assert rule.audience.organisations(delivered(rule.event))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.where], ids=lambda r: f"{r.event.__name__}-{r.kind}")
def test_a_condition_is_about_a_field_of_its_event(rule: Rule) -> None:
    """A row with a condition applies to an event that meets it."""
    assert set(saying(rule)) <= set(rule.event.model_fields)
    assert rule.applies_to(delivered(rule.event, **saying(rule)))


def test_every_kind_has_a_rule() -> None:
    """No text is written for something that never happens."""
    assert {rule.kind for rule in RULES} == set(Kind)


def test_signatories_come_before_officers_when_an_agreement_is_approved() -> None:
    """A person with both roles is asked to sign rather than informed: that row comes first."""
    told = [(t.kind, t.roles) for t in notice_of(AgreementApproved).recipients]

    assert told == [
        (Kind.AGREEMENT_TO_SIGN, list(SIGNERS.roles)),
        (Kind.AGREEMENT_APPROVED, list(OFFICERS.roles)),
    ]


def recipients_by_role(event: type[Event], **said: Any) -> list[tuple[Kind, Role]]:
    """Which kinds of notification an example of the event with the fields `said` gives, and to which roles."""
    notice = Notice.of(delivered(event, **said))
    return [(t.kind, role) for t in (notice.recipients if notice else []) for role in t.roles]


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("draft", []),
        ("in-review", [Role.PARTNERSHIP_OFFICER]),
        ("approved", [Role.SIGNATORY, Role.PARTNERSHIP_OFFICER]),
    ],
)
def test_a_revision_notifies_those_who_were_asked_to_act(before: str, told: list[Role]) -> None:
    """Officers are notified once it was submitted; signatories too, if they had been asked to sign."""
    assert recipients_by_role(AgreementRevised, before=before) == [(Kind.AGREEMENT_REVISED, role) for role in told]


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("draft", [Role.PARTNERSHIP_OFFICER]),
        ("in-review", [Role.PARTNERSHIP_OFFICER]),
        ("approved", [Role.SIGNATORY, Role.PARTNERSHIP_OFFICER]),
    ],
)
def test_signatories_are_notified_of_a_withdrawal_if_they_were_asked_to_sign(before: str, told: list[Role]) -> None:
    """Those who were asked to sign learn that they need not."""
    assert recipients_by_role(AgreementWithdrawn, before=before) == [(Kind.AGREEMENT_WITHDRAWN, role) for role in told]


MOBILITY = dict.fromkeys(r.event for r in RULES if issubclass(r.event, CallEvent | MobilityEvent))


@pytest.mark.parametrize("event", MOBILITY)
def test_calls_and_mobilities_notify_mobility_coordinators(event: type[Event]) -> None:
    """Whether a nomination is pending or waits, only coordinators of the two sides hear of it."""
    for status in ("pending", "waiting"):
        assert {role for _, role in recipients_by_role(event, status=status)} == {Role.MOBILITY_COORDINATOR}


@pytest.mark.parametrize("event", [MobilityNominated, MobilityCorrected])
@pytest.mark.parametrize(
    ("status", "kind", "at"),
    [("pending", Kind.NOMINATION_TO_DECIDE, NANJING), ("waiting", Kind.NOMINATION_WAITING, BIRMINGHAM)],
)
def test_only_a_nomination_with_a_place_is_to_be_decided(event: type[Event], status: str, kind: Kind, at: str) -> None:
    """The receiving institution is asked for a pending one; of a waiting one, the sending institution hears."""
    [group] = notice_of(event, status=status).recipients

    assert (group.kind, group.organisations) == (kind, [UUID(at)])


@pytest.mark.parametrize("kind", ActivityKind)
def test_an_activity_notifies_the_officers_who_act_in_it(kind: ActivityKind) -> None:
    """The two services agree on who acts in an activity of a kind; its cancellation is told to all its sides."""
    (group,) = notice_of(ActivityCancelled, kind=kind, senders=[NANJING, str(UUID(int=3))]).recipients

    assert set(group.roles) == set(rules_of(kind).officers)
    assert group.organisations == [UUID(BIRMINGHAM), UUID(NANJING), UUID(int=3)]


def test_an_event_without_a_row_notifies_no_one() -> None:
    """A new draft notifies no one."""
    assert Notice.of(delivered(AgreementDrafted)) is None


def test_an_event_is_one_notice_however_often_it_comes() -> None:
    """The notice's id comes from the event's id."""
    id = uuid4()

    first, again = (Notice.of(delivered(AgreementSubmitted, id)) for _ in range(2))

    assert first == again


def test_a_notice_is_addressed_twice() -> None:
    """It is due soon after the event, and once more for people who were missed."""
    notice = notice_of(AgreementSubmitted)
    due, told = [dict(notice.due())], []
    for more in (2, 1):
        notice.addressed(more, NOW + timedelta(seconds=5))
        due.append(dict(notice.due()))
        told.append((notice.status, notice.notified))

    assert due == [
        {"address": NOW + timedelta(seconds=0.3)}, {"address": NOW + timedelta(seconds=65)}, {},
    ]  # fmt: skip
    assert told == [("notified", 2), ("closed", 3)]


@pytest.mark.parametrize("rule", RULES)
def test_a_notice_knows_who_caused_it(rule: Rule) -> None:
    """The notice has the person who acted, so that they are not notified of their own act."""
    assert notice_of(rule.event, **saying(rule)).by == delivered(rule.event).model_dump()["by"]


@pytest.mark.parametrize("rule", RULES)
def test_a_notice_concerns_what_its_event_happened_to(rule: Rule) -> None:
    """So that the messages about it are found, and muted, by its id."""
    kind = rule.event.topic.rpartition(".")[2].replace("-", "_")
    own = delivered(rule.event).model_dump()[f"{kind}_id"]

    assert own in notice_of(rule.event, **saying(rule)).concerns


def test_a_mobility_concerns_all_that_it_belongs_to() -> None:
    """Muting the call, the programme or the agreement mutes its mobilities."""
    event, notice = delivered(MobilityApproved), notice_of(MobilityApproved)
    named = [event.model_dump()[f"{name}_id"] for name in ("mobility", "call", "programme", "agreement")]

    assert notice.concerns == named


def test_what_belongs_to_an_initiative_concerns_it() -> None:
    """Muting the initiative mutes its programmes; a programme without one concerns its agreement only."""
    event = delivered(ProgrammeOpened).model_dump()
    alone = notice_of(ProgrammeOpened, initiative_id=None)

    assert notice_of(ProgrammeOpened).concerns == [event["programme_id"], event["initiative_id"], event["agreement_id"]]
    assert alone.concerns == [event["programme_id"], event["agreement_id"]]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (InitiativeProposed, [(Kind.INITIATIVE_TO_APPRAISE, False), (Kind.INITIATIVE_PROPOSED, True)]),
        (InitiativeAppraised, [(Kind.INITIATIVE_TO_APPROVE, False), (Kind.INITIATIVE_APPRAISED, False)]),
        (InitiativeDeliverableOverdue, [(Kind.DELIVERABLE_OVERDUE, True)]),
    ],
)
def test_only_leads_are_asked_for_what_binds_them(event: type[Event], told: list[tuple[Kind, bool]]) -> None:
    """People within a lead are not asked to appraise or approve, but hear of the rest like all organisations."""
    participant = {"organisation_id": str(UUID(int=3)), "role": "host"}
    notice = notice_of(event, leads=[BIRMINGHAM], participants=[participant, participant])

    assert [(group.kind, group.within) for group in notice.recipients] == told
    assert [group.organisations for group in notice.recipients] == [
        [UUID(BIRMINGHAM), *([UUID(int=3)] if within else [])] for _, within in told
    ]


@pytest.mark.parametrize("rule", RULES)
def test_a_link_is_a_path_of_the_owner(rule: Rule) -> None:
    """The link leads to a list of the service that owns the aggregate."""
    link = notice_of(rule.event, **saying(rule)).link

    assert link.path in {f"{path}/{UUID(int=7)}" for path in PATHS[link.service]}


@pytest.mark.parametrize("event", [DealSigned, DealMilestoneLate])
def test_the_outcome_of_a_deal_notifies_partnership_officers(event: type[Event]) -> None:
    """The technology transfer officers of both sides are notified, and their partnership officers."""
    group = notice_of(event).recipients[0]

    assert group.roles == [Role.TECHNOLOGY_TRANSFER_OFFICER, Role.PARTNERSHIP_OFFICER]
    assert group.organisations == [UUID(BIRMINGHAM), UUID(NANJING)]


def test_a_deal_concerns_its_match_and_what_met() -> None:
    """Muting the match, the offer, the need or the agreement mutes the deals that come of it."""
    event, notice = delivered(DealSigned), notice_of(DealSigned)
    named = [event.model_dump()[f"{name}_id"] for name in ("deal", "match", "offer", "need", "agreement")]

    assert notice.concerns == named


@pytest.mark.parametrize("event", [OfferPublished, NeedPublished, OfferWithdrawn, NeedWithdrawn, MatchConcluded])
def test_an_event_that_another_one_covers_notifies_no_one(event: type[Event]) -> None:
    """Matches notify people of an offer or a need that comes or goes; the deal, of a match that it concludes."""
    assert Notice.of(delivered(event)) is None
