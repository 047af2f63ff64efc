"""Every transition of a mobility, allowed and refused, from the table itself."""

from collections.abc import Callable
from datetime import date

import pytest

from services.exchanges.domain.mobility import (
    LearningAgreementMissing,
    Mobility,
    NotArrived,
    NotDeparted,
    StayOver,
    TranscriptMissing,
)
from services.exchanges.domain.mobility_lifecycle import LIFECYCLE, Status
from services.exchanges.domain.stay import Stay
from shared.contracts.credit import Credit
from shared.contracts.mobility import (
    MobilityCancelled,
    MobilityInterrupted,
    MobilityNominated,
    MobilityRecognised,
    MobilityTranscriptSent,
)
from shared.domain.actor import Actor
from shared.domain.aggregate import Transition
from shared.domain.reason import Cause
from shared.domain.refused import Invalid, NotASide, Refused
from shared.domain.side import OfficeOfAPart
from tests.unit.exchanges.scene import (
    ANNE,
    BIRMINGHAM,
    FORCE_MAJEURE,
    LI,
    NANJING,
    REASON,
    STAY,
    STRANGER,
    WITHIN,
    coordinator,
    mobility,
)

HASH, CREDITS = "0" * 64, [Credit(scheme="ects", value="24.00")]
ARRIVED, DEPARTED = date(2027, 2, 16), date(2027, 6, 30)

ACTS: dict[str, Callable[[Mobility], None]] = {
    "approve": lambda m: m.approve(LI),
    "reject": lambda m: m.reject(LI, REASON),
    "correct": lambda m: m.correct(ANNE, STAY, Status.PENDING),
    "move up": lambda m: m.move(Status.PENDING),
    "move back": lambda m: m.move(Status.WAITING),
    "go live": lambda m: m.go_live(ANNE),
    "record arrival": lambda m: m.arrive(LI, ARRIVED),
    "record departure": lambda m: m.depart(LI, DEPARTED),
    "record no show": lambda m: m.miss(LI),
    "interrupt": lambda m: m.interrupt(ANNE, DEPARTED, REASON),
    "send transcript": lambda m: m.send_transcript(LI, HASH, CREDITS),
    "recognise": lambda m: m.recognise(ANNE, CREDITS),
    "request cancellation": lambda m: m.request_cancellation(LI, REASON),
    "cancel": lambda m: m.cancel(ANNE, REASON),
}
OTHERWISE: dict[tuple[str, str], Callable[[Mobility], None]] = {
    ("correct", Status.WAITING): lambda m: m.correct(ANNE, STAY, Status.WAITING),
    ("interrupt", Status.LIVE): lambda m: m.interrupt(ANNE, DEPARTED, FORCE_MAJEURE),
}
"""The same acts where they lead elsewhere."""
NEEDS_ARRIVAL = ("record departure", "interrupt")
NEEDS_DEPARTURE = ("send transcript", "recognise")


def _ready(status: Status, what: str) -> Mobility:
    arrived = ARRIVED if what in NEEDS_ARRIVAL and status is Status.LIVE else None
    over = what in NEEDS_DEPARTURE
    return mobility(
        status, learning_agreement_version=1, arrived_on=ARRIVED if over else arrived,
        departed_on=DEPARTED if over else None, transcript_sent=what == "recognise",
    )  # fmt: skip


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_an_allowed_act_leads_where_the_table_says_and_tells_it(row: Transition) -> None:
    """Every row of the lifecycle ends in its target state and records exactly its event."""
    one = _ready(Status(row.source), row.what)

    OTHERWISE.get((row.what, row.target), ACTS[row.what])(one)

    assert (one.status, [type(e) for e in one.recorded]) == (row.target, [row.event])
    assert one.recorded[0].model_dump()["status"] == row.target


