"""What an audit row says beside its columns, in words: the record itself keeps keys and codes, readers get sentences."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from competition.accounts.rules import SCOPE_WORDS
from competition.activities.rules import MEASURES
from competition.arena.rules import WORDS as OUTCOMES
from competition.contests.rules import CONDITIONS, LEVELS, PHASES
from competition.core.languages import LANGUAGES
from competition.registration.rules import STATES

NAMES = {
    "about": _("改的内容"), "after": _("现在"), "act": _("操作"), "based_on": _("所依据的版本"), "edits": _("第几次修改"),
    "accepted": _("收下"), "account": _("账号编号"), "added": _("新增"), "answers": _("处理结果"), "approval": _("两人办理编号"),
    "good": _("没有问题的行"), "only_good": _("只导入没有问题的行"), "columns": _("列"), "sheet": _("工作表"),
    "aside": _("原数据库移到"), "asked_by": _("申请人编号"), "bad": _("有问题的行"), "badges": _("参赛证"), "batches": _("批次"),
    "before": _("原来"), "bodies": _("组织单位"), "by": _("由谁替换"), "capacity": _("每批人数"), "card": _("座位卡"),
    "changed": _("改动"), "channel": _("途径"), "chapters": _("成绩册的部分"), "checked": _("已核对"), "code": _("代号"),
    "codes": _("作品号"), "corrected": _("更正"), "count": _("数量"), "criteria": _("评分项"), "data": _("内容校验值"),
    "decision": _("决定"), "delegation": _("代表团编号"), "device": _("平板编号"), "digest": _("校验值"),
    "document_type": _("证件类型"), "draw": _("抽签编号"), "ended": _("结束"), "entrants": _("参赛者"), "entries": _("报名"),
    "errors": _("错误"), "event": _("项目"), "events": _("项目或事件"), "excusal": _("免评编号"), "factor": _("第二重验证"),
    "effects": _("影响清单校验值"), "facts": _("参赛记录"), "failed": _("失败"), "fault": _("问题"), "faults": _("问题"),
    "family": _("字体"), "fields": _("更正的内容"), "font": _("字体编号"), "glyph": _("字形图片编号"), "code_point": _("字符编码"),
    "instead_of": _("代替的编号"),
    "figures": _("改变的成绩、名次、奖项"), "file": _("文件"), "green": _("绿灯（%）"), "amber": _("黄灯（%）"),
    "filled": _("补充的内容"), "filters": _("筛选条件"), "first": _("第一个编号"), "from": _("起始编号"), "full": _("全部"),
    "how": _("怎样决定的"),
    "id": _("编号"), "in": _("上场"), "input": _("名单校验值"), "inputs": _("输入校验值"), "job": _("后台任务编号"),
    "joined": _("编入"), "key": _("标识"), "kind": _("种类"), "last": _("最后一个编号"), "leader": _("领队账号"),
    "left_out": _("没有列入"), "level": _("级别"), "lines": _("改变的行"), "locale": _("语言"), "marks": _("核对的分数"),
    "members": _("会员人数"),
    "minutes": _("分钟"),
    "missing": _("缺少的序号"), "moment": _("备份时间"), "moved": _("递补"), "name": _("名称"), "names": _("是否印姓名"),
    "number": _("编号"), "on": _("日期"), "order": _("顺序"), "out": _("下场"), "outcome": _("记录"), "parent": _("上级工会编号"),
    "payload": _("内容校验值"), "people": _("人数"), "person": _("人员"),
    "persons": _("人数"), "position": _("顺序"), "previous": _("上一年度"),
    "printed": _("已制作"), "procedure": _("抽签程序"), "public": _("公钥"), "publication": _("公布编号"), "purpose": _("用途"),
    "region": _("地区"),
    "rankings": _("名次表"), "replaces": _("替换"),
    "request": _("申请编号"), "restored": _("重新计入"), "result": _("结果校验值"), "right": _("相符"),
    "role": lazy_pgettext("record", "角色"),
    "roles": _("角色"), "rows": _("行数"), "rulebook": _("评分规则版本"), "salts": _("删去的核对依据"), "sample": _("样本"),
    "scope": _("范围"),
    "scopes": _("成绩范围"), "seat": _("座位"), "seats": _("座位"), "second": _("第二人编号"), "seed": _("种子校验值"),
    "sent": _("已发送"), "seq": _("序号"), "sha256": _("文件校验值"), "signatures": _("有手写签名的"),
    "signed": _("文件签名"), "signing_key": _("签名密钥"), "replaced_key": _("换下的签名密钥"), "size": _("大小"), "source": _("来源"),
    "standing": _("当前锁定"), "state": _("状态"), "taken": _("导入"), "team": _("代表队编号"), "template": _("模板编号"),
    "title": _("名称"), "tries": _("次数"), "union": _("工会编号"), "until": _("截止"), "values": _("内容"), "verified": _("已验证"),
    "version": _("版本"), "versions": _("各轮版本"),
    "where": _("保管处"), "withdrawn": _("不再计入"), "work": _("作品"), "works": _("作品"), "year": _("年度"),
    "tablets": _("平板"), "waiting": _("待上传"), "made": _("它说做到的序号"), "round": _("本轮编号"), "rounds": _("各轮编号"),
    "to_work": _("移到作品"), "moved_marks": _("移动的分数"), "back_marks": _("换回的分数"),
    "spreads": _("裁判分歧"), "part": _("比较的部分"), "asked": _("已请复核的座位"), "void": _("不用再答复的座位"),
    "keying": _("第几遍录入"), "keyings": _("录入遍数"), "differing": _("不一致的格子"), "way": _("交接方式"), "stuck": _("没有接受的项"),
    "trip": _("转移编号"), "machine": _("赛场机器"), "sums": _("各表校验值"),
    "layout": _("版面校验值"), "step": _("第几步"), "slot": _("位置"), "right_mm": _("向右（毫米）"), "down_mm": _("向下（毫米）"),
    "certificates": _("证书"), "what": _("哪一种"), "measures": _("成效"), "stages": _("阶段数"), "total": _("总分"), "unit": _("单位"),
    **{name: measure.label for name, measure in MEASURES.items()},
    "batch": _("批次"), "language": _("语言"), "page": _("页面"), "sentence": _("句子"), "with_numbers": _("是否显示分数"),
    "readers": _("收到的账号数"), "can_report": _("可以上报"), "period": _("期间"), "days": _("有效天数"),
    "heads": _("参加人数"), "overlap": _("其中已实名登记的人数"),
}
YES = {True: _("是"), False: _("否"), None: _("无")}
_CODES: dict[str, Mapping[str, Any]] = {
    "act": {"begin": _("从空白开始"), "change": _("修改"), "add": _("添加"), "copy": _("复制"), "move": _("移动"),
            "kind": _("改用别的方式"), "remove": _("删除"), "undo": _("撤销上一步"), "redo": _("重做"), "put": _("更换位置"),
            "discard": _("放弃草稿"), "saved": _("保存为新版本")},
    "what": {"one": _("一份证书一张"), "group": _("一个代表团或单位一张")},
    "state": {**STATES, **PHASES, **CONDITIONS}, "outcome": OUTCOMES, "level": LEVELS, "scope": SCOPE_WORDS,
    "locale": {each.code: each.label for each in LANGUAGES},
    "source": {"imported": _("导入"), "entered": _("录入"), "appearances": _("到场名单"), "judges": _("裁判组"),
               "volunteers": _("工作人员"), "units": _("参赛单位")}, "channel": {"web": _("网页"), "paper": _("纸质"), "tablet": _("平板")},
}


def shown_details(details: Mapping[str, Any], roles: Mapping[str, Any], kinds: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a line says beside its columns: name and value, lists in one line.

    ``roles`` and ``kinds``: the words for roles and for kinds of work, which other rooms give.
    """
    codes = _CODES | {"role": roles, "roles": roles, "kind": kinds}
    return [(str(NAMES.get(name, name)), _shown(value, codes.get(name, {}))) for name, value in sorted(details.items())]


def _shown(value: Any, codes: Mapping[str, Any]) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{NAMES.get(key, key)}: {_shown(each, _CODES.get(key, codes))}" for key, each in value.items()) or "—"
    if isinstance(value, list):
        return ", ".join(_shown(each, codes) for each in value) or "—"
    if isinstance(value, bool) or value is None:
        return str(YES[value])
    return str(codes.get(value, value)) if isinstance(value, str) else str(value)
