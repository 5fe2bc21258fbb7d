"""The sections of the own data, first half: who the person is, the account, what was agreed to, entries."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from competition.accounts.access import ROLES
from competition.accounts.identity import DOCUMENTS
from competition.accounts.models import Person
from competition.accounts.queries_own import consents_of, grants_of, help_asked, offices_of, reveals_of, sign_ins_of
from competition.accounts.scopes import scope_name
from competition.accounts.service_help import KINDS, STATES
from competition.accounts.terms import terms
from competition.core.formats import filesize, joined, show_date
from competition.core.languages import LANGUAGES
from competition.home.own_data import Section, Subject, when
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration import rules
from competition.registration.models import Entry
from competition.registration.queries_own import drafts_of, teams_led


def person(subject: Subject) -> list[Section]:
    """Name, document, phone."""
    rows = [row for one in subject.persons for row in _person_rows(subject, one)]
    note = "" if rows else _("系统里还没有您的证件。首次报名时填写后，会出现在这里。单位或领队代您报的名，带证件到工会核对后归到您的账号。")
    return [Section("person", _("本人"), (_("项目"), _("内容")), rows, note)]


def _person_rows(subject: Subject, one: Person) -> list[list[Any]]:
    kind = DOCUMENTS.get(one.document_type or "", "")
    found = [
        (_("姓名"), one.name), (_("姓名拼音"), one.name_pinyin), (_("藏文姓名"), one.name_bo),
        (_("性别"), _sex(one.sex)), (_("出生日期"), show_date(one.birth_on) if one.birth_on else ""),
        (_("证件类型"), str(kind)), (_("证件号码"), subject.number(one)), (_("手机号码"), subject.phone(one)),
        (_("登记时间"), when(one.created_at)),
    ]
    return [[label, value] for label, value in found if value]


def _sex(code: str | None) -> str:
    return str({"male": _("男"), "female": _("女")}.get(code or "", ""))


def account(subject: Subject) -> list[Section]:
    """How one signs in, in which language, with which roles."""
    one = subject.account
    rows = [
        [_("姓名"), one.display_name],
        [_("登录名"), _phone_login(subject) if one.login.startswith("phone:") else one.login],
        [_("界面语言"), next((each.label for each in LANGUAGES if each.code == one.locale), one.locale)],
        [_("建立时间"), when(one.created_at)],
        [_("两步验证"), _("自 %(at)s 启用", at=when(one.totp_since)) if one.totp_since else _("未启用")],
        [_("密码"), _("只保存不可还原的校验值")],
    ]
    roles = [
        [ROLES.get(g.role, g.role), scope_name(g.scope_kind, g.scope_id), when(g.valid_from), when(g.valid_to)] for g in grants_of(one.id)
    ]
    held = Section("roles", _("担任过的角色"), (_("角色"), _("范围"), _("自"), _("至")), roles)
    return [Section("account", _("账号"), (_("项目"), _("内容")), rows), *([held] if roles else [])]


def _phone_login(subject: Subject) -> str:
    return subject.login_phone() or str(_("注册时的手机号（只保存不可还原的密文）"))


def consents(subject: Subject) -> list[Section]:
    """What was agreed to: which text, known by its hash, when, how; whether it was taken back."""
    found = consents_of(subject.account.id, subject.person_ids)
    where = offices_of((c.recorded_by, c.given_at) for c in found if c.recorded_by)
    rows = [
        [terms(c.purpose, c.text_version).title, c.text_version, c.text_digest,
         _("书面，由%(office)s登记：%(paper)s", office=where[c.recorded_by, c.given_at], paper=c.paper) if c.recorded_by
         else _("书面") if c.channel == "paper" else _("网上"), when(c.given_at), when(c.withdrawn_at)] for c in found
    ]
    links = [(_("看文本"), url_for("accounts.read_terms", purpose=c.purpose, version=c.text_version)) for c in found]
    header = (_("文本"), _("版本"), _("校验值"), _("怎样同意"), _("同意时间"), _("撤回时间"))
    return [Section("consents", _("同意记录"), header, rows, links=links)]


def entries(subject: Subject) -> list[Section]:
    """The own entries with what was decided about them, their files, what was typed and not handed in."""
    return [_entries(subject), _reviews(subject), _files(subject), _drafts(subject), *_teams(subject)]


def _entries(subject: Subject) -> Section:
    rows, links = [], []
    for one in subject.entries:
        rows.append([
            one.contest.name, rules.STATES[one.state], one.number or "", one.name, one.employer,
            OWNERSHIP.get(one.employer_ownership, ""), one.union.name if one.union else "", one.region.name if one.region else "",
            one.trade, SKILL_LEVELS.get(-1 if one.skill_level is None else one.skill_level, ""), WORKER_GROUPS.get(one.worker_group, ""),
            joined(event.name for event in one.events), one.delegation.name if one.delegation else "", _team_of(one),
            when(one.submitted_at), one.return_reason or one.withdraw_reason or "",
        ])
        links.append((_("查看报名"), url_for("registration.show", entry_id=one.id)))
    header = (_("赛事"), _("状态"), _("参赛编号"), _("姓名"), _("工作单位"), _("单位性质"), _("所属工会"), _("工作地区"), _("工种"),
              _("技能等级"), _("所属群体"), _("参赛项目"), _("代表团"), _("代表队"), _("提交时间"), _("退回或撤回的理由"))
    return Section("entries", _("报名"), header, rows, links=links)


def _team_of(one: Entry) -> str:
    return str(_("%(team)s（%(role)s）", team=one.team.name, role=rules.TEAM_ROLES[one.team_role])) if one.team else ""


def _reviews(subject: Subject) -> Section:
    rows = [
        [one.contest.name, review.union.name if review.union else _("组委会办公室"), rules.DECISIONS.get(review.decision, review.decision),
         review.reason, when(review.at)] for one in subject.entries for review in one.reviews
    ]
    return Section("reviews", _("资格审核"), (_("赛事"), _("审核单位"), _("意见"), _("理由"), _("时间")), rows)


def _files(subject: Subject) -> Section:
    rows, links = [], []
    for one in subject.entries:
        for kind, words, stored in (("photo", _("照片"), one.photo), ("scan", _("盖章的报名表"), one.form_scan)):
            if stored is not None:
                rows.append([one.contest.name, words, stored.media_type, filesize(stored.size), when(stored.created_at)])
                links.append((_("打开"), url_for("registration.own_file", entry_id=one.id, kind=kind)))
    return Section("files", _("照片和文件"), (_("赛事"), _("文件"), _("格式"), _("大小"), _("上传时间")), rows, links=links)


def _drafts(subject: Subject) -> Section:
    found = drafts_of(subject.entries)
    rows, links = [], []
    for one in subject.entries:
        if one.id in found:
            rows.append([one.contest.name, when(found[one.id].saved_at)])
            links.append((_("继续填写"), url_for("registration.begin", contest_id=one.contest_id)))
    note = _("填写了还没有提交的内容，加密保存；内容在报名表中查看和修改。") if rows else ""
    return Section("drafts", _("草稿"), (_("赛事"), _("保存时间")), rows, note, links)


def _teams(subject: Subject) -> list[Section]:
    rows = [[team.name, team.leader_name, when(team.created_at)] for team in teams_led(subject.account.id)]
    return [Section("teams", _("担任领队的代表队"), (_("代表队"), _("领队"), _("建立时间")), rows)] if rows else []


def sign_ins(subject: Subject) -> list[Section]:
    """Where and when the account signed in."""
    rows = [[one.device, when(one.created_at), when(one.ended_at or one.expires_at), _("已退出") if one.ended_at else ""]
            for one in sign_ins_of(subject.account.id)]
    return [Section("sign_ins", _("登录记录"), (_("设备"), _("登录时间"), _("退出或到期"), _("状态")), rows)]


def reveals(subject: Subject) -> list[Section]:
    """Who looked at the full numbers."""
    words = {"person.reveal_document": _("证件号码"), "person.reveal_phone": _("手机号码")}
    rows = [[when(one.at), words[one.act], one.office, one.reason] for one in reveals_of(subject.person_ids)]
    return [Section("reveals", _("谁查看过我的完整号码"), (_("时间"), _("查看了什么"), _("哪个单位"), _("理由")), rows,
                    "" if rows else _("没有人查看过。工作人员平时只看到头尾几位。"))]


def requests(subject: Subject) -> list[Section]:
    """What was asked of the union's clerks."""
    rows = [[one.code, KINDS[one.kind], one.union.name, when(one.created_at), STATES[one.state], one.reason or ""]
            for one in help_asked(subject.account.id)]
    header = (_("编号"), _("事项"), _("工会"), _("提出时间"), _("状态"), _("经过或原因"))
    return [Section("requests", _("向工会提出的申请"), header, rows)]
