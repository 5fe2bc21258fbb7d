"""Who may do what in this feature."""

from flask_babel import lazy_gettext as _

from competition.core.access import device_act, public_act, roles_act

LOOKING = ("organizer", "chief_judge", "supervisor", "scorekeeper", "timekeeper")

ACTS = [
    public_act("judging.tablet", _("打开评分平板页面")),
    public_act("judging.open_seat", _("用座位卡和 PIN 打开座位")),
    public_act("judging.api_description", _("查看接口说明")),
    device_act("judging.mark", _("在平板上评分")),
    roles_act("judging.look", _("查看评分工作的各轮"), *LOOKING),
    roles_act("judging.panels", _("设置裁判组、座位和座位卡"), "organizer", "chief_judge"),
    roles_act("judging.board", _("查看裁判长看板"), "organizer", "chief_judge", "supervisor"),
    roles_act("judging.sheets", _("查看各裁判的评分表"), "chief_judge", "supervisor"),
    roles_act("judging.open_round", _("开放一轮评分"), "organizer", "chief_judge"),
    roles_act("judging.decide", _("退回、移动评分表，登记免评，处理另存项，锁定"), "chief_judge"),
    roles_act("judging.ask_unlock", _("申请解锁评分"), "organizer", "chief_judge"),
    roles_act("judging.approve_unlock", _("批准解锁评分、计入另存项和平板缺席"), "organizer", "chief_judge", "supervisor"),
    roles_act("judging.approve_unlock_opened", _("批准解锁已解密或已发布的评分"), "supervisor"),
    roles_act("judging.answer_key", _("查看和录入理论试卷的标准答案"), "chief_judge"),
    roles_act("judging.approve_answer_key", _("批准更改标准答案"), "chief_judge", "supervisor"),
    roles_act("judging.handovers", _("查看离线交接的评分"), "organizer", "chief_judge", "supervisor"),
    roles_act("judging.carry", _("接收离线交接的评分"), "organizer", "chief_judge"),
    # Whoever vouches for them must see the marks.
    roles_act("judging.approve_handover", _("批准接收没有签名的交接文件"), "chief_judge", "supervisor"),
    roles_act("judging.stop_device", _("停用评分平板"), "chief_judge"),
    roles_act("judging.enter", _("录入用时、理论成绩或扣分"), "timekeeper", "scorekeeper", "chief_judge"),
    roles_act("judging.paper", _("打印纸质评分表，查看录入情况"), "organizer", "chief_judge", "scorekeeper", "supervisor"),
    roles_act("judging.key_paper", _("录入纸质评分表"), "scorekeeper", "chief_judge"),
    roles_act("judging.times", _("录入用时"), "timekeeper", "scorekeeper", "chief_judge"),
    roles_act("judging.figures", _("录入和导入理论成绩、扣分"), "scorekeeper", "chief_judge"),
]
