"""Expectations that always hold, or never can, are mistakes."""

from pathlib import Path

import pytest

from tests.unit.scenarios.story import RIGHT, mistakes_of

GROUP = """\
  - step: Both approve at the same time
    at_the_same_time:
      - {as: officer, approve_agreement: {agreement_id: $agreement, revision: $agreement.revision}}
      - {as: operator, approve_agreement: {agreement_id: $agreement, revision: $agreement.revision}, save: approved}
    expect:
      - accepted: 1
      - refused: same-person
      - event: entente.partners.agreement.reviewed.v1
        of: $approved
      - no_message: {to: [operator, officer], of: $agreement}
"""


def test_a_group_of_concurrent_calls_is_valid(tmp_path: Path) -> None:
    """Each call has its own person and may save its result under a name."""
    assert mistakes_of(tmp_path, RIGHT + GROUP) == []


SECOND = (
    "      - {as: operator, approve_agreement: {agreement_id: $agreement, revision: $agreement.revision},"
    " save: approved}\n"
)


@pytest.mark.parametrize(
    ("right", "wrong", "reported"),
    [
        ("      - accepted: 1\n", "", "36:5: step 2: say once how many are accepted, such as `expect"),
        ("accepted: 1", "accepted: 3", "41:9: field 'accepted': there are only 2 calls"),
        ("\n        of: $approved", "", "43:9: field 'event': say what it is about: `of: $name`"),
        (", of: $agreement}\n", "}\n", "45:9: field 'no_message': say what it is about: `of: $name`"),
        ("[operator, officer]", "[operator, oficer]", "45:37: field 'to', entry 2: there is no person 'oficer'; did "),
        ("as: operator, approve", "as: operater, approve", "39:10: field 'as': there is no person 'operater'; did you"),
        (SECOND, "",
         "37:5: field 'at_the_same_time': a list of 1 is not allowed; allowed: a list, at least 2 entries"),
        ("    at_the", "    as: officer\n    at_the", "36:5: step 2: write `as` within each call of `at_the_same"),
        ("as: officer, approve_agreement: {agreement_id: $agreement, revision: $agreement.revision}", "as: officer",
         "38:9: step 2, call 1: a mapping with as is not allowed; write one use case (`entente scenario steps` lists"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_group_is_reported(tmp_path: Path, right: str, wrong: str, reported: str) -> None:
    """Each call must be complete, and the expectations must give the number of accepted calls."""
    assert GROUP.count(right) == 1
    found = mistakes_of(tmp_path, RIGHT + GROUP.replace(right, wrong))

    assert [line[: len(reported)] for line in found[:1]] == [reported]


@pytest.mark.parametrize(
    ("expect", "reported"),
    [
        ("accepted: 1", "field 'accepted': it belongs to a step with `at_the_same_time`"),
        ("refused: not-a-side\n      - refused: not-allowed", "field 'refused': one call is refused with one problem"),
        (
            "refused: not-a-side\n      - message: {to: officer, kind: agreement-revised}",
            "field 'message': say what it is about: `of: $name`; this step changes no single thing",
        ),
    ],
)
def test_an_expectation_unfit_for_a_single_call_is_reported(tmp_path: Path, expect: str, reported: str) -> None:
    """Examples: a number of accepted calls, two refusals, a message about what a refused step did not create."""
    text = RIGHT.replace("partners: {agreements: $agreement, status: draft}", expect)

    assert [line.split(": ", 1)[1] for line in mistakes_of(tmp_path, text)] == [reported]


@pytest.mark.parametrize(
    ("expect", "reported"),
    [
        ("message: {to: operator, kind: agreement-revised}\n        of: $agreement",
         ["36:9: field 'of': write it within `message`, as in `message: {…, of: …}`"]),
        ("no_message: {to: operator}\n        of: $agreement\n        times: 2",
         ["36:9: field 'of': write it within `no_message`, as in `no_message: {…, of: …}`",
          "37:9: field 'times': it belongs to `event`, not to `no_message`"]),
        ("event: entente.partners.agreement.drafted.v1\n        by: [exchanges]",
         ["36:9: field 'by': it belongs to `applied`, not to `event`"]),
    ],
)  # fmt: skip
def test_a_field_beside_the_wrong_expectation_is_reported(tmp_path: Path, expect: str, reported: list[str]) -> None:
    """The message says where the field belongs, not what is missing beside it."""
    text = RIGHT.replace("partners: {agreements: $agreement, status: draft}", expect)

    assert mistakes_of(tmp_path, text) == reported


def test_a_step_without_a_call_cannot_expect_a_refusal(tmp_path: Path) -> None:
    """No call could be refused."""
    found = mistakes_of(tmp_path, f"{RIGHT}  - step: Look\n    expect:\n      - refused: not-found\n")

    assert found == ["38:9: field 'refused': this step has no call that could be refused"]
