"""The texts of notifications in both languages."""

from datetime import date
from string import Formatter
from typing import Any
from uuid import UUID

import pytest

from services.notifications.domain.entry import Entry, Sending
from services.notifications.domain.kind import Kind
from services.notifications.domain.notice import Facts
from services.notifications.domain.rules import RULES, Rule
from services.notifications.domain.wording import FIELDS
from services.notifications.domain.write import WORDINGS, write
from shared.contracts.activity import ActivityActionOverdue, ActivityCancelled
from shared.contracts.agreement import AgreementEnded, AgreementInForce, AgreementReturned, AgreementTerminated
from shared.contracts.call import CallOpened
from shared.contracts.deal import DealMilestoneLate
from shared.contracts.event import Event
from shared.contracts.examples import example
from shared.contracts.initiative import InitiativeDeliverableOverdue, InitiativeOutputRecorded
from shared.contracts.match import MatchProposed
from shared.contracts.values import Text
from shared.domain.actor import OFFICE_ROLES
from shared.domain.contact import Language, in_language
from shared.domain.reason import Cause, ReasonCode
from tests.unit.notifications.scene import NOW, ORGANISATIONS, addressee, notice_of, saying

LANGUAGES = list(Language)
CASES = [
    pytest.param(rule, lang, id=f"{rule.event.__name__}-{rule.kind}-{lang}") for rule in RULES for lang in Language
]


def written(event: type[Event], kind: Kind, language: Language, /, within: UUID | None = None, **said: Any) -> Entry:
    notice = notice_of(event, **said)
    group = next(t for t in notice.recipients if t.kind is kind)
    to = addressee(group, within)
    return write(notice, group, to, language, ORGANISATIONS, Sending.NO_ADDRESS, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_role_and_part_has_a_text(language: Language) -> None:
    """This holds for both languages."""
    wording = WORDINGS[language]

    assert set(wording.templates) == set(Kind)
    assert set(wording.roles) == set(OFFICE_ROLES)
    assert set(wording.parts) == {rule.audience.part for rule in RULES}


@pytest.mark.parametrize("kind", list(Kind))
def test_both_languages_name_the_same_facts(kind: Kind) -> None:
    """The two templates of a kind use the same existing fields."""
    named = [
        {field for _, field, _, _ in Formatter().parse("".join(WORDINGS[language].templates[kind])) if field}
        for language in LANGUAGES
    ]

    assert named[0] == named[1] <= FIELDS


@pytest.mark.parametrize(("rule", "language"), CASES)
def test_each_row_can_be_written_for_its_event(rule: Rule, language: Language) -> None:
    """The event has every value that the text needs; the title of the entry names the thing concerned."""
    entry = written(rule.event, rule.kind, language, **saying(rule))
    body = example(rule.event)
    title = next(body[name] for name in ("title", "programme_title", "offer_title") if name in body)

    assert title[language] in entry.title
    assert "{" not in entry.title + entry.text


def test_english_text_follows_english_usage() -> None:
    """Titles in quotation marks, dates and lists are written as in English."""
    entry = written(AgreementInForce, Kind.AGREEMENT_IN_FORCE, Language.ENGLISH)

    assert entry.title == "Now in force: Student exchange Birmingham–Nanjing"
    assert entry.text.startswith(
        "The agreement “Student exchange Birmingham–Nanjing” between University of Birmingham and Nanjing Municipal"
        " Government is in force from 1 January 2027 to 31 December 2029."
    )


def test_chinese_text_follows_chinese_usage() -> None:
    """Names, titles and punctuation are written as in Chinese."""
    entry = written(AgreementReturned, Kind.AGREEMENT_RETURNED, Language.CHINESE)

    assert entry.text == (
        "伯明翰大学已将协议《伯明翰—南京学生交流》退回修改，该协议恢复为草案，修改后请重新提交审核。原因：工作重点已调整。"
    )


@pytest.mark.parametrize(
    ("event", "kind", "language", "text"),
    [
        (
            MatchProposed, Kind.MATCH_TO_ACCEPT, Language.CHINESE,
            "伯明翰大学的技术供给“公交车蓄冷装置”与南京市人民政府的技术需求“电动公交车制冷”相匹配。请答复"
            "是否接受对接；如谢绝，请说明原因。双方均接受后，即为双方建立联系。",
        ),
        (
            InitiativeDeliverableOverdue, Kind.DELIVERABLE_OVERDUE, Language.ENGLISH,
            "Deliverable 2, “First annual report”, of the initiative “Joint institute of biomedical engineering” was"
            " due from University of Birmingham by the end of 30 June 2027 (Beijing time) and has not been reported."
            " It can still be reported, and its day can be changed if the sides agree.",
        ),
        (
            InitiativeOutputRecorded, Kind.INITIATIVE_OUTPUT_RECORDED, Language.CHINESE,
            "伯明翰大学已登记合作计划“生物医学工程联合研究院”的一项产出：10.1000/182。",
        ),
        (
            ActivityCancelled, Kind.ACTIVITY_CANCELLED, Language.CHINESE,
            "伯明翰大学原定自2027年1月1日至2027年1月1日举行的活动“卫生人员培训”已取消。请告知贵单位报名和邀请的人员。"
            "原因：工作重点已调整。",
        ),
        (
            ActivityActionOverdue, Kind.ACTION_OVERDUE, Language.ENGLISH,
            "Follow-up action 1, “Draft the joint degree”, of the activity “Training of health personnel” was due from"
            " University of Birmingham by the end of 30 June 2027 (Beijing time) and has not been reported. It can"
            " still be reported, and its day can be changed if both sides agree.",
        ),
        (
            DealMilestoneLate, Kind.MILESTONE_LATE, Language.ENGLISH,
            "Milestone 2, “Ten buses in service”, of the deal “Cold for Nanjing's buses” between University of"
            " Birmingham and Nanjing Municipal Government was due by the end of 30 June 2027 (Beijing time) and has"
            " not been confirmed. It can still be reported and confirmed.",
        ),
    ],
)  # fmt: skip
def test_texts_name_titles_and_sides(event: type[Event], kind: Kind, language: Language, text: str) -> None:
    """A match has both titles and sides, a late item its number, title and day, and an output its identifier."""
    assert written(event, kind, language).text == text


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        ("Asia/Shanghai", "Beijing time", "北京时间"),
        ("Europe/London", "UK time", "英国时间"),
        ("Europe/Paris", "Europe/Paris time", "Europe/Paris时间"),
    ],
)
@pytest.mark.parametrize(("event", "kind"), [(CallOpened, Kind.CALL_OPENED), (DealMilestoneLate, Kind.MILESTONE_LATE)])
def test_a_deadline_names_its_time_zone(event: type[Event], kind: Kind, zone: str, english: str, chinese: str) -> None:
    """A reader elsewhere knows when the day ends; the zones of both countries have their everyday names."""
    texts = [written(event, kind, language, time_zone=zone).text for language in LANGUAGES]

    assert f"({english})" in texts[0]
    assert f"，{chinese}）" in texts[1]


