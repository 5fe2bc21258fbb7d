"""The words for acts and things of the audit trail, and what of a row is shown."""

from collections.abc import Mapping
from typing import Any

THINGS = {
    "help_request": "协助请求", "phone_code": "手机验证码",
    "account": "账号", "approval": "两人办理", "backup": "备份", "backup_key": "备份密钥", "batch": "证书批次",
    "certificate": "证书", "consent": "同意书", "contest": "赛事", "delegation": "代表团", "employer": "单位",
    "entrant": "参赛者", "entry": "报名", "event": "项目", "fact": "参赛记录", "job": "后台任务", "notice": "公告",
    "one_time_link": "一次性链接", "panel": "裁判组", "person": "人员", "region": "行政区划",
    "roster_import": "导入名单", "round": "轮次", "seat": "裁判座位", "series": "大赛", "sheet": "评分表",
    "sum_sample": "统分抽查", "target": "年度目标", "team": "代表队", "template": "证书模板", "union": "工会",
    "work": "作品", "year": "年度", "grant": "角色", "audit": "审计记录", "security": "安全记录",
}
ROOMS = {
    "entry": "报名", "help": "协助",
    "account": "账号", "accounts": "账号", "approval": "两人办理", "arena": "赛场", "auditing": "审计",
    "certificates": "证书", "contests": "赛事", "demo": "演示", "export": "导出", "job": "后台任务", "judging": "评分",
    "notice": "公告", "operations": "系统运行", "organisations": "工会", "participation": "参赛统计", "person": "人员",
    "registration": "报名", "results": "成绩",
}
ACTS = {
    "account.change_phone": "更换手机号", "account.code_asked": "要求发送验证码", "account.code_sent": "发送验证码",
    "account.code_refused": "验证码不正确", "account.codes_forgotten": "清除过期验证码", "entry.take_over": "认领报名",
    "help.ask": "请求协助",
    "account.factor_prepare": "准备第二重验证", "account.factor_on": "启用第二重验证", "account.factor_off": "停用第二重验证",
    "account.recovery_codes": "生成恢复码", "account.recovery_code_used": "使用恢复码", "account.reset_password": "重设密码",
    "approval.expire": "申请过期", "operations.back_up": "备份完成", "operations.restored": "从备份恢复",
    "account.create": "建立账号", "account.grant": "授予角色", "account.end_grant": "收回角色",
    "account.set_password": "设置密码", "account.sign_in": "登录", "account.sign_in_refused": "登录被拒绝",
    "account.sign_out": "退出登录", "account.end_sign_in": "结束登录", "account.link": "生成一次性链接",
    "account.use_link": "使用一次性链接", "account.open": "启用账号", "account.locale": "选择语言",
    "account.consent": "同意个人信息处理规则", "approval.ask": "提出申请", "approval.approve": "批准申请",
    "approval.refuse": "拒绝申请", "approval.withdraw": "撤回申请", "arena.draw": "抽签", "arena.draw_void": "作废抽签",
    "arena.read_codes": "查看编码表", "arena.open_codes": "解密", "arena.absent": "记为缺考",
    "arena.checked_in": "检录", "arena.retired": "记为弃权", "arena.disqualified": "取消资格",
    "arena.annulled": "取消成绩", "arena.print_badges": "打印参赛证", "arena.badges_made": "参赛证已制作",
    "auditing.prove": "验证审计链", "certificates.prepare": "准备证书", "certificates.issue": "签发证书",
    "certificates.print": "制作证书", "certificates.revoke": "撤销证书", "certificates.replace": "更正证书",
    "certificates.discard": "作废准备的证书", "certificates.restart": "重新制作证书",
    "certificates.template": "设置证书模板", "certificates.bind": "装订证书", "contests.create": "建立赛事",
    "contests.change": "修改赛事", "contests.create_series": "建立大赛", "contests.set_bodies": "设置主办承办单位",
    "contests.set_rulebook": "设置评分规则", "contests.freeze_rulebook": "冻结评分规则",
    "contests.announce": "公布赛事", "contests.start": "开始比赛", "contests.finish": "结束比赛",
    "contests.postpone": "延期", "contests.stop": "中止", "contests.cancel": "取消", "contests.resume": "恢复",
    "contests.add_event": "增加项目", "contests.change_event": "修改项目", "contests.remove_event": "移除项目",
    "export.registration.entries": "导出报名名单", "export.registration.refused": "导出没有导入的行",
    "export.results.book": "导出成绩册", "export.participation.figures": "导出参赛人数",
    "export.arena.order_book": "导出秩序册", "export.arena.sign_in": "导出签到表",
    "export.auditing.rows": "导出审计记录", "job.cancel": "停止后台任务", "job.retry": "重试后台任务",
    "judging.create_panel": "设置裁判组", "judging.seat_judge": "安排裁判员", "judging.make_cards": "制作座位卡",
    "judging.open_seat": "打开座位", "judging.open_seat_refused": "打开座位被拒绝", "judging.close_seat": "关闭座位",
    "judging.open_round": "开放评分", "judging.lock_round": "锁定评分", "judging.unlock_round": "解锁评分",
    "judging.accept_events": "收到平板评分", "judging.send_back": "退回评分表", "judging.excuse": "登记免评",
    "judging.end_excusal": "取消免评", "judging.decide_late_marks": "处理另存项", "judging.stop_device": "停用平板",
    "judging.record_figures": "录入成绩", "judging.preview_figures": "读取成绩表", "judging.take_figures": "导入成绩",
    "notice.save": "保存公告", "notice.publish": "发布公告", "notice.correct": "更正公告",
    "notice.discard": "删除公告草稿", "notice.attach": "添加附件", "notice.detach": "移除附件",
    "operations.asked": "要求备份", "operations.key_kept": "登记备份密钥保管处",
    "organisations.create_union": "登记工会", "organisations.change_union": "修改工会",
    "organisations.end_union": "撤销工会", "organisations.create_employer": "登记单位",
    "organisations.load_regions": "载入行政区划", "participation.collect": "收集参赛记录",
    "participation.set_target": "设定年度目标", "person.create": "登记人员", "person.complete": "补充人员资料",
    "person.reveal_document": "查看完整证件号码", "person.reveal_phone": "查看完整手机号码",
    "registration.begin": "开始填写报名", "registration.submit_entry": "提交报名", "registration.submit": "提交报名",
    "registration.wait": "进入候补", "registration.move_up": "递补，进入审核", "registration.withdraw": "撤回报名",
    "registration.attach": "上传照片或报名表", "registration.approve": "审核通过", "registration.return": "退回修改",
    "registration.reject": "审核不通过", "registration.withdraw_entry": "撤回报名",
    "registration.put_in_team": "编入代表队", "registration.withdraw_team": "代表队退出",
    "registration.take_roster": "导入名单", "registration.unstage": "清除中断的导入",
    "registration.set_lineup": "调整上场名单", "registration.set_conditions": "设置报名条件",
    "registration.promote_waiting": "递补候补", "registration.number_entries": "编参赛号",
    "registration.add_delegation": "增加代表团", "registration.change_delegation": "修改代表团",
    "registration.remove_delegation": "移除代表团", "results.draw_sample": "抽取统分样本",
    "results.check_sums": "核对统分", "results.sign_sums": "签认统分", "results.decide_tie": "决定并列",
    "results.print_book": "生成成绩册", "results.book_made": "成绩册已生成",
}
MARK_KINDS = {"mark": "打分", "withdraw": "撤回打分", "hand_in": "提交评分表"}
MARK_STATES = {"accepted": "", "quarantined": "另存，未计入", "released": "两人批准后计入", "dropped": "两人决定不计入"}


def act_words(act: str, titles: Mapping[str, str] | None = None) -> str:
    """An act in words: ours, else the title that the access table gives it, else its room and its code."""
    if act in ACTS:
        return ACTS[act]
    if titles and act in titles:
        return titles[act]
    room, _, verb = act.partition(".")
    return f"{ROOMS.get(room, room)} · {verb}"


def thing_words(kind: str) -> str:
    """A kind of thing in words."""
    return THINGS.get(kind, kind)


def shown_details(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a line says beside its columns: name and value, lists in one line."""
    return [(name, value if isinstance(value, str) else _plain(value)) for name, value in sorted(details.items())]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{key}：{_plain(each)}" for key, each in value.items()) or "—"
    if isinstance(value, list):
        return "、".join(_plain(each) for each in value) or "—"
    return "—" if value is None else str(value)