NOT_ALLOWED = [(s, what) for s in Status for what in ACTS if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_an_act_that_the_table_does_not_allow_is_refused_and_changes_nothing(status: Status, what: str) -> None:
    """Whatever is not in the lifecycle is refused, records nothing and leaves the mobility as it was."""
    one = _ready(status, what)
    before = dict(one.__dict__)

    with pytest.raises(Refused):
        ACTS[what](one)

    assert {name: one.__dict__[name] for name in before} == before
    assert one.recorded == []


def test_the_table_names_every_act_and_every_state() -> None:
    """No act and no state is missing from the tests above."""
    assert {r.what for r in LIFECYCLE.rows} == set(ACTS)
    assert {s for r in LIFECYCLE.rows for s in (r.source, r.target)} == set(Status)


OF_SENDER = ["correct", "go live", "interrupt", "recognise", "cancel"]
OF_RECEIVER = [
    "approve", "reject", "record arrival", "record departure", "record no show", "send transcript",
    "request cancellation",
]  # fmt: skip
BINDING = {"approve", "reject", "send transcript", "recognise", "cancel"}


def _allowing(what: str) -> Mobility:
    source = next(row.source for row in LIFECYCLE.rows if row.what == what)
    return _ready(Status(source), what)


def _acting(what: str, who: Actor) -> Callable[[Mobility], object]:
    return {
        "approve": lambda m: m.approve(who),
        "reject": lambda m: m.reject(who, REASON),
        "correct": lambda m: m.correct(who, STAY, Status.PENDING),
        "go live": lambda m: m.go_live(who),
        "record arrival": lambda m: m.arrive(who, ARRIVED),
        "record departure": lambda m: m.depart(who, DEPARTED),
        "record no show": lambda m: m.miss(who),
        "interrupt": lambda m: m.interrupt(who, DEPARTED, REASON),
        "send transcript": lambda m: m.send_transcript(who, HASH, CREDITS),
        "recognise": lambda m: m.recognise(who, CREDITS),
        "request cancellation": lambda m: m.request_cancellation(who, REASON),
        "cancel": lambda m: m.cancel(who, REASON),
    }[what]


@pytest.mark.parametrize(
    ("what", "who"),
    [(what, who) for what in OF_SENDER for who in (LI, STRANGER)]
    + [(what, who) for what in OF_RECEIVER for who in (ANNE, WITHIN, STRANGER)],
)
def test_each_side_masters_what_is_its_own(what: str, who: Actor) -> None:
    """Neither the other institution nor a stranger does it."""
    with pytest.raises(NotASide):
        _acting(what, who)(_allowing(what))


@pytest.mark.parametrize("what", [*OF_SENDER, *OF_RECEIVER])
def test_only_what_binds_an_institution_needs_an_office_in_it(what: str) -> None:
    """Somebody of an institute within it carries work out, and decides nothing for it."""
    whole = BIRMINGHAM if what in OF_SENDER else NANJING
    part = coordinator(STRANGER.organisation, whole)
    one = _allowing(what)

    if what in BINDING:
        with pytest.raises(OfficeOfAPart):
            _acting(what, part)(one)
    else:
        _acting(what, part)(one)
        assert one.recorded[0].model_dump()["party"] == whole


def test_a_nomination_says_who_and_for_whom_but_names_nobody() -> None:
    """The event has the rank, where it stands and opaque ids; the party is the sending institution."""
    one = mobility(Status.WAITING, rank=3).nominated(WITHIN)

    [event] = one.recorded
    assert isinstance(event, MobilityNominated)
    assert (event.status, event.rank, event.party, event.acting) == (
        "waiting", 3, BIRMINGHAM, WITHIN.organisation,
    )  # fmt: skip
    assert event.participant_id == one.participant_id


@pytest.mark.parametrize("arrival", [date(2026, 7, 31), date(2027, 8, 1)])
def test_a_stay_begins_in_its_academic_year(arrival: date) -> None:
    """The day before the year and the day after it are refused."""
    planned = Stay(arrival=arrival, departure=date(2027, 12, 1))

    with pytest.raises(Invalid, match="between 2026-08-01 and 2027-07-31"):
        mobility(planned=planned).nominated(ANNE)
    with pytest.raises(Invalid, match="between 2026-08-01 and 2027-07-31"):
        mobility(Status.REJECTED).correct(ANNE, planned, Status.PENDING)


def test_nobody_goes_without_a_learning_agreement() -> None:
    """An approved mobility becomes live once all three have signed a version."""
    one = mobility(Status.APPROVED)

    with pytest.raises(LearningAgreementMissing):
        one.go_live(ANNE)

    one.learning_agreement_version = 1
    one.go_live(ANNE)
    assert one.status is Status.LIVE


def test_the_days_of_a_stay_are_in_order() -> None:
    """No departure before the arrival, none without one, and none twice."""
    one = mobility(Status.LIVE)
    with pytest.raises(NotArrived):
        one.depart(LI, DEPARTED)
    one.arrive(LI, DEPARTED)
    one.arrive(LI, ARRIVED)  # corrected
    with pytest.raises(Invalid, match="2027-02-16"):
        one.depart(LI, date(2027, 2, 15))
    one.depart(LI, DEPARTED)

    with pytest.raises(StayOver):
        one.depart(LI, DEPARTED)
    with pytest.raises(StayOver):
        one.arrive(LI, ARRIVED)
    assert (one.arrived_on, one.departed_on) == (ARRIVED, DEPARTED)


def test_results_follow_the_stay() -> None:
    """No transcript before the departure, and no recognition before the transcript; a transcript can be corrected."""
    one = mobility(Status.LIVE, arrived_on=ARRIVED)
    with pytest.raises(NotDeparted):
        one.send_transcript(LI, HASH, CREDITS)
    one.depart(LI, DEPARTED)
    with pytest.raises(TranscriptMissing):
        one.recognise(ANNE, CREDITS)

    one.send_transcript(LI, HASH, [])
    one.send_transcript(LI, HASH, CREDITS)
    one.recognise(ANNE, CREDITS)

    sent, recognised = one.recorded[-2:]
    assert isinstance(sent, MobilityTranscriptSent)
    assert isinstance(recognised, MobilityRecognised)
    assert (sent.sha256, sent.credits, recognised.credits) == (HASH, CREDITS, CREDITS)


def test_who_did_not_come_may_still_come() -> None:
    """An arrival after a no-show takes it back; after an arrival there is no no-show."""
    one = mobility(Status.LIVE)
    one.miss(LI)
    assert (one.no_show, one.uses_place) == (True, False)
    one.arrive(LI, ARRIVED)
    assert (one.no_show, one.uses_place) == (False, True)

    with pytest.raises(Invalid, match="did come"):
        one.miss(LI)


def test_force_majeure_keeps_recognition_open() -> None:
    """The stay is over, and the mobility is still live; the event has the code and the day, and no sentence."""
    one = mobility(Status.LIVE, arrived_on=ARRIVED)

    one.interrupt(ANNE, DEPARTED, FORCE_MAJEURE)

    [event] = one.recorded
    assert isinstance(event, MobilityInterrupted)
    assert (event.status, event.reason_code, event.interrupted_on) == ("live", "force-majeure", DEPARTED)
    assert [a.act for a in one.awaited] == ["send-transcript"]


def test_a_reason_stands_in_the_document_only() -> None:
    """The event of a cancellation has the code and where it stood before; the sentence is for the two sides."""
    one = mobility(Status.APPROVED)

    one.cancel(ANNE, REASON)

    [event] = one.recorded
    assert isinstance(event, MobilityCancelled)
    assert (event.before, event.reason_code) == ("approved", "priorities-changed")
    assert "plans have changed" not in event.model_dump_json()
    assert str(one.reason) == "plans have changed"


def test_what_is_awaited_is_said_with_whom() -> None:
    """On the whole way from the waiting list to recognised results."""
    one, said = mobility(Status.WAITING), list[list[tuple[str, str]]]()

    def note() -> None:
        sides = {BIRMINGHAM: "sending", NANJING: "receiving"}
        said.append([(a.act, sides[a.of]) for a in one.awaited])

    note()
    for act in ("move up", "reject", "correct", "approve"):
        ACTS[act](one)
        note()
    one.learning_agreement_version = 1
    note()
    for act in ("go live", "record arrival", "record departure", "send transcript"):
        ACTS[act](one)
        note()
    ACTS["recognise"](one)
    note()

    assert said == [
        [], [("approve", "receiving")], [("correct", "sending")], [("approve", "receiving")],
        [("learning-agreement", "sending")], [("go-live", "sending")], [("record-arrival", "receiving")],
        [("record-departure", "receiving")], [("send-transcript", "receiving")], [("recognise", "sending")], [],
    ]  # fmt: skip


@pytest.mark.parametrize("act", ["record no show", "request cancellation"])
def test_a_cancellation_is_awaited_where_the_receiving_side_asks_for_one(act: str) -> None:
    """Somebody who did not come, or a request, waits for the sending institution."""
    one = mobility(Status.LIVE)

    ACTS[act](one)

    assert [(a.act, a.of) for a in one.awaited] == [("cancel", BIRMINGHAM)]


def test_a_nomination_lapses_without_anybody() -> None:
    """Its event names the cause and no person."""
    one = mobility(Status.PENDING)

    one.lapse(Cause.PROGRAMME_CLOSED)

    told = one.recorded[0].model_dump()
    assert (one.status, told["reason_code"], told["by"], told["party"]) == (
        "cancelled", "programme-closed", None, None,
    )  # fmt: skip
