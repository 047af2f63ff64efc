"""The record of a participant: who keeps it, who sees it, and what is left of it."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.exchanges.domain.participant import Participant, ParticipantGone, Status
from services.exchanges.domain.participant_details import Details, LegalBasis, Name, Purpose, TransferRoute
from shared.contracts.participant import ParticipantErased, ParticipantRegistered
from shared.contracts.person import Account
from shared.domain.actor import Actor
from shared.domain.contact import Language
from shared.domain.refused import Invalid, NotASide
from tests.unit.exchanges.scene import ANNE, BIRMINGHAM, ELSEWHERE, LI, NANJING, NOW, STRANGER, coordinator

MOBILITY, OTHER = uuid4(), uuid4()
ACCOUNT = Account(issuer="https://students.example.org", subject="wei")
NAME = {"latin": {"given": "Wei", "family": "Zhang"}, "chinese": {"given": "伟", "family": "张"}}


def details(**more: Any) -> Details:
    """What is recorded of Zhang Wei."""
    fields = {
        "name": NAME, "email": "wei@example.org", "language": "en", "purpose": "student-mobility",
        "legal_basis": "public-task", "notice_version": "2026-09", "transfer_route": "standard-contract",
        "kept_until": "2027-08-31",
    } | more  # fmt: skip
    return Details.model_validate_json(json.dumps(fields))


def wei(**more: Any) -> Participant:
    """A participant of Birmingham, registered by Anne."""
    fields = {name: getattr(details(), name) for name in Details.model_fields}
    return Participant(id=uuid4(), home=BIRMINGHAM, **fields | more).registered(ANNE, NOW)


def themselves(participant: Participant) -> Actor:
    """The participant, signed in."""
    return Actor.participant(participant.id)


def test_the_event_has_an_opaque_id_and_nothing_personal() -> None:
    """Registration, correction and erasure say who acted for whom, and of the participant the id alone."""
    participant = wei()
    participant.correct(details(email="zhang@example.org"), ANNE, NOW)
    participant.erase(ANNE)
    said = " ".join(event.model_dump_json() for event in participant.recorded)

    assert [type(event) for event in participant.recorded][::2] == [ParticipantRegistered, ParticipantErased]
    assert str(participant.id) in said
    assert [word for word in ("Wei", "Zhang", "张", "example.org", "2026-09") if word in said] == []


def test_the_record_is_the_home_institution_s() -> None:
    """A school within it keeps it too; another institution does not, even one that sees it."""
    participant = wei()
    participant.share_with(NANJING, MOBILITY)
    school = coordinator(uuid4(), BIRMINGHAM)

    participant.correct(details(language="zh"), school, NOW)
    for other in (LI, STRANGER):
        for act in (
            lambda who: participant.correct(details(), who, NOW), lambda who: participant.ask_link(who, NOW),
            lambda who: participant.sign_in_with(ACCOUNT, who), lambda who: participant.erase(who),
        ):  # fmt: skip
            with pytest.raises(NotASide):
                act(other)

    assert (participant.language, participant.status) == (Language.CHINESE, Status.ACTIVE)


def test_the_other_side_sees_it_while_there_is_a_reason() -> None:
    """Of two mobilities to the same institution, the end of one changes nothing; the end of the last hides it."""
    participant = wei()
    for use in (MOBILITY, MOBILITY, OTHER):
        participant.share_with(NANJING, use)
    seen = [participant.seen_by(LI)]
    for use in (MOBILITY, OTHER):
        participant.withdraw_from(NANJING, use)
        seen.append(participant.seen_by(LI))

    assert seen == [True, True, False]
    assert (participant.seen_by(ANNE), participant.seen_by(STRANGER), wei().seen_by(themselves(participant))) == (
        True, False, False,
    )  # fmt: skip
    assert participant.seen_by(themselves(participant))


def test_without_a_transfer_route_only_the_home_institution_sees_it() -> None:
    """Consent that is withdrawn hides the name at once, and shows it again when another route is recorded."""
    participant = wei()
    participant.share_with(NANJING, MOBILITY)
    seen: list[bool] = []
    for route in ("not-transferred", "explicit-consent"):
        participant.correct(details(transfer_route=route), ANNE, NOW)
        seen.append(participant.seen_by(LI))

    assert (seen, participant.seen_by(ANNE)) == ([False, True], True)


@pytest.mark.parametrize("who", ["home", "themselves", "retention"])
def test_an_erasure_leaves_the_id_and_the_terms(who: str) -> None:
    """Name, address, account, the person of the directory and shares are gone; nothing falls due any more."""
    participant = wei(person_id=uuid4())
    participant.share_with(NANJING, MOBILITY)
    participant.sign_in_with(ACCOUNT, ANNE)
    participant.ask_link(ANNE, NOW)
    actor = {"home": ANNE, "themselves": themselves(participant), "retention": Actor.service("retention")}[who]

    participant.erase(actor)

    personal = (participant.name, participant.email, participant.account, participant.person_id)
    assert personal == (None, None, None, None)
    assert (participant.shares, participant.link_asked_at, participant.due()) == ([], None, {})
    assert (participant.home, participant.purpose, participant.legal_basis, participant.transfer_route) == (
        BIRMINGHAM, Purpose.STUDENT_MOBILITY, LegalBasis.PUBLIC_TASK, TransferRoute.STANDARD_CONTRACT,
    )  # fmt: skip
    for act in (lambda: participant.share_with(ELSEWHERE, OTHER), lambda: participant.ask_link(ANNE, NOW)):
        with pytest.raises(ParticipantGone):
            act()


def test_it_is_kept_to_the_end_of_its_last_day() -> None:
    """In UTC; the day moves with a correction."""
    participant = wei()
    before = participant.due()
    participant.correct(details(kept_until="2027-01-31"), ANNE, NOW)

    assert before == {"retention": datetime(2027, 9, 1, tzinfo=UTC)}
    assert participant.due() == {"retention": datetime(2027, 2, 1, tzinfo=UTC)}


TODAY = NOW.date()


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True), (3653, True), (3654, False)])
def test_nothing_is_kept_for_ever(days: int, taken: bool) -> None:
    """From today to ten years ahead; a registration and a correction alike."""
    kept_until: date = TODAY + timedelta(days=days)
    participant = wei()
    if taken:
        participant.correct(details(kept_until=str(kept_until)), ANNE, NOW)
        assert wei(kept_until=kept_until).kept_until == participant.kept_until == kept_until
    else:
        with pytest.raises(Invalid):
            participant.correct(details(kept_until=str(kept_until)), ANNE, NOW)
        with pytest.raises(Invalid):
            wei(kept_until=kept_until)


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        (NAME, "Wei Zhang", "张伟"),
        ({"latin": {"family": "Suharto"}}, "Suharto", "Suharto"),
        ({"chinese": {"given": "伟", "family": "张"}}, "张伟", "张伟"),
    ],
)
def test_a_name_is_said_in_the_script_of_the_reader(name: dict[str, Any], english: str, chinese: str) -> None:
    """If it is known in one script only, in that one."""
    read = Name.model_validate(name)

    assert (read.said(Language.ENGLISH), read.said(Language.CHINESE)) == (english, chinese)


def test_a_name_has_at_least_one_script() -> None:
    """An empty name is refused."""
    with pytest.raises(ValidationError, match="at least one script"):
        Name.model_validate({})
