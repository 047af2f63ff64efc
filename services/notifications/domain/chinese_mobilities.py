"""The notification texts about programmes, calls and mobilities in Simplified Chinese.

docs/glossary.md has the terms.
"""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

EXCHANGES = {
    Kind.PROGRAMME_TO_AGREE: Template(
        "请确认项目：{title}（{academic_year}学年）",
        "{party}提议设立{academic_year}学年项目“{title}”，由{sending}派往{receiving}。双方均同意后，项目即行设立。请予同意；"
        "如不同意，请说明原因。",
    ),
    Kind.PROGRAMME_OPENED: Template(
        "项目已设立：{title}（{academic_year}学年）",
        "{academic_year}学年项目“{title}”已设立，由{sending}派往{receiving}。{sending}现可开放提名。",
    ),
    Kind.PROGRAMME_CHANGED: Template(
        "项目已变更：{title}（{academic_year}学年）",
        "协议已变更，项目“{title}”自{academic_year}学年起适用新的交流条款，请查看名额与月数。",
    ),
    Kind.PROGRAMME_WITHDRAWN: Template(
        "项目未设立：{title}（{academic_year}学年）",
        "{sides}拟设立的{academic_year}学年项目“{title}”已撤回或未获同意。原因：{reason}。",
    ),
    Kind.PROGRAMME_CLOSING_TO_AGREE: Template(
        "请决定是否关闭项目：{title}（{academic_year}学年）",
        "{party}提议在学年结束前关闭{sides}的{academic_year}学年项目“{title}”。双方均同意后，项目即行关闭。原因：{reason}。",
    ),
    Kind.PROGRAMME_CLOSED: Template(
        "项目已关闭：{title}（{academic_year}学年）",
        "{sides}的{academic_year}学年项目“{title}”已关闭，不再开放提名，也不再接受新的提名。已有的提名可在该轮提名截止前审批，"
        "已获批准的交流继续进行。原因：{reason}。",
    ),
    Kind.CALL_OPENED: Template(
        "开放提名，{closes_on}截止：{title}",
        "{party}已为{academic_year}学年项目“{title}”开放提名，拟派往{receiving}，提名时间为{opens_on}至{closes_on}（含当日，"
        "{time_zone}）。",
    ),
    Kind.CALL_CLOSED: Template(
        "提名已截止：{title}（{academic_year}学年）",
        "{academic_year}学年项目“{title}”的一轮提名已截止，不再接受新的提名。原因：{reason}。",
    ),
    Kind.NOMINATION_TO_DECIDE: Template(
        "请审批提名：{title}",
        "{sending}在{academic_year}学年项目“{title}”中提名的一名人选已有名额，尚待{receiving}审批。请予审批；不予批准的，请说明原"
        "因。",
    ),
    Kind.NOMINATION_WAITING: Template(
        "已列入候补：{title}",
        "{academic_year}学年项目“{title}”中派往{receiving}的一项提名已列入候补名单：名额已按排名用尽。有名额空出时，将自动递补。",
    ),
    Kind.NOMINATION_MOVED_UP: Template(
        "候补已递补：{title}",
        "{academic_year}学年项目“{title}”空出一个名额，候补名单中排名最前的提名已递补，现由{receiving}审批。",
    ),
    Kind.NOMINATION_MOVED_BACK: Template(
        "提名转为候补：{title}",
        "{academic_year}学年项目“{title}”中的一项提名转为候补：在{receiving}审批之前，{sending}提名了排名更前的人选。",
    ),
    Kind.NOMINATION_TO_CORRECT: Template(
        "请更正提名：{title}",
        "{receiving}未批准{academic_year}学年项目“{title}”中的一项提名。请予更正或取消。原因：{reason}。",
    ),
    Kind.MOBILITY_APPROVED: Template(
        "提名已获批准：{title}",
        "{receiving}已批准{sending}在{academic_year}学年项目“{title}”中的一项提名，被提名人已获得名额。现可准备并签署学习协议。",
    ),
    Kind.MOBILITY_LIVE: Template(
        "交流已成行：{title}",
        "{sending}已确认一名人员赴{receiving}参加{academic_year}学年项目“{title}”，学习协议已由三方签署。",
    ),
    Kind.MOBILITY_ARRIVED: Template(
        "人员已到达：{title}",
        "{sending}派出的一名人员已于{arrived_on}到达{receiving}，参加{academic_year}学年项目“{title}”。",
    ),
    Kind.MOBILITY_DEPARTED: Template(
        "人员已离开：{title}",
        "{sending}派出的一名人员已离开{receiving}，在{academic_year}学年项目“{title}”中的交流时间为{arrived_on}至{departed_on}。"
        "{receiving}现可提供成绩单。",
    ),
    Kind.MOBILITY_NO_SHOW: Template(
        "人员未到：{title}",
        "{receiving}告知：{sending}在{academic_year}学年项目“{title}”中派出的一名人员未到。请取消该项交流，或请{receiving}登记到"
        "达日期。",
    ),
    Kind.MOBILITY_INTERRUPTED: Template(
        "交流已中断：{title}",
        "{sending}派往{receiving}的一名人员的交流已中断，最后一日为{interrupted_on}。项目：“{title}”（{academic_year}学年）。原因："
        "{reason}。",
    ),
    Kind.MOBILITY_TO_RECOGNISE: Template(
        "请认定学分：{title}",
        "{receiving}已提供{sending}一名人员在{academic_year}学年项目“{title}”中的成绩单，请办理学分认定。",
    ),
    Kind.MOBILITY_RECOGNISED: Template(
        "学分已认定：{title}",
        "{sending}已认定一名人员在{receiving}交流期间取得的学分，项目为“{title}”（{academic_year}学年）。",
    ),
    Kind.MOBILITY_TO_CANCEL: Template(
        "请决定是否取消交流：{title}",
        "{receiving}请{sending}取消{academic_year}学年项目“{title}”中的一项交流。原因：{reason}。",
    ),
    Kind.MOBILITY_CANCELLED: Template(
        "已取消：{title}",
        "{academic_year}学年项目“{title}”中由{sending}派往{receiving}的一项提名或交流已取消；未使用的名额由候补名单中的下一位递补。"
        "原因：{reason}。",
    ),
    Kind.LEARNING_AGREEMENT_TO_SIGN: Template(
        "请签署学习协议：{title}",
        "{sending}派往{receiving}的一名人员已签署{academic_year}学年项目“{title}”的学习协议。请查看并代表{sending}签署；如需修改，"
        "请予修订。",
    ),
    Kind.LEARNING_AGREEMENT_TO_APPROVE: Template(
        "请审批学习协议：{title}",
        "{sending}已提交{academic_year}学年项目“{title}”中一名人员的学习协议或其变更。请予审批；如需修改，请提出意见。",
    ),
    Kind.LEARNING_AGREEMENT_TO_REVISE: Template(
        "请修订学习协议：{title}",
        "{receiving}已对{academic_year}学年项目“{title}”中的一份学习协议提出意见，请查看并修订。三方已签署的版本继续有效。原因："
        "{reason}。",
    ),
    Kind.LEARNING_AGREEMENT_IN_FORCE: Template(
        "学习协议已生效：{title}",
        "{receiving}已批准{academic_year}学年项目“{title}”中的一份学习协议或其变更，三方均已签署，现已生效。",
    ),
    Kind.LEARNING_AGREEMENT_WITHDRAWN: Template(
        "学习协议变更已撤回：{title}",
        "{sending}已撤回{academic_year}学年项目“{title}”中一份学习协议的变更，三方已签署的版本继续有效。原因：{reason}。",
    ),
}
