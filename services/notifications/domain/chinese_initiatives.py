"""The notification texts about initiatives in Simplified Chinese; docs/glossary.md has the terms."""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

INITIATIVES = {
    Kind.INITIATIVE_TO_APPRAISE: Template(
        "请论证：{title}",
        "{party}已提出合作计划“{title}”，拟由{sides}牵头。请贵单位组织论证；如不同意，请说明原因。各牵头方均论证"
        "通过后，由签署人批准。",
    ),
    Kind.INITIATIVE_PROPOSED: Template(
        "合作计划已提出：{title}",
        "{party}已提出合作计划“{title}”，拟由{sides}牵头。现由各牵头方论证。",
    ),
    Kind.INITIATIVE_APPRAISAL_GIVEN: Template(
        "{party}已论证通过：{title}",
        "{party}已论证通过合作计划“{title}”。各牵头方均论证通过后方可批准。",
    ),
    Kind.INITIATIVE_TO_APPROVE: Template(
        "请批准合作计划：{title}",
        "{sides}牵头的合作计划“{title}”已经各牵头方论证通过，请您批准。代表贵单位论证者不得批准。",
    ),
    Kind.INITIATIVE_APPRAISED: Template(
        "各牵头方均已论证通过：{title}",
        "{sides}牵头的合作计划“{title}”已经各牵头方论证通过，现可由各方签署人批准。",
    ),
    Kind.INITIATIVE_APPROVAL_GIVEN: Template(
        "{party}已批准合作计划：{title}",
        "{party}已批准合作计划“{title}”，尚待其余牵头方批准。",
    ),
    Kind.INITIATIVE_APPROVED: Template(
        "各牵头方均已批准合作计划：{title}",
        "{sides}均已批准合作计划“{title}”，现可由任一牵头方启动。",
    ),
    Kind.INITIATIVE_ACTIVATED: Template(
        "合作计划已启动：{title}",
        "{party}已启动{sides}牵头的合作计划“{title}”。各方应按期完成交付成果；现可在该合作计划下设立项目、发布技"
        "术供给。",
    ),
    Kind.INITIATIVE_PAUSED: Template(
        "合作计划已暂停：{title}",
        "{party}已暂停{sides}牵头的合作计划“{title}”。恢复之前，交付成果不计逾期。原因：{reason}。",
    ),
    Kind.INITIATIVE_RESUMED: Template(
        "合作计划已恢复：{title}",
        "{party}已恢复{sides}牵头的合作计划“{title}”，各方应继续按期完成交付成果。",
    ),
    Kind.INITIATIVE_COMPLETED: Template(
        "合作计划已完成：{title}",
        "{party}已宣布{sides}牵头的合作计划“{title}”完成，各项交付成果均已验收或免除。此后仍可登记产出。",
    ),
    Kind.INITIATIVE_CLOSED: Template(
        "合作计划已结项：{title}",
        "{party}已将{sides}牵头的合作计划“{title}”结项，不再登记产出。",
    ),
    Kind.INITIATIVE_DECLINED: Template(
        "合作计划未获同意：{title}",
        "{party}不同意{sides}牵头的合作计划“{title}”，该合作计划不再启动。原因：{reason}。",
    ),
    Kind.INITIATIVE_WITHDRAWN: Template(
        "合作计划已撤回：{title}",
        "{party}已撤回其提出的由{sides}牵头的合作计划“{title}”，无须再论证或批准。原因：{reason}。",
    ),
    Kind.INITIATIVE_AUTHORITY_APPROVED: Template(
        "{authority}已批准：{title}",
        "{party}登记：{authority}已批准合作计划“{title}”。",
    ),
    Kind.INITIATIVE_OUTPUT_RECORDED: Template(
        "新增产出：{title}",
        "{party}已登记合作计划“{title}”的一项产出：{output}。",
    ),
    Kind.DELIVERABLE_TO_ACCEPT: Template(
        "第{number}项交付成果待验收：{title}",
        "{party}报告合作计划“{title}”的第{number}项交付成果“{deliverable}”已完成。请其他方查看证明材料，予以验收"
        "或提出异议。",
    ),
    Kind.DELIVERABLE_ACCEPTED: Template(
        "第{number}项交付成果已验收：{title}",
        "{party}已验收{owner}报告的合作计划“{title}”的第{number}项交付成果“{deliverable}”。",
    ),
    Kind.DELIVERABLE_DISPUTED: Template(
        "第{number}项交付成果有异议：{title}",
        "{party}对{owner}报告的合作计划“{title}”的第{number}项交付成果“{deliverable}”提出异议。补充证明材料后可再"
        "次报告。原因：{reason}。",
    ),
    Kind.DELIVERABLE_OVERDUE: Template(
        "第{number}项交付成果已逾期：{title}",
        "合作计划“{title}”的第{number}项交付成果“{deliverable}”应由{owner}于{due_on}前（含当日，{time_zone}）完成，"
        "尚未报告。逾期后仍可报告；经各方同意，也可改期。",
    ),
    Kind.DELIVERABLE_RESCHEDULING_TO_AGREE: Template(
        "第{number}项交付成果拟改期：{title}",
        "{party}同意将合作计划“{title}”的第{number}项交付成果“{deliverable}”由{due_on}改期至{proposed_on}。各方均"
        "同意后，新的日期生效。",
    ),
    Kind.DELIVERABLE_RESCHEDULED: Template(
        "第{number}项交付成果已改期：{title}",
        "各方均已同意：合作计划“{title}”的第{number}项交付成果“{deliverable}”改由{owner}于{due_on}前（含当日，{time_zone}）"
        "完成。",
    ),
    Kind.DELIVERABLE_WAIVER_TO_AGREE: Template(
        "第{number}项交付成果拟免除：{title}",
        "{party}同意免除合作计划“{title}”的第{number}项交付成果“{deliverable}”。各方均同意后即予免除。",
    ),
    Kind.DELIVERABLE_WAIVED: Template(
        "第{number}项交付成果已免除：{title}",
        "各方均已同意免除合作计划“{title}”的第{number}项交付成果“{deliverable}”，{owner}无须再报告。",
    ),
}
