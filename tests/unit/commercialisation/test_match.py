"""The states of a match, its two sides, and the confidentiality between them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter

from services.commercialisation.domain.match import (
    Match,
    OtherConfidentiality,
    Status,
)
from shared.contracts.match import (
    MatchAcceptanceGiven,
    MatchAccepted,
    MatchConfidentialitySignatureAdded,
    MatchConfidentialitySigned,
    MatchProposed,
)
from shared.domain.actor import Actor
from shared.domain.aggregate import Transition
from shared.domain.consent import AgreedAlready
from shared.domain.refused import Invalid, NotASide, NotInState, SamePerson
from tests.unit.commercialisation.scene import (
    ANNE,
    BIRMINGHAM,
    CHINA_INSTITUTE,
    LI,
    NANJING,
    NOW,
    REASON,
    SECRET_UNTIL,
    STRANGER,
    confidential,
    match,
    moved,
    officer,
    types_of,
)

ACTS: dict[str, Callable[[Match, Actor], None]] = {
    "accept": lambda m, who: m.accept(who, NOW),
    "sign confidentiality": lambda m, who: m.sign_confidentiality(who, SECRET_UNTIL, NOW),
    "decline": lambda m, who: m.decline(who, REASON),
    "conclude": lambda m, who: m.conclude(m.id),
}
LAST = (MatchAccepted, MatchConfidentialitySigned)


def in_state(status: Status, *, one_side: bool = False) -> Match:
    """A match in `status`; with `one_side`, Birmingham has already given its acceptance or signature."""
    made = match()
    made.status = status
    if one_side and status is Status.PROPOSED:
        made.acceptances = made.acceptances.give("acceptance", BIRMINGHAM, ANNE, NOW)
    if one_side and status is Status.ACCEPTED:
        made.confidentiality = made.confidentiality.give("signature", BIRMINGHAM, ANNE, NOW)
        made.confidential_until = SECRET_UNTIL
    made.recorded.clear()
    return made


@pytest.mark.parametrize("row", Match.lifecycle.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_each_allowed_act_records_its_event(row: Transition) -> None:
    """Each allowed transition leads to its state and records one event."""
    made = in_state(Status(row.source), one_side=row.event in LAST)

    if row.what == "lapse":
        made.lapse(REASON)
    else:
        ACTS[row.what](made, LI)

    assert (made.status, types_of(made.recorded)) == (row.target, [row.event])


REFUSED = [(s, what) for s in Status for what in ACTS if not Match.lifecycle.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), REFUSED)
def test_an_act_outside_the_lifecycle_is_refused(status: Status, what: str) -> None:
    """It changes nothing and records no event."""
    made = in_state(status)

    with pytest.raises(NotInState, match=f"while the match is {status}"):
        ACTS[what](made, LI)
    assert (made.status, made.recorded) == (status, [])


def test_every_act_of_the_lifecycle_is_tested() -> None:
    """The tests above cover every act of the table and 18 refusals."""
    assert len(REFUSED) == 18
    assert {*ACTS, "lapse"} == {row.what for row in Match.lifecycle.rows}


@pytest.mark.parametrize("status", [s for s in Status if not Match.lifecycle.allows(s, "lapse")])
def test_a_match_that_is_over_or_concluded_does_not_lapse(status: Status) -> None:
    """Withdrawing an offer changes no match that led to a deal or was declined."""
    made = in_state(status)

    made.lapse(REASON)

    assert (made.status, made.recorded) == (status, [])


@pytest.mark.parametrize("order", [(ANNE, LI), (LI, ANNE), (officer(CHINA_INSTITUTE, BIRMINGHAM), LI)])
def test_either_side_may_accept_and_sign_first(order: tuple[Actor, Actor]) -> None:
    """The second acceptance makes the match accepted; the second signature makes it confidential."""
    made = match()

    for what in ("accept", "sign confidentiality"):
        for actor in order:
            ACTS[what](made, actor)

    assert types_of(made.recorded) == [
        MatchProposed,
        MatchAcceptanceGiven,
        MatchAccepted,
        MatchConfidentialitySignatureAdded,
        MatchConfidentialitySigned,
    ]


@pytest.mark.parametrize(("status", "what"), [(Status.PROPOSED, "accept"), (Status.ACCEPTED, "sign confidentiality")])
def test_one_person_cannot_act_for_both_sides(status: Status, what: str) -> None:
    """This holds even after the person has moved to the other organisation."""
    made = in_state(status, one_side=True)

    with pytest.raises(SamePerson):
        ACTS[what](made, moved(ANNE, NANJING))
    assert (made.status, made.recorded) == (status, [])


@pytest.mark.parametrize(
    ("status", "what", "message"),
    [
        (Status.PROPOSED, "accept", "acceptance already"),
        (Status.ACCEPTED, "sign confidentiality", f"confidentiality until {SECRET_UNTIL} already"),
    ],
)
def test_a_side_accepts_and_signs_once(status: Status, what: str, message: str) -> None:
    """A second acceptance or signature by a colleague is refused."""
    with pytest.raises(AgreedAlready, match=message):
        ACTS[what](in_state(status, one_side=True), officer(BIRMINGHAM))


@pytest.mark.parametrize("who", [ANNE, officer(BIRMINGHAM)], ids=["the same person", "a colleague"])
def test_a_side_may_change_the_day_it_signed_for(who: Actor) -> None:
    """Until the other side has signed, signing for another day replaces the first signature."""
    made = in_state(Status.ACCEPTED)
    made.sign_confidentiality(ANNE, NOW.date() + timedelta(days=1), NOW)
    with pytest.raises(OtherConfidentiality):
        made.sign_confidentiality(LI, SECRET_UNTIL, NOW)
    made.recorded.clear()

    made.sign_confidentiality(who, SECRET_UNTIL, NOW)
    made.sign_confidentiality(LI, SECRET_UNTIL, NOW)

    assert types_of(made.recorded) == [MatchConfidentialitySignatureAdded, MatchConfidentialitySigned]
    assert [event.model_dump()["confidential_until"] for event in made.recorded] == [SECRET_UNTIL, SECRET_UNTIL]
    signed = {side: signature.by for side, signature in made.confidentiality.given.items()}
    assert signed == {BIRMINGHAM: who.signatory, NANJING: LI.signatory}


@pytest.mark.parametrize("what", ["accept", "sign confidentiality", "decline"])
def test_an_outsider_may_not_act_on_a_match(what: str) -> None:
    """Every act is refused to a third organisation."""
    with pytest.raises(NotASide):
        ACTS[what](match(), STRANGER)


def test_both_sides_sign_for_the_same_day() -> None:
    """The first side sets the last day of confidentiality; the refusal names it."""
    made = in_state(Status.ACCEPTED, one_side=True)

    with pytest.raises(OtherConfidentiality) as refusal:
        made.sign_confidentiality(LI, SECRET_UNTIL + timedelta(days=1), NOW)

    assert (refusal.value.facts, made.status) == ({"confidential_until": "2031-12-31"}, Status.ACCEPTED)


@pytest.mark.parametrize("until", [NOW.date(), date(2020, 1, 1)])
def test_confidentiality_must_end_in_the_future(until: date) -> None:
    """Today and any past day are refused."""
    with pytest.raises(Invalid, match="in the future"):
        in_state(Status.ACCEPTED).sign_confidentiality(LI, until, NOW)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIDENTIAL])
def test_a_deal_needs_signed_confidentiality(status: Status) -> None:
    """No deal can be drafted before both sides have signed or after the match is over."""
    confidential().require_confidential()
    with pytest.raises(NotInState, match="possible when it is confidential"):
        in_state(status).require_confidential()


def test_a_stored_match_is_read_back_unchanged() -> None:
    """The body also has `sides`, which says who may see it, and a score that sorts as text."""
    made = confidential()

    body = TypeAdapter(Match).dump_python(made, mode="json")

    assert TypeAdapter(Match).validate_python(body) == made
    assert (body["sides"], body["score_key"]) == ([str(BIRMINGHAM), str(NANJING)], "100")
