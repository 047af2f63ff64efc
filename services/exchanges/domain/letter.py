"""Letters: what a participant is told by mail, in their language. Name and address are added when one is sent."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from services.exchanges.domain.participant import Participant
from shared.contracts.values import Instant, Text
from shared.domain.contact import Language, in_language


class LetterKind(StrEnum):
    """What a letter is about."""

    SIGN_IN = "sign-in"
    NOMINATED = "nominated"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TO_SIGN = "to-sign"
    IN_FORCE = "in-force"
    RESULTS = "results"
    RECOGNISED = "recognised"
    ENROLLED = "enrolled"
    ADMITTED = "admitted"
    ENROLMENT_DECLINED = "enrolment-declined"
    ENROLMENT_WITHDRAWN = "enrolment-withdrawn"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    CERTIFIED = "certified"


class Letter(BaseModel):
    """A letter to be sent: nothing in it identifies the person but the opaque id."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    participant_id: UUID
    kind: LetterKind
    about: Text | None
    """The title of what they take part in."""
    at: Instant

    @classmethod
    def to(
        cls, participant: Participant, kind: LetterKind, cause: UUID, at: datetime, about: Text | None = None
    ) -> Self:
        """The letter to a participant because of `cause`: the same one, however often it is asked for."""
        id = uuid5(cause, str(participant.id))
        return cls(id=id, participant_id=participant.id, kind=kind, about=about, at=at)


class Wording(NamedTuple):
    """Subject and text, over `about` and, to sign in, `link`."""

    subject: str
    text: str


