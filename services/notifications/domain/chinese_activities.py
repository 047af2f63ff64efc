"""The notification texts about activities in Simplified Chinese; docs/glossary.md has the terms."""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

ACTIVITIES = {
    Kind.ACTIVITY_TO_AGREE: Template(
        "请确认承办：{title}",
        "{party}已策划活动“{title}”，由{sides}承办，拟{period}举行。请代表贵单位确认活动方案。各承办单位均确认后，方可"
        "发布。",
    ),
    Kind.ACTIVITY_HOST_AGREED: Template(
        "{party}已确认承办：{title}",
        "{party}已确认活动“{title}”的方案，尚待其余承办单位确认。",
    ),
    Kind.ACTIVITY_AGREED: Template(
        "各承办单位均已确认：{title}",
        "{sides}均已确认活动“{title}”的方案，活动{period}举行。需要派人参加的，现可报名或发出邀请。现可由{organiser}发布。",
    ),
    Kind.ACTIVITY_ANNOUNCED: Template(
        "活动已发布：{title}",
        "{organiser}已发布活动“{title}”。活动由{sides}承办，{period}举行，首日自动开始。",
    ),
    Kind.PARTICIPANT_TO_ADMIT: Template(
        "请确认参加人员：{title}",
        "{sending}已为一人报名参加活动“{title}”。请予以接收或谢绝。",
    ),
    Kind.PARTICIPANT_INVITED: Template(
        "活动邀请：{title}",
        "{party}邀请{sending}的一人参加由{sides}承办的活动“{title}”，活动{period}举行。请代表贵单位接受或谢绝。",
    ),
    Kind.PARTICIPANT_ADMITTED: Template(
        "参加人员已确认：{title}",
        "{party}已确认{sending}的一人参加活动“{title}”。",
    ),
    Kind.PARTICIPANT_DECLINED: Template(
        "参加人员未获确认：{title}",
        "{party}未同意{sending}的一人参加活动“{title}”。原因：{reason}。",
    ),
    Kind.PARTICIPANT_WITHDRAWN: Template(
        "参加人员已退出：{title}",
        "{sending}已取消一人参加活动“{title}”；如已占用名额，该名额重新空出。原因：{reason}。",
    ),
    Kind.ACTIVITY_HELD: Template(
        "活动已举办：{title}",
        "{party}已确认活动“{title}”举办完毕，各场次共计{attended}人次。",
    ),
    Kind.CERTIFICATES_ISSUED: Template(
        "培训证书已签发：{title}",
        "{party}已向活动“{title}”中出席达到要求的参加人员签发培训证书，共{issued}份。活动办结前可下载证书。",
    ),
    Kind.ACTIVITY_POSTPONED: Template(
        "活动改期：{title}",
        "{party}已将活动“{title}”改期，现拟{period}举行，须经各承办单位重新确认。已报名和受邀人员名额保留。原因：{reason}。",
    ),
    Kind.ACTIVITY_CANCELLED: Template(
        "活动已取消：{title}",
        "{organiser}原定{period}举行的活动“{title}”已取消。请告知贵单位报名和邀请的人员。原因：{reason}。",
    ),
    Kind.ACTIVITY_CLOSED: Template(
        "活动已办结：{title}",
        "活动“{title}”已办结，承办单位不再可见参加人员信息。",
    ),
    Kind.ACTION_PLANNED: Template(
        "第{number}项后续事项：{title}",
        "活动“{title}”的第{number}项后续事项“{action}”由{owner}负责，应于{due_on}前（含当日，{owner_zone}）完成并向"
        "{counterpart}报告。",
    ),
    Kind.ACTION_TO_ACCEPT: Template(
        "第{number}项后续事项待确认：{title}",
        "{owner}报告活动“{title}”的第{number}项后续事项“{action}”已完成。请{counterpart}查看证明材料，予以确认或提出"
        "异议。",
    ),
    Kind.ACTION_ACCEPTED: Template(
        "第{number}项后续事项已确认：{title}",
        "{counterpart}已确认{owner}报告的活动“{title}”的第{number}项后续事项“{action}”。",
    ),
    Kind.ACTION_DISPUTED: Template(
        "第{number}项后续事项有异议：{title}",
        "{counterpart}对{owner}报告的活动“{title}”的第{number}项后续事项“{action}”提出异议。补充证明材料后可再次报告。"
        "原因：{reason}。",
    ),
    Kind.ACTION_OVERDUE: Template(
        "第{number}项后续事项已逾期：{title}",
        "活动“{title}”的第{number}项后续事项“{action}”应由{owner}于{due_on}前（含当日，{owner_zone}）完成，尚未报告。逾期"
        "后仍可报告；经双方同意，也可改期。",
    ),
    Kind.ACTION_RESCHEDULING_TO_AGREE: Template(
        "第{number}项后续事项拟改期：{title}",
        "{party}同意将活动“{title}”的第{number}项后续事项“{action}”由{due_on}改期至{proposed_on}。另一方同意后，新的日期"
        "生效。",
    ),
    Kind.ACTION_RESCHEDULED: Template(
        "第{number}项后续事项已改期：{title}",
        "双方均已同意：活动“{title}”的第{number}项后续事项“{action}”改由{owner}于{due_on}前（含当日，{owner_zone}）完成。",
    ),
    Kind.ACTION_WAIVER_TO_AGREE: Template(
        "第{number}项后续事项拟免除：{title}",
        "{party}同意免除活动“{title}”的第{number}项后续事项“{action}”。另一方同意后即予免除。",
    ),
    Kind.ACTION_WAIVED: Template(
        "第{number}项后续事项已免除：{title}",
        "双方均已同意免除活动“{title}”的第{number}项后续事项“{action}”，{owner}无须再报告。",
    ),
}
