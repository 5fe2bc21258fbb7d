"""Who may do what in this feature. Issuing, revoking and replacing need a second person."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, public_act, roles_act, signed_in_act

ACTS: list[Act] = [
    public_act("certificates.verify", _("查验证书")),
    signed_in_act("certificates.own", _("查看和下载自己的证书")),
    roles_act("certificates.look", _("查看证书的批次和登记簿"), "organizer", "supervisor", "auditor", "leader"),
    roles_act("certificates.prepare", _("准备证书、申请签发、撤销和更正"), "organizer"),
    roles_act("certificates.design", _("设计证书模板、管理印章图片和套打"), "organizer"),
    roles_act("certificates.numbering", _("设置证书编号规则"), "organizer"),
    roles_act("certificates.approve", _("批准签发、撤销和更正证书"), "organizer", "supervisor"),
    roles_act("certificates.fonts", _("上传和停用工会的授权字体"), "organizer", "clerk"),
    roles_act("certificates.hand_out", _("打印领取签收表、颁奖主持词和信封标签，登记领取"), "organizer"),
    roles_act("certificates.tell", _("发短信通知获证人"), "organizer"),
    roles_act("certificates.take", _("下载证书的成品"), "organizer"),
]