ENGLISH = {
    LetterKind.SIGN_IN: Wording(
        "Your link to sign in",
        "With this link you sign in, once and within a day:\n\n{link}\n\n"
        "Give it to nobody. If you did not expect it, ignore this mail: without you nobody signs in.",
    ),
    LetterKind.NOMINATED: Wording(
        "You are nominated: {about}",
        "Your institution has nominated you for “{about}”. The receiving institution now decides.",
    ),
    LetterKind.APPROVED: Wording(
        "You have a place: {about}", "Both institutions have approved your nomination for “{about}”. You have a place."
    ),
    LetterKind.DECLINED: Wording(
        "No place this time: {about}",
        "Your nomination for “{about}” was declined. Your coordinator can tell you why and what else is possible.",
    ),
    LetterKind.WITHDRAWN: Wording(
        "Nomination withdrawn: {about}",
        "Your institution has withdrawn your nomination for “{about}”. Your coordinator can tell you why.",
    ),
    LetterKind.TO_SIGN: Wording(
        "Please sign your learning agreement: {about}",
        "Your institution has drafted your learning agreement for “{about}”, or changes to it. Please read it and sign"
        " it. Then both institutions sign.",
    ),
    LetterKind.IN_FORCE: Wording(
        "Your learning agreement is in force: {about}",
        "Both institutions have signed your learning agreement for “{about}” as you did. It is in force.",
    ),
    LetterKind.RESULTS: Wording(
        "Your transcript: {about}",
        "The receiving institution has sent the transcript of your stay, “{about}”. Your institution now recognises the"
        " results.",
    ),
    LetterKind.RECOGNISED: Wording(
        "Your results are recognised: {about}",
        "Your institution has recognised the results of your stay, “{about}”.",
    ),
    LetterKind.ENROLLED: Wording(
        "You are enrolled: {about}",
        "Your organisation has enrolled you in “{about}”. A host now decides whether you are admitted.",
    ),
    LetterKind.ADMITTED: Wording(
        "You take part: {about}",
        "You are admitted to “{about}”. After signing in you find its days and places, also for your calendar.",
    ),
    LetterKind.ENROLMENT_DECLINED: Wording(
        "Not admitted: {about}",
        "You were not admitted to “{about}”. Your coordinator can tell you why and what else is possible.",
    ),
    LetterKind.ENROLMENT_WITHDRAWN: Wording(
        "Enrolment withdrawn: {about}",
        "Your organisation has withdrawn you from “{about}”. Your coordinator can tell you why.",
    ),
    LetterKind.POSTPONED: Wording(
        "Postponed: {about}",
        "“{about}” is postponed. You keep your place. After signing in you find the new days, which the hosts have yet"
        " to confirm.",
    ),
    LetterKind.CANCELLED: Wording(
        "Cancelled: {about}",
        "“{about}” will not take place. Your coordinator can tell you why and what else is possible.",
    ),
    LetterKind.CERTIFIED: Wording(
        "Your certificate: {about}",
        "You have a certificate of attendance for “{about}”. After signing in you can download it; keep the file.",
    ),
}
CHINESE = {
    LetterKind.SIGN_IN: Wording(
        "您的登录链接",
        "请使用以下链接登录。该链接仅可使用一次，24小时内有效：\n\n{link}\n\n"
        "请勿将链接转交他人。如非您本人所需，请忽略本邮件。",
    ),
    LetterKind.NOMINATED: Wording("您已获提名：{about}", "您所在院校已提名您参加“{about}”，现由接收院校审核。"),
    LetterKind.APPROVED: Wording("提名已通过：{about}", "两校均已批准您参加“{about}”的提名，您已获得名额。"),
    LetterKind.DECLINED: Wording(
        "提名未获通过：{about}", "您参加“{about}”的提名未获通过。原因及其他机会，请咨询您的交流项目协调员。"
    ),
    LetterKind.WITHDRAWN: Wording(
        "提名已撤回：{about}", "您所在院校已撤回您参加“{about}”的提名。原因请咨询您的交流项目协调员。"
    ),
    LetterKind.TO_SIGN: Wording(
        "请签署学习协议：{about}", "您所在院校已起草您参加“{about}”的学习协议或其变更。请查看并签署，随后由两校签署。"
    ),
    LetterKind.IN_FORCE: Wording(
        "学习协议已生效：{about}", "您参加“{about}”的学习协议已由您本人及两校签署，现已生效。"
    ),
    LetterKind.RESULTS: Wording(
        "成绩单已提供：{about}", "接收院校已提供您参加“{about}”的成绩单，现由您所在院校办理学分认定。"
    ),
    LetterKind.RECOGNISED: Wording("学分已认定：{about}", "您所在院校已认定您在“{about}”期间取得的学分。"),
    LetterKind.ENROLLED: Wording("已为您报名：{about}", "您所在单位已为您报名参加“{about}”，现由承办单位审核。"),
    LetterKind.ADMITTED: Wording(
        "报名已通过：{about}", "您已获准参加“{about}”。登录后可查看日程和地点，并可添加至您的日历。"
    ),
    LetterKind.ENROLMENT_DECLINED: Wording(
        "报名未获通过：{about}", "您参加“{about}”的报名未获通过。原因及其他机会，请咨询您的协调员。"
    ),
    LetterKind.ENROLMENT_WITHDRAWN: Wording(
        "报名已撤回：{about}", "您所在单位已撤回您参加“{about}”的报名。原因请咨询您的协调员。"
    ),
    LetterKind.POSTPONED: Wording(
        "活动改期：{about}", "“{about}”已改期，您的名额保留。新的日程须经承办单位重新确认，登录后可查看。"
    ),
    LetterKind.CANCELLED: Wording(
        "活动已取消：{about}", "“{about}”已取消，不再举办。原因及其他机会，请咨询您的协调员。"
    ),
    LetterKind.CERTIFIED: Wording("培训证书已签发：{about}", "“{about}”的培训证书已签发。请登录下载，并妥善保存。"),
}
WORDINGS: Mapping[Language, Mapping[LetterKind, Wording]] = {Language.ENGLISH: ENGLISH, Language.CHINESE: CHINESE}
FRAMES = {
    Language.ENGLISH: "Dear {name},\n\n{text}\n\nYou get this mail because your home institution registered you as a"
    " participant. You can see what is held of you, and have it erased, after signing in or by asking your"
    " coordinator.\n",
    Language.CHINESE: "{name}：\n\n您好！{text}\n\n您收到本邮件，是因为您所在院校已将您登记为参加人员。"
    "您可登录查阅系统保存的您的个人信息并要求删除，也可联系您的交流项目协调员办理。\n",
}


def written(letter: Letter, participant: Participant, link: str) -> Wording:
    """Subject and text of a letter to somebody who is not erased, in their language."""
    language, name = participant.language, participant.name
    template = WORDINGS[language][letter.kind]
    values = {"about": in_language(letter.about, language) if letter.about else "", "link": link}
    text = template.text.format_map(values)
    said = name.said(language) if name else ""
    return Wording(template.subject.format_map(values), FRAMES[language].format(name=said, text=text))
