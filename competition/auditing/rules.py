"""The words for acts and things of the audit trail, and those of marks."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

THINGS = {
    "help_request": _("协助请求"), "phone_code": _("手机验证码"), "sign_in": _("登录尝试"),
    "api_token": _("访问令牌"),
    "account": _("账号"), "approval": _("两人办理"), "backup": _("备份"), "backup_key": _("备份密钥"), "batch": _("证书批次"),
    "certificate": _("证书"), "consent": _("同意书"), "contest": _("赛事"), "delegation": _("代表团"), "employer": _("单位"),
    "entrant": _("参赛者"), "entry": _("报名"), "event": _("项目"), "fact": _("参赛记录"), "job": _("后台任务"), "notice": _("公告"),
    "one_time_link": _("一次性链接"), "display": _("大屏"), "handover": _("离线交接文件"),
    "panel": _("裁判组"), "person": _("人员"), "region": _("行政区划"),
    "roster_import": _("导入名单"), "round": _("轮次"), "seat": _("裁判座位"), "series": _("大赛"), "sheet": _("评分表"),
    "sum_sample": _("统分抽查"), "return": _("上报"), "roster": _("名册"), "return_import": _("名册导入"),
    "month": _("月份"),
    "snapshot": _("固定的数字"), "period": _("期间"),
    "target": _("年度目标"), "team": _("代表队"), "template": _("证书模板"), "union": _("工会"),
    "work": _("作品"), "year": _("年度"),
    "reminders": _("提醒"), "doubt": _("核查记录"), "doubts": _("核查清单"), "grant": _("角色"), "audit": _("审计记录"), "file": _("文件"),
    "security": _("安全记录"),
}
ROOMS = {
    "entry": _("报名"), "help": _("协助"), "activities": _("竞赛活动"), "evaluation": _("绩效评估"),
    "account": _("账号"), "accounts": _("账号"), "approval": _("两人办理"), "arena": _("赛场"), "auditing": _("审计"),
    "certificates": _("证书"), "contests": _("赛事"), "demo": _("演示"), "export": _("导出"), "file": _("文件"), "job": _("后台任务"),
    "judging": _("评分"), "notice": _("公告"), "operations": _("系统运行"), "organisations": _("工会"),
    "participation": _("参赛统计"), "person": _("人员"), "registration": _("报名"), "results": _("成绩"),
}
ACTS = {
    "evaluation.set": _("设定评估指标"), "evaluation.give": _("人工评分"), "evaluation.lock": _("锁定评估"),
    "export.evaluation.ranking": _("导出绩效评估"),
    "activities.begin": _("新建活动申报"), "activities.change": _("修改活动申报"), "activities.submit": _("提交活动申报"),
    "activities.take_back": _("撤回活动申报"), "activities.approve": _("活动申报审核通过"), "activities.give_back": _("退回活动申报"),
    "activities.approved": _("核准活动"), "activities.withdraw": _("撤销活动申报"), "activities.flag": _("认定引领性竞赛"),
    "activities.unflag": _("取消引领性认定"), "activities.start": _("开始活动"), "activities.finish": _("结束活动"),
    "activities.save_report": _("保存阶段小结"), "activities.report": _("提交阶段小结"), "activities.acknowledge": _("收阅阶段小结"),
    "activities.give_back_report": _("退回阶段小结"), "activities.add_file": _("添加依据材料"),
    "activities.remove_file": _("移除依据材料"), "activities.achievement": _("登记五小成果"),
    "activities.remove_achievement": _("移出五小成果"), "activities.sheet": _("设定评价表"), "activities.assess": _("评价单位"),
    "activities.close": _("完成活动评价"), "export.activities.list": _("导出竞赛活动清单"),
    "account.withdraw_consent": _("撤回同意"), "account.erase": _("删除个人信息"), "entry.erase": _("删除报名中的个人信息"),
    "entry.correct": _("更正报名"), "person.correct": _("更正登记信息"), "participation.correct": _("更正参赛记录"),
    "export.home.own_data": _("下载自己的信息"),
    "account.change_phone": _("更换手机号"), "account.code_asked": _("要求发送验证码"), "account.code_sent": _("发送验证码"),
    "account.code_refused": _("验证码不正确"), "account.codes_forgotten": _("清除过期验证码"), "entry.take_over": _("认领报名"),
    "help.ask": _("请求协助"), "file.forget": _("清理到期的文件"),
    "account.claim": _("用认领码归入账号"),
    "account.factor_prepare": _("准备第二重验证"), "account.factor_on": _("启用第二重验证"), "account.factor_off": _("停用第二重验证"),
    "account.recovery_codes": _("生成恢复码"), "account.recovery_code_used": _("使用恢复码"), "account.reset_password": _("重设密码"),
    "approval.expire": _("申请过期"), "operations.back_up": _("备份完成"), "operations.restored": _("从备份恢复"),
    "account.create": _("建立账号"), "account.grant": _("授予角色"), "account.end_grant": _("收回角色"),
    "account.set_password": _("设置密码"), "account.sign_in": _("登录"), "account.sign_in_refused": _("登录被拒绝"),
    "account.locked": _("输错次数过多，暂时锁定"), "account.sign_up_known": _("用已注册的手机号注册"), "account.close": _("停用账号"),
    "help.held": _("证件争议涉及工作账号，暂停办理"), "help.done": _("办理协助请求"), "help.refused": _("退回协助请求"),
    "account.sign_out": _("退出登录"), "account.end_sign_in": _("结束登录"), "account.link": _("生成一次性链接"),
    "account.use_link": _("使用一次性链接"), "account.open": _("启用账号"), "account.locale": _("选择语言"),
    "account.consent": _("同意个人信息处理规则"), "approval.ask": _("提出申请"), "approval.approve": _("批准申请"),
    "approval.refuse": _("拒绝申请"), "approval.withdraw": _("撤回申请"), "arena.draw": _("抽签"), "arena.draw_void": _("作废抽签"),
    "arena.read_codes": _("查看编码表"), "arena.open_codes": _("解密"), "arena.absent": _("记为缺考"),
    "arena.checked_in": _("检录"), "arena.retired": _("记为弃权"), "arena.disqualified": _("取消资格"),
    "arena.annulled": _("取消成绩"), "arena.print_badges": _("打印参赛证"), "arena.badges_made": _("参赛证已制作"),
    "auditing.prove": _("验证审计链"), "certificates.prepare": _("准备证书"), "certificates.issue": _("签发证书"),
    "certificates.print": _("制作证书"), "certificates.revoke": _("撤销证书"), "certificates.replace": _("更正证书"),
    "certificates.discard": _("作废准备的证书"), "certificates.numbering": _("设置证书编号规则"), "certificates.restart": _("重新制作证书"),
    "certificates.font": _("增加授权字体"), "certificates.font_end": _("停用授权字体"),
    "certificates.glyph": _("上传证书用的字形图片"), "certificates.glyph_end": _("停用证书用的字形图片"),
    "certificates.key": _("生成证书二维码的签名密钥"), "certificates.key_retire": _("停用证书二维码的签名密钥"),
    "certificates.key_distrust": _("宣布证书二维码的签名密钥失信"),
    "certificates.draft": _("设计证书模板"), "certificates.asset": _("管理证书图片"), "certificates.printer": _("设置套打偏移"),
    "certificates.overprint": _("套打证书"),
    "certificates.hand_out": _("登记证书领取"), "certificates.hand_out_undone": _("撤回证书领取记录"),
    "certificates.tell": _("发短信通知获证人"), "certificates.tell_stop": _("停止发送短信"),
    "certificates.tell_go_on": _("继续发送短信"), "certificates.tell_again": _("重发短信"),
    "certificates.spoken": _("核对颁奖时的读音"), "certificates.labels": _("打印信封标签"),
    "export.certificates.sign": _("导出证书领取签收表"), "export.certificates.script": _("导出颁奖主持词"),
    "certificates.template": _("设置证书模板"), "certificates.bind": _("装订证书"), "contests.create": _("建立赛事"),
    "contests.change": _("修改赛事"), "contests.create_series": _("建立大赛"), "contests.set_bodies": _("设置主办承办单位"),
    "contests.set_rulebook": _("设置评分规则"), "contests.freeze_rulebook": _("冻结评分规则"),
    "contests.draft_rulebook": _("编辑评分规则草稿"), "contests.preview_rulebook": _("计算评分规则改动的影响"),
    "contests.ask_rulebook": _("申请修改评分规则"), "contests.confirm_rulebook": _("确认看过新的影响清单"),
    "contests.announce": _("公布赛事"), "contests.start": _("开始比赛"), "contests.finish": _("结束比赛"),
    "contests.postpone": _("延期"), "contests.stop": _("中止"), "contests.cancel": _("取消"), "contests.resume": _("恢复"),
    "contests.add_event": _("增加项目"), "contests.change_event": _("修改项目"), "contests.remove_event": _("移除项目"),
    "export.registration.entries": _("导出报名名单"), "export.registration.refused": _("导出没有导入的行"),
    "export.results.book": _("导出成绩册"), "export.results.live": _("导出复算表"), "export.participation.figures": _("导出参赛人数"),
    "export.arena.order_book": _("导出秩序册"), "export.arena.sign_in": _("导出签到表"),
    "export.auditing.rows": _("导出审计记录"), "job.cancel": _("停止后台任务"), "job.retry": _("重试后台任务"),
    "judging.create_panel": _("设置裁判组"), "judging.seat_judge": _("安排裁判员"), "judging.make_cards": _("制作座位卡"),
    "judging.open_seat": _("打开座位"), "judging.open_seat_refused": _("打开座位被拒绝"), "judging.close_seat": _("关闭座位"),
    "judging.open_round": _("开放评分"), "judging.lock_round": _("锁定评分"), "judging.unlock_round": _("解锁评分"),
    "judging.accept_events": _("收到平板评分"), "judging.send_back": _("退回评分表"),
    "displays.pair": _("登记大屏"), "displays.assign": _("切换大屏"), "displays.withdraw": _("停用大屏"), "displays.call": _("大屏叫批次"),
    "judging.review_spreads": _("请裁判复核分歧"), "judging.decide_spread": _("决定裁判分歧"), "judging.excuse": _("登记免评"),
    "judging.end_excusal": _("取消免评"), "judging.decide_late_marks": _("处理另存项"), "judging.stop_device": _("停用平板"),
    "judging.keep_photo": _("收到评分照片"), "judging.need_signature": _("更改手写签名的要求"),
    "judging.end_device": _("裁判员的账号或角色已结束，平板停用"), "judging.sign_absence": _("签字说明平板缺席"),
    "judging.move_sheet": _("移动评分表"), "judging.swap_sheets": _("交换评分表"),
    "judging.read_handover": _("读取离线交接文件"), "judging.refuse_handover": _("签名不符的交接文件，没有接收"),
    "judging.approve_handover": _("批准接收没有签名的交接文件"), "judging.begin_handover": _("开始接收离线交接的评分"),
    "judging.take_handover": _("接收离线交接的评分"),
    "judging.lend_rounds": _("把轮次交给赛场主机"), "judging.take_in_rounds": _("赛场主机接收轮次"),
    "judging.pack_rounds": _("赛场主机的评分装好带回"), "judging.resume_rounds": _("赛场主机恢复评分"),
    "judging.return_rounds": _("取回赛场主机的评分"), "judging.take_back": _("不带文件收回轮次"),
    "judging.key_paper": _("录入纸质评分表"), "judging.drop_paper": _("作废纸质评分表的录入"),
    "judging.set_answer_key": _("录入标准答案"), "judging.propose_answer_key": _("提出更改标准答案"),
    "judging.change_answer_key": _("更改标准答案"),
    "judging.record_figures": _("录入成绩"), "judging.preview_figures": _("读取成绩表"), "judging.take_figures": _("导入成绩"),
    "notice.save": _("保存公告"), "notice.publish": _("发布公告"), "notice.correct": _("更正公告"),
    "notice.discard": _("删除公告草稿"), "notice.attach": _("添加附件"), "notice.detach": _("移除附件"),
    "operations.asked": _("要求备份"), "operations.key_kept": _("登记备份密钥保管处"),
    "organisations.create_union": _("登记工会"), "organisations.change_union": _("修改工会"),
    "organisations.end_union": _("撤销工会"), "organisations.create_employer": _("登记单位"),
    "organisations.load_regions": _("载入行政区划"), "participation.collect": _("收集参赛记录"),
    "participation.return_begin": _("新建上报"), "participation.return_correct": _("更正上报"),
    "participation.return_roster": _("填入名册"), "participation.return_bulk": _("填写总数"),
    "participation.return_measures": _("填写成效"), "participation.return_submit": _("上报"),
    "participation.return_take_back": _("撤回上报"), "participation.return_approve": _("上报审核通过"),
    "participation.return_give_back": _("退回上报"), "participation.return_count": _("上报计入数字"),
    "participation.close_month": _("截止上报"), "participation.stage_roster": _("分批存入名册"),
    "participation.clear_roster": _("清理不再使用的名册"),
    "participation.set_target": _("设定年度目标"), "participation.split_target": _("分解年度目标"),
    "participation.remind": _("提醒进度落后的单位"), "participation.send_reminder": _("发出提醒"),
    "participation.set_reminders": _("设定提醒的时间"), "participation.look": _("核查上报数字"),
    "participation.ask_look": _("要求核查上报数字"), "participation.ask_roll_up": _("要求汇总参赛人数"),
    "participation.doubt_accepted": _("核查：作为例外保留"), "participation.doubt_given": _("核查：交给工会改正"),
    "participation.set_doubt_limits": _("设定核查标准"), "export.participation.doubts": _("导出核查清单"),
    "participation.tell_months": _("填报各月人数"), "participation.forget_months": _("清除填报的各月人数"),
    "participation.choose_headline": _("选定年度主数字"), "export.participation.targets": _("导出目标分解"),
    "person.create": _("登记人员"), "person.complete": _("补充人员资料"),
    "participation.count_anew": _("参赛人数全部重算"),
    "participation.return_discard": _("删除上报草稿"),
    "participation.return_undo_roster": _("撤销名册导入"),
    "participation.send_roster": _("上传上报名册"), "participation.read_table": _("读取上报名册"),
    "participation.read_otherwise": _("改选名册的列"), "participation.ask_take_roster": _("确认导入名册"),
    "participation.take_roster": _("导入上报名册"), "participation.drop_roster": _("放弃名册表格"),
    "participation.mark_table": _("标出名册的问题"), "participation.fetch_marked": _("下载标出问题的名册"),
    "participation.freeze": _("固定参赛数字"), "export.participation.bulletin": _("下载参赛情况通报"),
    "participation.make_token": _("新建访问令牌"), "participation.revoke_token": _("撤销访问令牌"),
    "person.reveal_document": _("查看完整证件号码"), "person.reveal_phone": _("查看完整手机号码"),
    "registration.begin": _("开始填写报名"), "registration.submit_entry": _("提交报名"), "registration.submit": _("提交报名"),
    "registration.change": _("修改报名后重新提交"),
    "registration.wait": _("进入候补"), "registration.move_up": _("递补，进入审核"), "registration.withdraw": _("撤回报名"),
    "registration.attach": _("上传照片或报名表"), "registration.approve": _("审核通过"), "registration.return": _("退回修改"),
    "registration.reject": _("审核不通过"), "registration.withdraw_entry": _("撤回报名"),
    "registration.put_in_team": _("编入代表队"), "registration.withdraw_team": _("代表队退出"),
    "registration.take_roster": _("导入名单"), "registration.unstage": _("清除中断的导入"),
    "registration.set_lineup": _("调整上场名单"), "registration.set_conditions": _("设置报名条件"),
    "registration.promote_waiting": _("递补候补"), "registration.number_entries": _("编参赛编号"),
    "registration.add_delegation": _("增加代表团"), "registration.change_delegation": _("修改代表团"),
    "registration.remove_delegation": _("移除代表团"), "results.draw_sample": _("抽取统分样本"),
    "results.check_sums": _("核对统分"), "results.sign_sums": _("签认统分"), "results.decide_tie": _("决定并列"),
    "results.print_book": _("生成成绩册"), "results.book_made": _("成绩册已生成"), "results.live_made": _("复算表已生成"),
}
# Why something was refused, by the code that the page said.
REFUSALS = {
    "forbidden": _("没有这项权限"), "http_403": _("没有这项权限"), "not_found": _("不存在，或不属于他"),
    "http_404": _("不存在，或不属于他"),
    "sign_in": _("没有登录"), "http_401": _("没有登录"), "form_expired": _("表单不是本次登录的"), "other_site": _("请求来自其他网站"),
    "password_wrong": _("密码不正确"), "factor_wrong": _("两步验证码不正确"), "factor_refused": _("两步验证码不正确"),
    "code_refused": _("短信验证码不正确"), "reveal_limit": _("查看完整号码过于频繁"), "own_account": _("办理本人的事"),
    "same_person": _("审批本人的申请"), "grant_self": _("给自己申请角色"), "link_dead": _("链接已失效"), "not_yours": _("不是本人提出的"),
}
MARK_KINDS = {"mark": _("打分"), "withdraw": _("撤回打分"), "hand_in": _("提交评分表"), "keep": _("维持原分"),
              "comment": _("写备注"), "photo": _("附照片")}
MARK_STATES = {"accepted": "", "quarantined": _("另存，未计入"), "released": _("两人批准后计入"), "dropped": _("两人决定不计入")}


def act_words(act: str, titles: Mapping[str, str] | None = None) -> str:
    """An act in words: ours, else the title that the access table gives it, else its room and its code."""
    if act in ACTS:
        return str(ACTS[act])
    if titles and act in titles:
        return titles[act]
    room, _, verb = act.partition(".")
    return f"{ROOMS.get(room, room)} · {verb}"


def refusal_words(code: str) -> str:
    """Why something was refused; the code itself where nobody gave it a word."""
    return str(REFUSALS.get(code, code))


def thing_words(kind: str) -> str:
    """A kind of thing in words."""
    return str(THINGS.get(kind, kind))
