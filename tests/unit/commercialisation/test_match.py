"""The states of a match, its two sides, and confidentiality between them."""

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
    told,
)

ACTS: dict[str, Callable[[Match, Actor], None]] = {
    "accept": lambda m, who: m.accept(who, NOW),
    "sign confidentiality": lambda m, who: m.sign_confidentiality(who, SECRET_UNTIL, NOW),
    "decline": lambda m, who: m.decline(who, REASON),
    "conclude": lambda m, who: m.conclude(m.id),
}
LAST = (MatchAccepted, MatchConfidentialitySigned)


def in_state(status: Status, *, one_side: bool = False) -> Match:
    """A match brought to `status`; `one_side`: Birmingham has done what both must do there."""
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
def test_every_row_of_the_lifecycle_happens_and_is_told(row: Transition) -> None:
    """Each allowed transition leads to its state and records its one event."""
    made = in_state(Status(row.source), one_side=row.event in LAST)

    if row.what == "lapse":
        made.lapse(REASON)
    else:
        ACTS[row.what](made, LI)

    assert (made.status, told(made.recorded)) == (row.target, [row.event])


REFUSED = [(s, what) for s in Status for what in ACTS if not Match.lifecycle.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), REFUSED)
def test_what_the_lifecycle_does_not_name_is_refused(status: Status, what: str) -> None:
    """An act that the table does not name for a state is refused and tells nothing."""
    made = in_state(status)

    with pytest.raises(NotInState, match=f"while the match is {status}"):
        ACTS[what](made, LI)
    assert (made.status, made.recorded) == (status, [])


def test_the_table_covers_every_act() -> None:
    """There are acts to be refused, and the acts of this test are those of the table."""
    assert len(REFUSED) == 18
    assert {*ACTS, "lapse"} == {row.what for row in Match.lifecycle.rows}


@pytest.mark.parametrize("status", [s for s in Status if not Match.lifecycle.allows(s, "lapse")])
def test_what_is_over_or_concluded_does_not_lapse(status: Status) -> None:
    """A withdrawn offer leaves alone what a deal came of and what the sides declined."""
    made = in_state(status)

    made.lapse(REASON)

    assert (made.status, made.recorded) == (status, [])


@pytest.mark.parametrize("order", [(ANNE, LI), (LI, ANNE), (officer(CHINA_INSTITUTE, BIRMINGHAM), LI)])
def test_both_sides_are_introduced_and_bound_in_either_order(order: tuple[Actor, Actor]) -> None:
    """The second acceptance introduces, the second signature makes confidential, whoever goes first."""
    made = match()

    for what in ("accept", "sign confidentiality"):
        for actor in order:
            ACTS[what](made, actor)

    assert told(made.recorded) == [
        MatchProposed,
        MatchAcceptanceGiven,
        MatchAccepted,
        MatchConfidentialitySignatureAdded,
        MatchConfidentialitySigned,
    ]


@pytest.mark.parametrize(("status", "what"), [(Status.PROPOSED, "accept"), (Status.ACCEPTED, "sign confidentiality")])
def test_the_two_sides_are_two_people(status: Status, what: str) -> None:
    """A person who acted for one side and moved to the other organisation cannot act for that one."""
    made = in_state(status, one_side=True)

    with pytest.raises(SamePerson):
        ACTS[what](made, moved(ANNE, NANJING))
    assert (made.status, made.recorded) == (status, [])


@pytest.mark.parametrize(
    ("status", "what", "said"),
    [
        (Status.PROPOSED, "accept", "acceptance already"),
        (Status.ACCEPTED, "sign confidentiality", f"confidentiality until {SECRET_UNTIL} already"),
    ],
)
def test_one_side_acts_once(status: Status, what: str, said: str) -> None:
    """A second acceptance or signature of the same side, by a colleague, is refused."""
    with pytest.raises(AgreedAlready, match=said):
        ACTS[what](in_state(status, one_side=True), officer(BIRMINGHAM))


@pytest.mark.parametrize("who", [ANNE, officer(BIRMINGHAM)], ids=["the same person", "a colleague"])
def test_a_side_corrects_the_day_of_its_own_signature(who: Actor) -> None:
    """While the other side has not signed, signing for another day takes the place of the first signature."""
    made = in_state(Status.ACCEPTED)
    made.sign_confidentiality(ANNE, NOW.date() + timedelta(days=1), NOW)
    with pytest.raises(OtherConfidentiality):
        made.sign_confidentiality(LI, SECRET_UNTIL, NOW)
    made.recorded.clear()

    made.sign_confidentiality(who, SECRET_UNTIL, NOW)
    made.sign_confidentiality(LI, SECRET_UNTIL, NOW)

    assert told(made.recorded) == [MatchConfidentialitySignatureAdded, MatchConfidentialitySigned]
    assert [event.model_dump()["confidential_until"] for event in made.recorded] == [SECRET_UNTIL, SECRET_UNTIL]
    signed = {side: signature.by for side, signature in made.confidentiality.given.items()}
    assert signed == {BIRMINGHAM: who.signatory, NANJING: LI.signatory}


@pytest.mark.parametrize("what", ["accept", "sign confidentiality", "decline"])
def test_an_outsider_has_no_part_in_a_match(what: str) -> None:
    """Nothing of a match is for another organisation."""
    with pytest.raises(NotASide):
        ACTS[what](match(), STRANGER)


def test_both_sides_sign_the_same_confidentiality() -> None:
    """The second side signs for the day that the first one set, and the refusal names it."""
    made = in_state(Status.ACCEPTED, one_side=True)

    with pytest.raises(OtherConfidentiality) as refusal:
        made.sign_confidentiality(LI, SECRET_UNTIL + timedelta(days=1), NOW)

    assert (refusal.value.facts, made.status) == ({"confidential_until": "2031-12-31"}, Status.ACCEPTED)


@pytest.mark.parametrize("until", [NOW.date(), date(2020, 1, 1)])
def test_a_duty_of_confidence_lies_ahead(until: date) -> None:
    """A day that is not to come is refused."""
    with pytest.raises(Invalid, match="to come"):
        in_state(Status.ACCEPTED).sign_confidentiality(LI, until, NOW)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIDENTIAL])
def test_a_deal_needs_signed_confidentiality(status: Status) -> None:
    """Before both have signed, and after the match is over, no deal can come of it."""
    confidential().require_confidential()
    with pytest.raises(NotInState, match="possible when it is confidential"):
        in_state(status).require_confidential()


def test_a_document_comes_back_as_it_was_and_says_who_sees_it() -> None:
    """A match, stored and read again, is the same; `sides` and a score that sorts as text stand in the body."""
    made = confidential()

    body = TypeAdapter(Match).dump_python(made, mode="json")

    assert TypeAdapter(Match).validate_python(body) == made
    assert (body["sides"], body["score_key"]) == ([str(BIRMINGHAM), str(NANJING)], "100")
