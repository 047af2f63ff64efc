"""What is told of a wrong scenario file: line, column, field, and what is allowed."""

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


def test_a_right_file_is_a_story(tmp_path: Path) -> None:
    """Its people, steps, use cases, names and lines are as the file says."""
    scenario = load(written(tmp_path))

    step = scenario.steps[0]
    assert (scenario.operator.handle, list(scenario.organisations)) == ("operator", ["here", "there"])
    (call,) = step.calls
    assert (str(step.title), call.actor, call.use_case, call.save) == (
        "An agreement is drafted", "officer", "draft_agreement", "agreement",
    )  # fmt: skip
    assert (step.line, [each.line for each in step.expect]) == (23, [35])


def test_the_story_that_the_demo_plays_is_right() -> None:
    """The file of Birmingham and Nanjing has no fault."""
    assert len(load(STORY).steps) > 40


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
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
def test_a_mistake_is_told_with_its_place(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    """One wrong thing gives one line, which begins with its line and column and says what is allowed."""
    found = mistakes_with(tmp_path, right, wrong)

    assert [line[: len(told)] for line in found] == [told]


def test_a_misspelt_field_is_told_with_the_one_that_was_meant_or_with_some(tmp_path: Path) -> None:
    """The name that is near, alone; else at most twelve of those that there are."""
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
    ("right", "wrong", "told"),
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
def test_a_reference_stands_for_what_is_wanted(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    """What a name stands for is known from what made it, and what is wanted from the field."""
    assert mistakes_of(tmp_path, RIGHT + SUBMITTED) == []
    assert mistakes_of(tmp_path, RIGHT + SUBMITTED.replace("id: $agreement", "id: $agreement.version")) == []

    found = mistakes_of(tmp_path, RIGHT + SUBMITTED.replace(right, wrong))
    assert [line.split(": ", 1)[1][: len(told)] for line in found] == [told]


def test_what_is_looked_at_is_what_its_list_has(tmp_path: Path) -> None:
    """An organisation is not looked for among agreements."""
    found = mistakes_with(tmp_path, "{agreements: $agreement,", "{agreements: $here,")

    assert found == ["35:20: field 'agreements': '$here' is an organisation; write an agreement"]


def test_each_in_a_list_stands_for_what_is_wanted(tmp_path: Path) -> None:
    """A person is no signatory; the column says which entry is meant."""
    found = mistakes_with(tmp_path, "[$here, $there]", "[$here, $officer]")

    assert found == ["32:28: field 'signatories': '$officer' is a person; write an organisation"]


def test_fields_can_be_merged_from_above(tmp_path: Path) -> None:
    """YAML's merge key gives a mapping the fields of another one, and its own go before those."""
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
def test_a_mistake_that_is_not_what_its_words_say_has_a_hint(
    tmp_path: Path, right: str, wrong: str, where: str, hint: str
) -> None:
    """YAML's words tell of brackets and blocks where a colon or a comma is meant."""
    found = mistakes_with(tmp_path, right, wrong)

    assert len(found) == 1
    assert found[0].startswith(f"{where}: ")
    assert found[0].endswith(hint)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Three wrong things give three lines, in the order of the file."""
    text = RIGHT.replace("kind: university", "kind: college").replace("[culture]", "[arts]")
    found = mistakes_of(tmp_path, text.replace("save: agreement", "save: Agreement"))

    assert [line.split(":")[0] for line in found] == ["4", "29", "33"]


def test_a_step_names_one_use_case(tmp_path: Path) -> None:
    """Two use cases in one step are named, with what to do instead."""
    more = "    submit_agreement: {agreement_id: $agreement}\n    save: agreement"
    found = mistakes_with(tmp_path, "    save: agreement", more)

    assert found == [
        "23:5: step 1: it has both draft_agreement and submit_agreement; "
        "make a step of each, or write both calls under `at_the_same_time`"
    ]


def test_a_reference_may_stand_in_a_step_only_after_it_was_saved(tmp_path: Path) -> None:
    """The name that a step gives is known to its expectations and to later steps, not to its own call."""
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


def test_a_document_that_was_found_has_a_name(tmp_path: Path) -> None:
    """What an expectation finds by a list's filters and saves can be referred to below it, and not above."""
    assert mistakes_of(tmp_path, RIGHT + FOUND) == []

    assert mistakes_of(tmp_path, RIGHT + FOUND.replace("save: found", "within: 1")) == [
        "39:9: field 'of': nothing above is named '$found'; allowed: $agreement, $here, $officer, $operator, $there"
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
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
def test_a_mistake_in_what_is_found_is_told(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    """The filters are those of the list, a name is given once, and only documents are saved."""
    found = mistakes_of(tmp_path, RIGHT + FOUND.replace(right, wrong))

    assert [line[: len(told)] for line in found] == [told]


def test_a_name_is_given_once(tmp_path: Path) -> None:
    """What a step saves cannot have the name of an organisation."""
    found = mistakes_with(tmp_path, "    save: agreement\n", "    save: here\n")

    assert found == ["33:5: field 'save': 'here' is already the name of something above; choose another name"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line, which sends nobody to the help of commands."""
    path = tmp_path / "missing.yaml"

    assert run(["demo", str(path)]) == 2
    assert capsys.readouterr().err == f"{path} cannot be read: No such file or directory\n"


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    """A file that is not UTF-8 is told as that."""
    path = tmp_path / "story.yaml"
    path.write_bytes(b"name: \xff\xfe")

    assert run(["demo", str(path)]) == 2


def test_the_command_ends_with_2_and_tells_each_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`entente demo` of a wrong file starts nothing, and tells the faults on standard error only."""
    path = written(tmp_path, RIGHT.replace("[culture]", "[arts]"))

    status = run(["demo", str(path)])

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith(
        f"{path}:29:15: field 'areas', entry 1: 'arts' is not allowed; allowed: research-innovation, "
    )


def test_a_name_given_twice_is_one_mistake(tmp_path: Path) -> None:
    """References to it below, whichever of the two they mean, are not reported as well."""
    assert mistakes_of(tmp_path, RIGHT + SUBMITTED) == []

    text = (RIGHT + SUBMITTED).replace("    save: agreement\n", "    save: here\n")
    found = mistakes_of(tmp_path, text.replace("agreement_id: $agreement", "agreement_id: $here"))
    assert [line.split(": ")[0] for line in found] == ["33:5"]


def test_a_person_given_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    """And not with all that YAML knows of the first one."""
    found = mistakes_with(tmp_path, "  operator:\n    subject", "  officer:\n    subject")

    assert found == ["18:3: field 'officer': the same name is given twice here; it stands in line 14 already; "
                     "rename or remove one"]  # fmt: skip


@pytest.mark.parametrize("spaces", [3, 5])
def test_a_line_with_a_space_too_few_or_too_many_is_not_blamed_on_a_colon(tmp_path: Path, spaces: int) -> None:
    """It says how many spaces it has and how many it needs."""
    found = mistakes_with(tmp_path, "    as: officer\n", f"{' ' * spaces}as: officer\n")

    assert [line.partition(": ")[2] for line in found] == [
        f"not YAML: this line is indented differently from those above it: it begins after {spaces} spaces; "
        "write 4, as in line 23"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n"])
def test_an_empty_file_is_told_how_to_begin(tmp_path: Path, text: str) -> None:
    """Where the whole story of the guide is."""
    assert mistakes_of(tmp_path, text) == [
        "1:1: the file is empty; begin with `name:`, and see docs/scenarios.md for a whole story"
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_told_how_to_convert_it(tmp_path: Path, encoding: str) -> None:
    """The command that it names makes it right."""
    path = tmp_path / "story.yaml"
    path.write_bytes(RIGHT.encode(encoding))

    with pytest.raises(WrongScenario) as raised:
        load(path)

    (sentence,) = [each.sentence for each in raised.value.mistakes]
    assert sentence.startswith(f"the file must be in UTF-8, and it looks like {encoding.upper()}; save it as UTF-8")
    convert = sentence.rpartition("run: ")[2]
    subprocess.run(["sh", "-c", convert], check=True, cwd=tmp_path)
    assert len(load(tmp_path / "utf-8.yaml").steps) == 1


def test_a_file_that_begins_with_a_byte_order_mark_is_right(tmp_path: Path) -> None:
    """As some editors write it."""
    path = tmp_path / "story.yaml"
    path.write_bytes(RIGHT.encode("utf-8-sig"))

    assert len(load(path).steps) == 1
