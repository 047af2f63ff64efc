"""Transcripts, and what their credits count at home."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.exchanges.domain.learning_agreement import LearningAgreement, ProposalOpen, TranscriptOutdated
from services.exchanges.domain.mobility import TranscriptMissing
from services.exchanges.domain.transcript import NoConversion, TranscriptWanted, converted
from shared.contracts.credit import Credit, CreditConversion
from shared.domain.condition import ConversionWanted, Rounding
from shared.domain.refused import Invalid
from tests.unit.exchanges.learning import changes, drafted, revision, signed_by_all
from tests.unit.exchanges.scene import ANNE, NOW

HALVES = CreditConversion(
    receiving_scheme="chinese-credits", sending_scheme="ects", rate="1.50", step="0.50", rounding="half-up"
)


def conversion(**other: str) -> CreditConversion:
    """The rate that `other` may differ from."""
    return HALVES.model_copy(update=other)


def chinese(value: str) -> Credit:
    """Chinese credits."""
    return Credit(scheme="chinese-credits", value=value)


def result(key: str, value: str | None = "6.00", *, passed: bool = True) -> dict[str, Any]:
    """What somebody achieved in a component."""
    credits = {"scheme": "chinese-credits", "value": value} if value else None
    return {"key": key, "passed": passed, "credits": credits, "grade": "85"}


def transcript(*results: dict[str, Any]) -> TranscriptWanted:
    """The results of a term in Nanjing."""
    said = {"issued_on": "2027-07-10", "grading_scheme": {"en": "0–100, passed from 60"}, "results": list(results)}
    return TranscriptWanted.model_validate(said)


def sent(*results: dict[str, Any]) -> LearningAgreement:
    """A learning agreement in force with a transcript: of both components, if none is given."""
    one = signed_by_all(drafted())
    one.note_results(transcript(*(results or (result("logic"), result("data")))), NOW)
    return one


@pytest.mark.parametrize(
    ("value", "rounding", "counted"),
    [
        ("3.00", "half-up", "4.50"),
        ("2.50", "half-up", "4.00"),  # 3.75 lies between 3.5 and 4
        ("2.50", "half-even", "4.00"),  # 7.5 steps: to the even eight
        ("1.50", "half-up", "2.50"),  # 2.25
        ("1.50", "half-even", "2.00"),  # 4.5 steps: to the even four
        ("1.50", "down", "2.00"),
        ("1.50", "up", "2.50"),
        ("2", "down", "3.00"),
        ("0", "up", "0.00"),
    ],
)
def test_credits_are_converted_in_decimal_and_rounded_as_the_programme_says(
    value: str, rounding: str, counted: str
) -> None:
    """At a rate of 1.50, to halves of an ECTS credit."""
    assert converted(chinese(value), conversion(rounding=rounding), set()) == Credit(scheme="ects", value=counted)


@given(
    value=st.decimals("0", "999", places=2), rate=st.decimals("0.01", "9.99", places=2),
    step=st.sampled_from(["0.01", "0.10", "0.25", "0.50", "1", "2.50"]), rounding=st.sampled_from(list(Rounding)),
)  # fmt: skip
def test_a_rounded_credit_is_a_multiple_of_the_step_and_less_than_one_away(
    value: Decimal, rate: Decimal, step: str, rounding: Rounding
) -> None:
    """Whatever the rate; halves are at most half a step away, and `down` never gives, `up` never takes."""
    found = converted(chinese(f"{value}"), conversion(rate=f"{rate}", step=step, rounding=str(rounding)), set())

    off = Decimal(found.value) - value * rate
    assert Decimal(found.value) % Decimal(step) == 0
    if rounding in (Rounding.HALF_UP, Rounding.HALF_EVEN):
        assert abs(off) <= Decimal(step) / 2
    else:
        assert 0 <= (off if rounding is Rounding.UP else -off) < Decimal(step)


@pytest.mark.parametrize(
    ("scheme", "by", "home"),
    [("ects", HALVES, {"ects"}), ("ects", None, {"ects"}), ("hours", None, set[str]())],
)
def test_credits_of_the_sending_scheme_count_as_they_are(
    scheme: str, by: CreditConversion | None, home: set[str]
) -> None:
    """No rate is applied to what is in the right scheme, or where nothing says which one that is."""
    assert converted(Credit(scheme=scheme, value="7.5"), by, home) == Credit(scheme=scheme, value="7.5")


@pytest.mark.parametrize("by", [None, HALVES])
def test_credits_of_a_scheme_that_nobody_named_are_not_guessed(by: CreditConversion | None) -> None:
    """The programme has to name a conversion."""
    with pytest.raises(NoConversion, match="hours"):
        converted(Credit(scheme="hours", value="60"), by, {"ects"})


@pytest.mark.parametrize("rate", ["0", "0.00", "00.5", "1.555", "-1", "1,5"])
def test_a_rate_is_a_decimal_above_zero(rate: str) -> None:
    """Anything else is refused before it stands in an agreement."""
    with pytest.raises(ValidationError):
        ConversionWanted(receiving_scheme="chinese-credits", sending_scheme="ects", rate=rate)


def test_a_conversion_is_between_two_schemes() -> None:
    """One scheme needs none."""
    with pytest.raises(ValidationError, match="two schemes"):
        ConversionWanted(receiving_scheme="ects", sending_scheme="ects", rate="1")


@pytest.mark.parametrize(
    ("results", "wrong"),
    [
        ([result("logic")], "missing for data"),
        ([result("logic"), result("data"), result("databases")], "called databases"),
        ([result("logic"), result("data"), result("maths")], "called maths"),
    ],
)
def test_a_transcript_has_a_result_for_each_component_in_force(results: list[dict[str, Any]], wrong: str) -> None:
    """No more and no less: what is recognised at home has no result abroad."""
    with pytest.raises(Invalid, match=wrong):
        sent(*results)


@pytest.mark.parametrize(
    "results", [[result("logic", "3.00", passed=False)], [result("logic")] * 2, list[dict[str, Any]]()]
)
def test_a_transcript_that_makes_no_sense_is_refused_at_once(results: list[dict[str, Any]]) -> None:
    """Credits for who failed, two results for one component, and none at all."""
    with pytest.raises(ValidationError):
        transcript(*results)


def test_another_transcript_has_another_hash() -> None:
    """One grade changes it; the moment of sending does not."""
    first, again = sent(), sent()
    other = sent(result("logic"), result("data") | {"grade": "84"})

    assert first.transcript is not None
    assert again.transcript is not None
    assert other.transcript is not None
    assert first.transcript.sha256 == again.transcript.sha256 != other.transcript.sha256


def test_what_was_passed_is_recognised_component_by_component() -> None:
    """Each is rounded, then summed; what was failed counts nothing, and the rate is kept beside the result."""
    one = sent(result("logic", "1.50"), result("data", None, passed=False))

    found = one.recognise(HALVES, NOW)

    assert [(each.key, each.achieved.value, each.counted.value) for each in found.results] == [
        ("logic", "1.50", "2.50")
    ]
    assert (found.credits, found.conversion) == ([Credit(scheme="ects", value="2.50")], HALVES)


def test_rounding_comes_before_the_sum() -> None:
    """Two components of 2.25 give twice 2.50, not 4.50."""
    one = sent(result("logic", "1.50"), result("data", "1.50"))

    assert one.recognise(HALVES, NOW).credits == [Credit(scheme="ects", value="5.00")]


def test_nothing_is_recognised_without_a_transcript_or_beside_an_open_proposal() -> None:
    """Nor by a transcript that is older than the components in force."""
    with pytest.raises(TranscriptMissing):
        signed_by_all(drafted()).recognise(HALVES, NOW)

    one = sent()
    one.revise(ANNE, changes())
    with pytest.raises(ProposalOpen, match="2"):
        one.recognise(HALVES, NOW)

    assert revision(one).number == 2
    signed_by_all(one)
    with pytest.raises(TranscriptOutdated):
        one.recognise(HALVES, NOW)
    one.note_results(transcript(result("data"), result("databases")), NOW)
    assert one.recognise(HALVES, NOW).credits == [Credit(scheme="ects", value="18.00")]
