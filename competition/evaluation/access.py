"""Who sees the evaluation index, who conducts it."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act

ACTS: list[Act] = [
    roles_act("evaluation.look", _("查看竞赛绩效评估"), "leader", "organizer", "clerk", "auditor", "administrator"),
    roles_act("evaluation.conduct", _("设定评估指标、人工评分、锁定评估"), "organizer", "clerk"),
]
