"""The notification texts in Simplified Chinese; docs/glossary.md has the terms and how they were chosen."""

from collections.abc import Sequence
from datetime import date

from services.notifications.domain.audience import Part
from services.notifications.domain.chinese_activities import ACTIVITIES
from services.notifications.domain.chinese_agreements import AGREEMENTS
from services.notifications.domain.chinese_initiatives import INITIATIVES
from services.notifications.domain.chinese_mobilities import EXCHANGES
from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template, Wording
from shared.domain.actor import Role
from shared.domain.reason import Cause, ReasonCode

TEMPLATES = {
    **AGREEMENTS,
    **EXCHANGES,
    Kind.MATCH_TO_ACCEPT: Template(
        "请答复对接：{title}",
        "{offering}的技术供给“{title}”与{seeking}的技术需求“{need}”相匹配。请答复是否接受对接；如谢绝，请说明原因。双方均接受后，"
        "即为双方建立联系。",
    ),
    Kind.MATCH_ACCEPTANCE_GIVEN: Template(
        "{party}已接受对接：{title}",
        "{party}已接受{offering}的技术供给“{title}”与{seeking}的技术需求“{need}”之间的对接，尚待对方答复。",
    ),
    Kind.MATCH_ACCEPTED: Template(
        "双方均已接受对接：{title}",
        "{offering}与{seeking}均已接受技术供给“{title}”与技术需求“{need}”之间的对接。下一步，请双方签署保密协议。",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNATURE_ADDED: Template(
        "{party}已签署保密协议：{title}",
        "{party}已就技术供给“{title}”与技术需求“{need}”之间的对接签署保密协议，保密期至{confidential_until}，尚待对方签署。",
    ),
    Kind.MATCH_CONFIDENTIALITY_SIGNED: Template(
        "双方均已签署保密协议：{title}",
        "{offering}与{seeking}均已就技术供给“{title}”与技术需求“{need}”之间的对接签署保密协议，保密期至{confidential_until}。"
        "现任何一方均可起草合同。",
    ),
    Kind.MATCH_DECLINED: Template(
        "对接已谢绝：{title}",
        "{party}已谢绝{offering}的技术供给“{title}”与{seeking}的技术需求“{need}”之间的对接，对接结束。原因：{reason}。",
    ),
    Kind.MATCH_LAPSED: Template(
        "对接已失效：{title}",
        "{offering}的技术供给“{title}”与{seeking}的技术需求“{need}”之间的对接已失效。原因：{reason}。",
    ),
    Kind.DEAL_TO_SIGN: Template(
        "请签署合同：{title}",
        "{party}已起草{sides}之间的合同“{title}”。双方签署后合同开始履行。",
    ),
    Kind.DEAL_SIGNATURE_ADDED: Template(
        "{party}已签署合同：{title}",
        "{party}已签署{sides}之间的合同“{title}”，尚待对方签署。双方签署后合同开始履行。",
    ),
    Kind.DEAL_SIGNED: Template(
        "双方均已签署合同：{title}",
        "{sides}均已签署合同“{title}”，合同开始履行。各里程碑达成后请及时报告。",
    ),
    Kind.DEAL_WITHDRAWN: Template(
        "合同已撤回：{title}",
        "{sides}之间的合同“{title}”在双方签署之前已撤回，无须再签署。原因：{reason}。",
    ),
    Kind.DEAL_COMPLETED: Template(
        "合同已履行完毕：{title}",
        "{sides}之间的合同“{title}”的全部里程碑均已达成，合同履行完毕。",
    ),
    Kind.DEAL_TERMINATED: Template(
        "合同已提前终止：{title}",
        "{party}已在全部里程碑达成之前终止{sides}之间的合同“{title}”。原因：{reason}。",
    ),
    Kind.MILESTONE_TO_CONFIRM: Template(
        "第{number}个里程碑待确认：{title}",
        "{party}报告合同“{title}”的第{number}个里程碑“{milestone}”已达成。请对方查看证明材料，予以确认或提出异议。",
    ),
    Kind.MILESTONE_ACHIEVED: Template(
        "第{number}个里程碑已达成：{title}",
        "{party}已确认合同“{title}”的第{number}个里程碑“{milestone}”达成。",
    ),
    Kind.MILESTONE_DISPUTED: Template(
        "第{number}个里程碑有异议：{title}",
        "{party}对合同“{title}”的第{number}个里程碑“{milestone}”已达成提出异议。补充证明材料后可再次报告。原因：{reason}。",
    ),
    Kind.MILESTONE_LATE: Template(
        "第{number}个里程碑已逾期：{title}",
        "{sides}之间的合同“{title}”的第{number}个里程碑“{milestone}”应于{due_on}前（含当日，{time_zone}）达成，尚未确认。"
        "逾期后仍可报告和确认。",
    ),
    Kind.OFFER_ADVANCED: Template(
        "技术成熟度达到{trl}级：{title}",
        "技术供给“{title}”的技术成熟度已达到{trl}级，相关里程碑已由合同双方确认。",
    ),
    Kind.OFFER_CLOSED: Template(
        "技术供给已关闭：{title}",
        "技术供给“{title}”已关闭，未完成的对接随之失效，履行中的合同不受影响。原因：{reason}。",
    ),
    Kind.NEED_CLOSED: Template(
        "技术需求已关闭：{title}",
        "技术需求“{title}”已关闭，未完成的对接随之失效，履行中的合同不受影响。原因：{reason}。",
    ),
}

ROLES = {
    Role.PARTNERSHIP_OFFICER: "国际合作专员",
    Role.SIGNATORY: "签署人",
    Role.MOBILITY_COORDINATOR: "交流项目协调员",
    Role.TECHNOLOGY_TRANSFER_OFFICER: "技术转移专员",
    Role.CULTURE_OFFICER: "文化交流专员",
    Role.DATA_PROTECTION_OFFICER: "个人信息保护负责人",
    Role.OPERATOR: "系统管理员",
    Role.READER: "查阅人员",
}

PARTS = {
    Part.SIGNATORY: "该协议的签署方",
    Part.SIDE: "该协议的签署方或参与方",
    Part.INSTITUTION: "该项目的合作单位",
    Part.MOBILITY_SIDE: "该交流的派出方或接收方",
    Part.MATCH_SIDE: "该对接的一方",
    Part.DEAL_SIDE: "该合同的一方",
    Part.PUBLISHER: "其发布单位",
    Part.INITIATIVE_LEAD: "该合作计划的牵头方",
    Part.INITIATIVE_SIDE: "该合作计划的牵头方或参与方",
    Part.ACTIVITY_HOST: "该活动的承办单位",
    Part.ACTIVITY_SENDER: "该活动的派出单位",
    Part.ACTIVITY_SIDE: "该活动的主办、承办或派出单位",
    Part.ACTION_SIDE: "该后续事项的一方",
}

REASONS = {
    ReasonCode.CHANGES_NEEDED: "需要修改",
    ReasonCode.NOT_AGREED: "各方未能达成一致",
    ReasonCode.PRIORITIES_CHANGED: "工作重点已调整",
    ReasonCode.FUNDING: "经费未落实",
    ReasonCode.CAPACITY: "接收能力不足",
    ReasonCode.NOT_ELIGIBLE: "不符合要求",
    ReasonCode.POSTPONED: "推迟进行",
    ReasonCode.PERSONAL: "个人原因",
    ReasonCode.FORCE_MAJEURE: "不可抗力",
    ReasonCode.LEGAL: "法律原因",
    ReasonCode.EVIDENCE_MISSING: "证明材料不足",
    ReasonCode.NEED_MET: "需求已满足",
    ReasonCode.PLACED_ELSEWHERE: "已选定其他合作伙伴",
    ReasonCode.SUPERSEDED: "已由其他安排取代",
    ReasonCode.NO_ACCOUNT: "该方在本系统中没有人员",
    ReasonCode.OTHER: "其他原因，详见文件",
    Cause.AGREEMENT_ENDED: "协议已终止",
    Cause.AGREEMENT_CHANGED: "协议已另行修订",
    Cause.NOTICE: "终止通知期已满",
    Cause.LAST_DAY_PASSED: "期限已过",
    Cause.PROGRAMME_CLOSED: "项目已关闭",
    Cause.MOBILITY_RECOGNISED: "学分已认定",
    Cause.MOBILITY_CANCELLED: "交流已取消",
    Cause.OFFER_GONE: "技术供给已撤回或关闭",
    Cause.NEED_GONE: "技术需求已撤回或关闭",
    Cause.MATCH_OVER: "该对接已结束",
    Cause.OTHER_DEAL_SIGNED: "该对接的另一份合同已签署",
}

ZONES = {"Asia/Shanghai": "北京时间", "Europe/London": "英国时间"}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _listed(names: Sequence[str]) -> str:
    return "与".join(["、".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _period(first: str, last: str | None) -> str:
    return f"自{first}至{last}" if last else f"自{first}起，无终止日期"


def _zone(name: str) -> str:
    return ZONES.get(name, f"{name}时间")


CHINESE = Wording(
    templates=TEMPLATES | INITIATIVES | ACTIVITIES,
    because="您收到此通知，是因为您是{organisation}的{role}，而{organisation}是{part}。",
    because_within="您收到此通知，是因为您是{organisation}的{role}，其所属的{side}是{part}。",
    mute='如不再需要此类邮件，请向通知服务提交：POST /mutes {{"kind": "{kind}"}}；如不再需要有关此事项的邮件，请提交：'
    'POST /mutes {{"subject": "{subject}"}}。收件箱中仍会保留全部通知。',
    roles=ROLES, parts=PARTS, reasons=REASONS, day=_day, listed=_listed, period=_period, zone=_zone,
)  # fmt: skip
