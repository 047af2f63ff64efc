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
    Kind.AGREEMENT_REVISED: Letter(
        "{party}已作修改：{title}",
        "{party}已修改{sides}之间的协议《{title}》。此前的批准不再有效；各签署方须重新审阅并批准，之后方可签署。",
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
        "{party}已提前终止{sides}之间的协议《{title}》。不再接受新的合作事项，进行中的事项将继续完成。理由：{reason}。",
    ),
    Kind.AGREEMENT_WITHDRAWN: Letter(
        "已撤回：{title}",
        "{party}已在各方全部签署之前撤回协议《{title}》。理由：{reason}。",
    ),
    Kind.PROGRAMME_OPENED: Letter(
        "新项目：{title}",
        "{party}已设立{sides}的合作项目“{title}”，执行期{period}。",
    ),
    Kind.PROGRAMME_CLOSED: Letter(
        "项目已关闭：{title}",
        "{sides}的合作项目“{title}”不再开放新一轮提名，也不再接受新的提名，进行中的交流继续进行。理由：{reason}。",
    ),
    Kind.CALL_OPENED: Letter(
        "提名开始：{title}",
        "{party}已为项目“{title}”开放提名，提名时间为{opens_on}至{closes_on}（含当日，{time_zone}时间）。",
    ),
    Kind.CALL_CLOSED: Letter(
        "提名截止：{title}",
        "项目“{title}”的一轮提名已截止，不再接受新的提名。理由：{reason}。",
    ),
    Kind.EXCHANGE_TO_APPROVE: Letter(
        "待批准的提名：{title}",
        "{sending}已提名一人参加项目“{title}”，前往{receiving}。该提名需双方单位批准。",
    ),
    Kind.EXCHANGE_APPROVAL_GIVEN: Letter(
        "{party}已批准提名：{title}",
        "{party}已批准项目“{title}”中由{sending}前往{receiving}的一项提名，现等待另一方批准。",
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
        "{sending}已取消项目“{title}”中一名原定前往{receiving}的人员的交流。理由：{reason}。",
    ),
    Kind.MATCH_TO_ACCEPT: Letter(
        "有供需匹配：{title}",
        "{offering}的技术供给“{title}”与{seeking}的技术需求“{need}”相匹配。双方接受后即予引荐，请接受或谢绝。",
    ),
    Kind.MATCH_ACCEPTANCE_GIVEN: Letter(
        "{party}已接受对接：{title}",
        "{party}已接受{offering}的供给“{title}”与{seeking}的需求“{need}”之间的对接，现等待对方答复：接受或谢绝。",
    ),
    Kind.MATCH_ACCEPTED: Letter(
        "双方已接受对接：{title}",
        "{offering}和{seeking}均已接受供给“{title}”与需求“{need}”之间的对接。下一步，请双方签署保密协议。",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNATURE_ADDED: Letter(
        "{party}已签署保密协议：{title}",
        "{party}已就供给“{title}”与需求“{need}”之间的对接签署保密协议，保密期至{confidential_until}。现等待对方签署。",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNED: Letter(
        "保密协议已签署：{title}",
        "{offering}和{seeking}均已就供给“{title}”与需求“{need}”之间的对接签署保密协议，保密期至{confidential_until}。"
        "现任何一方均可拟定合同。",
    ),
    Kind.MATCH_DECLINED: Letter(
        "对接已谢绝：{title}",
        "{party}已谢绝{offering}的供给“{title}”与{seeking}的需求“{need}”之间的对接，对接结束。理由：{reason}。",
    ),
    Kind.MATCH_LAPSED: Letter(
        "对接已失效：{title}",
        "{offering}的供给“{title}”与{seeking}的需求“{need}”之间的对接结束。原因：{reason}。",
    ),
    Kind.DEAL_TO_SIGN: Letter(
        "合同待签署：{title}",
        "{party}已拟定{sides}之间的合同“{title}”，现等待双方签署。",
    ),
    Kind.DEAL_SIGNATURE_ADDED: Letter(
        "{party}已签署：{title}",
        "{party}已签署{sides}之间的合同“{title}”。对方签署后合同即开始执行。",
    ),
    Kind.DEAL_SIGNED: Letter(
        "双方均已签署：{title}",
        "{sides}均已签署合同“{title}”。合同开始执行，各里程碑开始计期。",
    ),
    Kind.DEAL_WITHDRAWN: Letter(
        "合同已撤回：{title}",
        "{sides}之间的合同“{title}”在双方签署前已撤回。原因：{reason}。",
    ),
    Kind.DEAL_COMPLETED: Letter(
        "合同已完成：{title}",
        "{sides}之间的合同“{title}”的全部里程碑均已达成。",
    ),
    Kind.DEAL_TERMINATED: Letter(
        "合同已终止：{title}",
        "{party}已在最后一个里程碑之前终止{sides}之间的合同“{title}”。理由：{reason}。",
    ),
    Kind.MILESTONE_TO_CONFIRM: Letter(
        "第{number}个里程碑已报告：{title}",
        "{party}报告合同“{title}”的第{number}个里程碑“{milestone}”已达成。请对方查看证明材料，予以确认或提出异议。",
    ),
    Kind.MILESTONE_ACHIEVED: Letter(
        "第{number}个里程碑已达成：{title}",
        "{party}已确认合同“{title}”的第{number}个里程碑“{milestone}”达成。",
    ),
    Kind.MILESTONE_DISPUTED: Letter(
        "对第{number}个里程碑有异议：{title}",
        "{party}对合同“{title}”的第{number}个里程碑“{milestone}”已达成提出异议，该里程碑可再次报告。理由：{reason}。",
    ),
    Kind.MILESTONE_LATE: Letter(
        "第{number}个里程碑已逾期：{title}",
        "{sides}之间的合同“{title}”的第{number}个里程碑“{milestone}”应于{due_on}前（含当日，{time_zone}时间）达成，该日已过而双方尚未"
        "确认达成；之后仍可达成。",
    ),
    Kind.OFFER_ADVANCED: Letter(
        "技术成熟度达{trl}级：{title}",
        "供给“{title}”的技术经合同双方确认的里程碑，成熟度已达{trl}级。",
    ),
    Kind.OFFER_CLOSED: Letter(
        "供给已关闭：{title}",
        "供给“{title}”已关闭；未完成的对接失效，执行中的合同继续。原因：{reason}。",
    ),
    Kind.NEED_CLOSED: Letter(
        "需求已关闭：{title}",
        "需求“{title}”已关闭；未完成的对接失效，执行中的合同继续。原因：{reason}。",
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
    Part.MATCH_SIDE: "该对接的一方",
    Part.DEAL_SIDE: "该合同的一方",
    Part.PUBLISHER: "其发布单位",
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
    local="当地", roles=ROLES, parts=PARTS, day=_day, listed=_listed, period=_period,
)  # fmt: skip
