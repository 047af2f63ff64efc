"""What is reported for a mistake in a scenario file: line, column, field, and what is allowed."""

import subprocess
from pathlib import Path

import pytest

from cli.demo import STORY
from cli.main import run
from scenarios.catalogue import catalogue
from scenarios.reading.load import load
from scenarios.reading.mistakes import WrongScenario
from scenarios.story import STEP_FIELDS
from tests.unit.scenarios.story import RIGHT, mistakes_of, mistakes_with, written


def test_a_valid_file_is_read_as_a_story(tmp_path: Path) -> None:
    """Its people, steps, use cases, names and lines are those of the file."""
    scenario = load(written(tmp_path))

    step = scenario.steps[0]
    assert (scenario.operator.handle, list(scenario.organisations)) == ("operator", ["here", "there"])
    (call,) = step.calls
    assert (str(step.title), call.actor, call.use_case, call.save) == (
        "An agreement is drafted", "officer", "draft_agreement", "agreement",
    )  # fmt: skip
    assert (step.line, [each.line for each in step.expect]) == (23, [35])


def test_the_story_of_the_demo_is_valid() -> None:
    """The file about Birmingham and Nanjing has no mistakes."""
    assert len(load(STORY).steps) > 40


@pytest.mark.parametrize(
    ("right", "wrong", "reported"),
    [
        ("kind: university", "kind: college", "4:5: field 'kind': 'college' is not allowed; allowed: university, facu"),
        ("    country: GB\n", "", "3:3: field 'country': it is missing; allowed: a text"),
        ("country: GB", "country: UK", "6:5: field 'country': 'UK' is not an ISO 3166 country code; write it as 'GB'"),
        ("country: GB", "country: XX", "6:5: field 'country': not an ISO 3166 country code of two letters"),
        ("  here:\n", "  Here:\n", "3:3: field 'Here': this name is not allowed; write a name of small letters"),
        ("starts_on: today", "starts_on: tomorrow", "31:7: field 'starts_on': 'tomorrow' is not allowed; write a day"),
        ("starts_on: today", "starts_on: 2027-02-30", "31:7: field 'starts_on': day is out of range for month"),
        ("time_zone: Europe/London", "time_zone: Nowhere", "30:7: field 'time_zone': not an IANA time zone"),
        ("[$here, $there]", "[$here, there]", "32:28: field 'signatories', entry 2: 'there' is not allowed; write an"),
        ("[$here, $there]", "[$here, $their]", "32:28: field 'signatories': nothing above is named '$their'; did you "),
        ("[$here, $there]", "[$here, $here]", "25:5: field 'draft_agreement': name each organisation once"),
        ("[culture]", "[culture]\n      end_on: today", "30:7: field 'end_on': there is no such field here; did"),
        ("    draft_agreement:", "    draught_agreement:", "25:5: field 'draught_agreement': there is no such field"),
        ("    as: officer\n", "    as: nobody\n", "24:5: field 'as': there is no person 'nobody'; allowed: officer"),
        ("    as: officer\n", "    as: oficer\n", "24:5: field 'as': there is no person 'oficer'; did you mean 'of"),
        ("    as: officer\n", "", "23:5: field 'as': it is missing; write a name of `people`"),
        ("status: draft", "status: drafted", "35:44: field 'status': 'drafted' is not allowed; allowed: draft, in-rev"),
        ("{agreements:", "{unknown:", "35:9: field 'partners': a mapping with status, unknown is not allowed; write"),
        ("roles: [operator]", "roles: [reader]", "13:1: field 'people': there is no operator"),
        ("name: {en: Here}", "name: {en: Here, en: There}", "5:22: field 'en': the same name is given twice here; r"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_place(tmp_path: Path, right: str, wrong: str, reported: str) -> None:
    """Each mistake is one line, which starts with line and column and says what is allowed."""
    found = mistakes_with(tmp_path, right, wrong)

    assert [line[: len(reported)] for line in found] == [reported]


def test_a_misspelt_field_is_reported_with_suggestions(tmp_path: Path) -> None:
    """A similar name is suggested alone; failing that, at most twelve of the allowed names."""
    assert mistakes_with(tmp_path, "    save: agreement", "    saves: agreement")[0].endswith("did you mean 'save'?")

    found = mistakes_with(tmp_path, "    save: agreement", "    colour: red\n    save: agreement")
    assert found[0].startswith(
        "33:5: field 'colour': there is no such field here; allowed: step, as, acting_for, save, "
    )
    assert found[0].endswith(f" and {len(catalogue().use_cases) + len(STEP_FIELDS) - 12} more")


SUBMITTED = """\
  - {step: It is submitted, as: officer, submit_agreement: {agreement_id: $agreement}}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "reported"),
    [
        ("id: $agreement", "id: $here", "field 'agreement_id': '$here' is an organisation; write an agreement"),
        ("id: $agreement", "id: $officer", "field 'agreement_id': '$officer' is a person; write an agreement"),
        (
            "as: officer",
            "as: officer, acting_for: $officer",
            "field 'acting_for': '$officer' is a person; write an orga",
        ),
        (
            "id: $agreement",
            "id: $agreement.versions",
            "field 'agreement_id': $agreement is an agreement and has no 'vers",
        ),
    ],
)
def test_a_reference_must_be_of_the_expected_type(tmp_path: Path, right: str, wrong: str, reported: str) -> None:
    """The type of a name comes from the step that saved it; the field says which type it expects."""
    assert mistakes_of(tmp_path, RIGHT + SUBMITTED) == []
    assert mistakes_of(tmp_path, RIGHT + SUBMITTED.replace("id: $agreement", "id: $agreement.version")) == []

    found = mistakes_of(tmp_path, RIGHT + SUBMITTED.replace(right, wrong))
    assert [line.split(": ", 1)[1][: len(reported)] for line in found] == [reported]


def test_a_document_is_looked_up_in_its_own_list(tmp_path: Path) -> None:
    """An organisation cannot be expected among agreements."""
    found = mistakes_with(tmp_path, "{agreements: $agreement,", "{agreements: $here,")

    assert found == ["35:20: field 'agreements': '$here' is an organisation; write an agreement"]


def test_each_reference_in_a_list_must_be_of_the_expected_type(tmp_path: Path) -> None:
    """A person cannot be a signatory; the column points to the entry."""
    found = mistakes_with(tmp_path, "[$here, $there]", "[$here, $officer]")

    assert found == ["32:28: field 'signatories': '$officer' is a person; write an organisation"]


def test_fields_can_be_merged_from_an_earlier_mapping(tmp_path: Path) -> None:
    """YAML's merge key copies the fields of another mapping; a mapping's own fields take precedence."""
    anchored = RIGHT.replace("draft_agreement:\n", "draft_agreement: &terms\n")
    again = "    draft_agreement: {<<: *terms, title: {en: Other}}\n"
    steps = load(written(tmp_path, f"{anchored}  - step: Another\n    as: officer\n{again}")).steps

    assert steps[1].calls[0].fields == {**steps[0].calls[0].fields, "title": {"en": "Other"}}


QUOTE = "put text that has a comma or a colon in it in quotation marks"


@pytest.mark.parametrize(
    ("right", "wrong", "where", "hint"),
    [
        ("name: {en: Two cities}", "name: {en: Two cities", "2:14", "the comma between two fields is `,`"),
        ("name: {en: Two cities}", "name: {en: Two: cities}", "1:15", "the comma between two fields is `,`"),
        ("- step: An", "- step: First: an", "23:16", "in quotation marks, and a space after each `-`"),
        ("    country: GB", "   country: GB", "6:4", "it begins after 3 spaces; write 4, as in line 5"),
        ("    kind: university", "\tkind: university", "4:1", "use spaces, not a tab"),
        ("country: GB", "country:GB", "7:5", "write `name: value`, with a space after the colon"),
        ("name: {en: Here}", "name: {en: Here, there}", "5:22", QUOTE),
        ("en: There, zh: 那里", "en: There, by the sea: here", "10:23", QUOTE),
        ("en: There, zh: 那里", "en: There, zh：那里", "10:23", "write its colon as `:`, with a space after it"),
        ("{agreements:", "{agreement:", "35:9", "did you mean 'agreements'?"),
    ],
)
def test_a_misleading_yaml_error_has_a_hint(tmp_path: Path, right: str, wrong: str, where: str, hint: str) -> None:
    """YAML's own messages blame brackets and blocks for a wrong colon or comma."""
    found = mistakes_with(tmp_path, right, wrong)

    assert len(found) == 1
    assert found[0].startswith(f"{where}: ")
    assert found[0].endswith(hint)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """Three mistakes give three lines, in the order of the file."""
    text = RIGHT.replace("kind: university", "kind: college").replace("[culture]", "[arts]")
    found = mistakes_of(tmp_path, text.replace("save: agreement", "save: Agreement"))

    assert [line.split(":")[0] for line in found] == ["4", "29", "33"]


def test_a_step_with_two_use_cases_is_refused(tmp_path: Path) -> None:
    """The message names both and says what to do instead."""
    more = "    submit_agreement: {agreement_id: $agreement}\n    save: agreement"
    found = mistakes_with(tmp_path, "    save: agreement", more)

    assert found == [
        "23:5: step 1: it has both draft_agreement and submit_agreement; "
        "make a step of each, or write both calls under `at_the_same_time`"
    ]


def test_a_reference_may_be_used_only_after_it_was_saved(tmp_path: Path) -> None:
    """A step's own call cannot use the name that the step saves; its expectations and later steps can."""
    assert mistakes_of(tmp_path, RIGHT) == []

    found = mistakes_with(tmp_path, "[$here, $there]", "[$here, $agreement]")
    assert found == [
        "32:28: field 'signatories': nothing above is named '$agreement'; allowed: $here, $officer, $operator, $there"
    ]


FOUND = """\
      - partners: {agreements: {status: draft, area: culture}, status: draft}
        save: found
      - event: entente.partners.agreement.drafted.v1
        of: $found
"""


def test_a_document_found_by_an_expectation_may_be_saved(tmp_path: Path) -> None:
    """Later expectations and steps can refer to it by name; earlier ones cannot."""
    assert mistakes_of(tmp_path, RIGHT + FOUND) == []

    assert mistakes_of(tmp_path, RIGHT + FOUND.replace("save: found", "within: 1")) == [
        "39:9: field 'of': nothing above is named '$found'; allowed: $agreement, $here, $officer, $operator, $there"
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "reported"),
    [
        ("area: culture}", "areas: culture}", "36:48: field 'areas': there is no such field here; did you mean 'area'"),
        ("found", "agreement", "37:9: field 'save': 'agreement' is already the name of something a"),
        (
            "of: $found",
            "save: other",
            "38:9: field 'expect', entry 3: a mapping with event, save is not allowed; write `save",
        ),
    ],
)
def test_a_mistake_in_a_saved_expectation_is_reported(tmp_path: Path, right: str, wrong: str, reported: str) -> None:
    """The filters must be those of the list, the name must be new, and only documents may be saved."""
    found = mistakes_of(tmp_path, RIGHT + FOUND.replace(right, wrong))

    assert [line[: len(reported)] for line in found] == [reported]


def test_a_name_may_not_be_reused(tmp_path: Path) -> None:
    """A step cannot save its result under the name of an organisation."""
    found = mistakes_with(tmp_path, "    save: agreement\n", "    save: here\n")

    assert found == ["33:5: field 'save': 'here' is already the name of something above; choose another name"]


def test_a_missing_file_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message is one line, without a pointer to the help of commands."""
    path = tmp_path / "missing.yaml"

    assert run(["demo", str(path)]) == 2
    assert capsys.readouterr().err == f"{path} cannot be read: No such file or directory\n"


def test_a_file_that_is_not_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says that the file must be in UTF-8."""
    path = tmp_path / "story.yaml"
    path.write_bytes(b"name: \xff\xfe")

    assert run(["demo", str(path)]) == 2
    assert "the file must be in UTF-8" in capsys.readouterr().err


def test_a_wrong_file_ends_the_command_with_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`entente demo` starts nothing and writes the mistakes to standard error only."""
    path = written(tmp_path, RIGHT.replace("[culture]", "[arts]"))

    status = run(["demo", str(path)])

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith(
        f"{path}:29:15: field 'areas', entry 1: 'arts' is not allowed; allowed: research-innovation, "
    )


def test_a_duplicate_name_is_one_mistake(tmp_path: Path) -> None:
    """Later references to it are not reported as well, whichever of the two they mean."""
    assert mistakes_of(tmp_path, RIGHT + SUBMITTED) == []

    text = (RIGHT + SUBMITTED).replace("    save: agreement\n", "    save: here\n")
    found = mistakes_of(tmp_path, text.replace("agreement_id: $agreement", "agreement_id: $here"))
    assert [line.split(": ")[0] for line in found] == ["33:5"]


def test_a_duplicate_person_is_reported_with_both_lines(tmp_path: Path) -> None:
    """The message does not quote the contents of the first one."""
    found = mistakes_with(tmp_path, "  operator:\n    subject", "  officer:\n    subject")

    assert found == ["18:3: field 'officer': the same name is given twice here; it is in line 14 already; "
                     "rename or remove one"]  # fmt: skip


@pytest.mark.parametrize("spaces", [3, 5])
def test_wrong_indentation_is_reported_as_such(tmp_path: Path, spaces: int) -> None:
    """The message says how many spaces the line has and how many it needs."""
    found = mistakes_with(tmp_path, "    as: officer\n", f"{' ' * spaces}as: officer\n")

    assert [line.partition(": ")[2] for line in found] == [
        f"not YAML: this line is indented differently from those above it: it begins after {spaces} spaces; "
        "write 4, as in line 23"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n"])
def test_an_empty_file_is_refused_with_how_to_begin(tmp_path: Path, text: str) -> None:
    """The message points to the story in the guide."""
    assert mistakes_of(tmp_path, text) == [
        "1:1: the file is empty; begin with `name:`, and see docs/scenarios.md for a whole story"
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_refused_with_how_to_convert_it(tmp_path: Path, encoding: str) -> None:
    """The command in the message converts the file."""
    path = tmp_path / "story.yaml"
    path.write_bytes(RIGHT.encode(encoding))

    with pytest.raises(WrongScenario) as raised:
        load(path)

    (sentence,) = [each.sentence for each in raised.value.mistakes]
    assert sentence.startswith(f"the file must be in UTF-8, and it looks like {encoding.upper()}; save it as UTF-8")
    convert = sentence.rpartition("run: ")[2]
    subprocess.run(["sh", "-c", convert], check=True, cwd=tmp_path)
    assert len(load(tmp_path / "utf-8.yaml").steps) == 1


def test_a_file_with_a_byte_order_mark_is_valid(tmp_path: Path) -> None:
    """Some editors write one."""
    path = tmp_path / "story.yaml"
    path.write_bytes(RIGHT.encode("utf-8-sig"))

    assert len(load(path).steps) == 1