@pytest.mark.parametrize(
    ("event", "kind"),
    [(AgreementEnded, Kind.AGREEMENT_ENDED), (AgreementTerminated, Kind.AGREEMENT_TERMINATED)],
)
def test_the_end_of_an_agreement_says_that_running_work_continues(event: type[Event], kind: Kind) -> None:
    """Whether it ended early or on its last day, running exchanges and deals go on."""
    english, chinese = (written(event, kind, language).text for language in (Language.ENGLISH, Language.CHINESE))

    assert "what is already running continues" in english
    assert "进行中的事项不受影响" in chinese


def test_a_notification_says_why_the_person_received_it() -> None:
    """It names the role and the organisation, which may be part of the one in the event."""
    own = written(AgreementReturned, Kind.AGREEMENT_RETURNED, Language.ENGLISH)
    within = written(AgreementReturned, Kind.AGREEMENT_RETURNED, Language.ENGLISH, within=UUID(int=3))

    assert [entry.because.splitlines()[0] for entry in (own, within)] == [
        "You received this because you are a partnership officer of University of Birmingham, a signatory of the"
        " agreement.",
        "You received this because you are a partnership officer of 中国研究院, part of University of Birmingham, which"
        " is a signatory of the agreement.",
    ]


def test_a_notification_says_how_to_mute_it() -> None:
    """The last line has the request bodies that mute the kind and the subject."""
    entry = written(AgreementReturned, Kind.AGREEMENT_RETURNED, Language.ENGLISH)

    assert '{"kind": "agreement-returned"}' in entry.because
    assert f'{{"subject": "{UUID(int=7)}"}}' in entry.because


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (Text(en="a", zh="甲"), Language.CHINESE, "甲"),
        (Text(en="a"), Language.CHINESE, "a"),
        (Text(zh="甲"), Language.ENGLISH, "甲"),
    ],
)
def test_a_missing_text_falls_back_to_the_other_language(text: Text, language: Language, expected: str) -> None:
    """A Chinese reader gets the English text if there is no Chinese one, and vice versa."""
    assert in_language(text, language) == expected


def test_an_agreement_without_an_end_says_so() -> None:
    """Both languages say that there is no last day."""
    english, chinese = (WORDINGS[language] for language in (Language.ENGLISH, Language.CHINESE))
    day = date(2026, 9, 1)

    assert english.period(english.day(day), None) == "from 1 September 2026, with no end date"
    assert chinese.period(chinese.day(day), None) == "自2026年9月1日起，无终止日期"


def test_a_template_that_names_a_missing_value_fails() -> None:
    """The notice stays pending, where an operator sees it, instead of being sent with a gap."""
    notice = notice_of(AgreementReturned)
    notice.facts = Facts(title=Text(en="A"), party=notice.facts.party)
    group = notice.recipients[0]

    with pytest.raises(KeyError, match="reason"):
        write(notice, group, addressee(group), Language.ENGLISH, ORGANISATIONS, Sending.NO_ADDRESS, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_code_has_a_text(language: Language) -> None:
    """Mails give the reason in words."""
    assert set(WORDINGS[language].reasons) == {*ReasonCode, *Cause}


def test_an_unknown_reason_is_shown_as_its_code() -> None:
    """People are notified even if a newer release has added a reason."""
    notice = notice_of(AgreementReturned, reason_code="solar-flare")
    group = notice.recipients[0]

    entry = write(notice, group, addressee(group), Language.ENGLISH, ORGANISATIONS, Sending.NO_ADDRESS, NOW)

    assert entry.text.endswith("Reason: solar-flare.")


def test_a_person_and_a_notice_give_one_entry() -> None:
    """The entry's id is computed from both, so that a person is notified once."""
    notice = notice_of(AgreementReturned)
    group, person = notice.recipients[0], addressee(notice.recipients[0])
    entries = [write(notice, group, person, language, ORGANISATIONS, Sending.NO_ADDRESS, NOW) for language in LANGUAGES]

    assert entries[0].id == entries[1].id
