"""What people are told, in Simplified Chinese."""

from collections.abc import Sequence
from datetime import date

from services.notifications.domain.audience import Part
from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Letter, Wording
from shared.domain.actor import Role

LETTERS = {
    Kind.AGREEMENT_TO_REVIEW: Letter(
        "待您审阅：{title}",
        "{party}已将{sides}之间的协议《{title}》提交各签署方审阅，现等待贵单位审阅：请批准，或说明修改意见后退回。",
    ),
    Kind.AGREEMENT_REVIEWED: Letter(
        "{party}已批准：{title}",
        "{party}已批准协议《{title}》。所有签署方批准后即可签署。",
    ),
    Kind.AGREEMENT_RETURNED: Letter(
        "退回修改：{title}",
        "{party}要求修改协议《{title}》，该协议已恢复为草案。理由：{reason}。",
    ),
    Kind.AGREEMENT_TO_SIGN: Letter(
        "待您签署：{title}",
        "所有签署方均已批准{sides}之间的协议《{title}》，现等待您的签署。",
    ),
    Kind.AGREEMENT_APPROVED: Letter(
        "各方均已批准：{title}",
        "所有签署方均已批准{sides}之间的协议《{title}》，现可签署。",
    ),
    Kind.AGREEMENT_SIGNATURE_ADDED: Letter(
        "{party}已签署：{title}",
        "{party}已签署协议《{title}》。所有签署方签署后协议即告订立。",
    ),
    Kind.AGREEMENT_SIGNED: Letter(
        "各方均已签署：{title}",
        "{sides}之间的协议《{title}》已签署，有效期{period}。",
    ),
    Kind.AGREEMENT_IN_FORCE: Letter(
        "已生效：{title}",
        "{sides}之间的协议《{title}》已生效，有效期{period}。现可在该协议下设立项目。",
    ),
    Kind.AGREEMENT_ENDED: Letter(
        "已到期：{title}",
        "{sides}之间的协议《{title}》已过最后一日。不再接受新的合作事项，进行中的事项将继续完成。",
    ),
    Kind.AGREEMENT_TERMINATED: Letter(
        "已提前终止：{title}",
        "{party}已提前终止{sides}之间的协议《{title}》。理由：{reason}。",
    ),
    Kind.AGREEMENT_WITHDRAWN: Letter(
        "已撤回：{title}",
        "{party}已撤回尚无任何一方签署的协议《{title}》。理由：{reason}。",
    ),
    Kind.PROGRAMME_OPENED: Letter(
        "新项目：{title}",
        "{party}已设立{sides}的合作项目“{title}”，执行期{period}。",
    ),
    Kind.PROGRAMME_CLOSED: Letter(
        "项目已关闭：{title}",
        "{sides}的合作项目“{title}”不再接受新的招募和提名，进行中的交流继续进行。理由：{reason}。",
    ),
    Kind.CALL_OPENED: Letter(
        "提名开始：{title}",
        "{party}已为项目“{title}”开放提名，提名时间为{opens_on}至{closes_on}（含当日）。",
    ),
    Kind.CALL_CLOSED: Letter(
        "提名截止：{title}",
        "项目“{title}”的一轮提名已截止，不再接受新的提名。理由：{reason}。",
    ),
    Kind.EXCHANGE_TO_APPROVE: Letter(
        "待批准的提名：{title}",
        "{sending}已提名一人参加项目“{title}”，前往{receiving}。该提名需双方院校批准。",
    ),
    Kind.EXCHANGE_APPROVED: Letter(
        "交流已批准：{title}",
        "{sending}和{receiving}均已批准项目“{title}”的一项提名，被提名人已获得{receiving}的名额。",
    ),
    Kind.EXCHANGE_DECLINED: Letter(
        "提名未获批准：{title}",
        "{party}未批准项目“{title}”中由{sending}前往{receiving}的一项提名。理由：{reason}。",
    ),
    Kind.EXCHANGE_WITHDRAWN: Letter(
        "交流已撤回：{title}",
        "{sending}已撤回项目“{title}”中一名原定前往{receiving}的人员。理由：{reason}。",
    ),
}

ROLES = {
    Role.PARTNERSHIP_OFFICER: "合作事务负责人",
    Role.SIGNATORY: "签署人",
    Role.MOBILITY_COORDINATOR: "交流协调员",
    Role.TECHNOLOGY_TRANSFER_OFFICER: "技术转移负责人",
    Role.CULTURE_OFFICER: "文化事务负责人",
    Role.OPERATOR: "系统管理员",
    Role.READER: "读者",
}

PARTS = {
    Part.SIGNATORY: "该协议的签署方",
    Part.SIDE: "该协议的一方",
    Part.INSTITUTION: "该项目的合作单位",
    Part.EXCHANGE_SIDE: "该交流的一方",
}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _listed(names: Sequence[str]) -> str:
    return "和".join(["、".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _period(first: str, last: str | None) -> str:
    return f"自{first}至{last}" if last else f"自{first}起，无终止日期"


CHINESE = Wording(
    letters=LETTERS,
    because="您收到此通知，是因为您是{organisation}的{role}，而{organisation}是{part}。",
    because_within="您收到此通知，是因为您是{organisation}的{role}，其所属的{side}是{part}。",
    mute='如不再需要此类邮件，请向通知服务的 /mutes 发送 POST {{"kind": "{kind}"}}；如不再需要有关此事项的邮件，请发送'
    ' POST {{"subject": "{subject}"}}。收件箱中仍会保留全部通知。',
    roles=ROLES, parts=PARTS, day=_day, listed=_listed, period=_period,
)  # fmt: skip
