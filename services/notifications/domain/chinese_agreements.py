"""The notification texts about agreements and amendments in Chinese; docs/glossary.md has the terms."""

from services.notifications.domain.kind import Kind
from services.notifications.domain.wording import Template

AGREEMENTS = {
    Kind.AGREEMENT_TO_REVIEW: Template(
        "请审核：{title}",
        "{party}已将{sides}之间的协议《{title}》提交各签署方审核。请贵单位审核；如需修改，请写明意见并退回。",
    ),
    Kind.AGREEMENT_REVISED: Template(
        "{party}已修改：{title}",
        "{party}已修改{sides}之间的协议《{title}》。此前的审核结果不再有效，新文本经各签署方重新审核通过后方可签署。",
    ),
    Kind.AGREEMENT_REVIEWED: Template(
        "{party}已审核通过：{title}",
        "{party}已审核通过协议《{title}》。各签署方均审核通过后即可签署。",
    ),
    Kind.AGREEMENT_RETURNED: Template(
        "退回修改：{title}",
        "{party}已将协议《{title}》退回修改，该协议恢复为草案，修改后请重新提交审核。原因：{reason}。",
    ),
    Kind.AGREEMENT_TO_SIGN: Template(
        "请签署：{title}",
        "{sides}之间的协议《{title}》已经各签署方审核通过，请您签署。",
    ),
    Kind.AGREEMENT_APPROVED: Template(
        "可以签署：{title}",
        "{sides}之间的协议《{title}》已经各签署方审核通过，现可签署。",
    ),
    Kind.AGREEMENT_SIGNATURE_ADDED: Template(
        "{party}已签署：{title}",
        "{party}已签署协议《{title}》，尚待其余签署方签署。",
    ),
    Kind.AGREEMENT_SIGNED: Template(
        "各方均已签署：{title}",
        "{sides}均已签署协议《{title}》，有效期{period}。",
    ),
    Kind.AGREEMENT_IN_FORCE: Template(
        "已生效：{title}",
        "{sides}之间的协议《{title}》已生效，有效期{period}。现可在该协议下设立项目。",
    ),
    Kind.AGREEMENT_ENDED: Template(
        "已到期：{title}",
        "{sides}之间的协议《{title}》已到期，不再接受新的合作事项，进行中的事项不受影响。",
    ),
    Kind.AGREEMENT_TERMINATED: Template(
        "已提前终止：{title}",
        "{sides}之间的协议《{title}》已提前终止，不再接受新的合作事项，进行中的事项不受影响。原因：{reason}。",
    ),
    Kind.AGREEMENT_WITHDRAWN: Template(
        "已撤回：{title}",
        "协议《{title}》已在各签署方全部签署之前撤回，无须再审核或签署。原因：{reason}。",
    ),
    Kind.AGREEMENT_RECORD_TO_CONFIRM: Template(
        "请确认登记：{title}",
        "{party}已登记{sides}之间以纸质文本签署的协议《{title}》。请与贵方所存文本核对后予以"
        "确认；如有出入，请撤回并说明原因。",
    ),
    Kind.AGREEMENT_RECORD_REVIEWED: Template(
        "{party}已确认登记：{title}",
        "{party}已确认协议《{title}》的登记。各签署方全部确认后，登记生效。",
    ),
    Kind.AGREEMENT_RECORD_CONFIRMED: Template(
        "登记已全部确认：{title}",
        "各签署方均已确认{sides}之间协议《{title}》的登记。协议有效期{period}。",
    ),
    Kind.AGREEMENT_EXPIRY_NEAR: Template(
        "请于{deadline}前处理：{title}",
        "{sides}之间的协议《{title}》即将到期或自动续签。{deadline}为最后办理日期：如需续"
        "签，请提出修订以变更终止日期；如协议自动续签而贵方不再续签，请发出终止通知。",
    ),
    Kind.AGREEMENT_RENEWED: Template(
        "已自动续签：{title}",
        "各方均未发出终止通知，{sides}之间的协议《{title}》已自动续签。协议有效期{period}。",
    ),
    Kind.AGREEMENT_AMENDED: Template(
        "已修订：{title}",
        "{sides}之间的协议《{title}》已修订。协议有效期{period}。",
    ),
    Kind.AGREEMENT_SUSPENSION_TO_AGREE: Template(
        "是否同意中止：{title}",
        "{party}同意中止{sides}之间的协议《{title}》。中止期间不再接受新的合作事项。各签署方全部同意后，协议中止。",
    ),
    Kind.AGREEMENT_RESUMPTION_TO_AGREE: Template(
        "是否同意恢复：{title}",
        "{party}同意恢复{sides}之间已中止的协议《{title}》。各签署方全部同意后，协议恢复生效。",
    ),
    Kind.AGREEMENT_TERMINATION_TO_AGREE: Template(
        "是否同意终止：{title}",
        "{party}同意提前终止{sides}之间的协议《{title}》。各签署方全部同意后，协议终止。",
    ),
    Kind.AGREEMENT_SUSPENDED: Template(
        "已中止：{title}",
        "各签署方均已同意中止{sides}之间的协议《{title}》，不再接受新的合作事项，进行中的事项不受影"
        "响。原因：{reason}。",
    ),
    Kind.AGREEMENT_RESUMED: Template(
        "已恢复：{title}",
        "各签署方均已同意恢复{sides}之间的协议《{title}》，可以开展新的合作事项。",
    ),
    Kind.AGREEMENT_NOTICE_GIVEN: Template(
        "终止通知：{title}",
        "{party}已就{sides}之间的协议《{title}》发出终止通知。除非{party}撤回通知，协"
        "议的最后有效日为{terminates_on}。原因：{reason}。",
    ),
    Kind.AGREEMENT_NOTICE_RETRACTED: Template(
        "终止通知已撤回：{title}",
        "{party}已撤回对{sides}之间协议《{title}》的终止通知，协议继续有效。",
    ),
    Kind.AMENDMENT_TO_REVIEW: Template(
        "请审核修订：{title}",
        "{party}提出修订{sides}之间的协议《{title}》。请贵单位审核。各签署方全部签署之前，协议内容不变。",
    ),
    Kind.AMENDMENT_REVIEWED: Template(
        "{party}已审核通过修订：{title}",
        "{party}已审核通过协议《{title}》的修订。各签署方均审核通过后即可签署。",
    ),
    Kind.AMENDMENT_TO_SIGN: Template(
        "请签署修订：{title}",
        "{sides}之间协议《{title}》的修订已经各签署方审核通过，请您签署。",
    ),
    Kind.AMENDMENT_SIGNATURE_ADDED: Template(
        "{party}已签署修订：{title}",
        "{party}已签署协议《{title}》的修订，尚有签署方未签署。",
    ),
    Kind.AMENDMENT_SIGNED: Template(
        "修订已全部签署：{title}",
        "各签署方均已签署{sides}之间协议《{title}》的修订，将于约定日期或立即生效。",
    ),
    Kind.AMENDMENT_WITHDRAWN: Template(
        "修订已撤回：{title}",
        "{party}已撤回协议《{title}》的修订，协议内容不变。原因：{reason}。",
    ),
    Kind.AMENDMENT_LAPSED: Template(
        "修订已失效：{title}",
        "{sides}之间协议《{title}》的修订已失效。原因：{reason}。",
    ),
}
