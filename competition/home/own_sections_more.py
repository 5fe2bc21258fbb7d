"""The sections of the own data, second half: the day, results, certificates, figures, messages, what the trail says."""

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from competition.accounts.models import Account
from competition.arena.queries_draw import places_of_entries
from competition.arena.rules import WORDS
from competition.certificates.models_outs import HandOut, SpokenName
from competition.certificates.models_telling import Told
from competition.certificates.queries import certificates_of
from competition.certificates.rules import KINDS
from competition.core.access import table
from competition.core.actors import Actor
from competition.core.approvals import KINDS as APPROVALS
from competition.core.database import db
from competition.core.formats import show_date
from competition.core.refusals import SecurityRow
from competition.counting.queries import facts_about
from competition.counting.rules_periods import BAND_WORDS
from competition.counting.service import person_key_of
from competition.home.own_data import Builder, Section, Subject, when
from competition.home.own_sections import account, consents, entries, person, requests, reveals, sign_ins
from competition.home.queries import approvals_by
from competition.judging.queries_seats import sittings_of
from competition.notices.models import Message
from competition.notices.queries import messages_of
from competition.organisations.queries import region_names
from competition.organisations.rules import WORKER_GROUPS
from competition.results.queries import rows_of

# Messages of these kinds may name team mates; they stand on the page of messages alone.
ABOUT_OTHERS = ("registration.lineup", "arena.outcome")


def arena(subject: Subject) -> list[Section]:
    """Batches and stations, what happened on the day, codes once they are opened."""
    places = places_of_entries(subject.entries)
    drawn = [
        [one.contest.name, place.event.name, _("第 %(n)s 批", n=place.batch), place.station or _("比赛锁定后公布")]
        for one in subject.entries for place in places.get(one.id, [])
    ]
    happened = [[o.entrant.event.name, WORDS[o.kind], o.reason if o.entrant.entry_id else "", when(o.at)] for o in subject.outcomes]
    coded = [[code.entrant.event.name, code.layer, code.code] for code in subject.codes]
    return [
        Section("places", _("抽签结果"), (_("赛事"), _("项目"), _("批次"), _("工位")), drawn),
        Section("outcomes", _("检录和比赛当天的记录"), (_("项目"), _("记录"), _("理由"), _("时间")), happened),
        Section("codes", _("作品编码（解密后）"), (_("项目"), _("层次"), _("编码")), coded),
    ]


def results(subject: Subject) -> list[Section]:
    """Published lines, each with its calculation."""
    rows, links = [], []
    for row in rows_of(subject.actor):
        rows.append([row.publication.contest.name, row.publication.scope_name, row.public_name, row.rank or "", row.value or "",
                     row.award_name or "", row.publication.version, when(row.publication.published_at)])
        links.append((_("看计算过程"), url_for("results.own", row_id=row.id)))
    header = (_("赛事"), _("项目"), _("公布的名称"), _("名次"), _("成绩"), _("奖项"), _("版本"), _("发布时间"))
    return [Section("results", _("公布的成绩"), header, rows, links=links)]


def certificates(subject: Subject) -> list[Section]:
    """The register's lines."""
    rows, links = [], []
    for one in certificates_of(subject.actor):
        rows.append([one.contest.name, KINDS[one.kind], one.number, one.name, _state(one.state), when(one.issued_at), one.end_reason or ""])
        links.append((_("查看证书"), url_for("certificates.own", certificate_id=one.id)))
    header = (_("赛事"), _("证书"), _("编号"), _("证书上的名称"), _("状态"), _("签发时间"), _("替换或撤销的理由"))
    return [Section("certificates", _("证书"), header, rows, links=links), *_outs(subject)]


def _outs(subject: Subject) -> list[Section]:
    """What was noted about the own certificates outside: who fetched one, how the name is read, text messages."""
    own = certificates_of(subject.actor)
    numbers, ids = {one.id: one.number for one in own}, [one.id for one in own]
    fetched = db.session.scalars(select(HandOut).where(HandOut.certificate_id.in_(ids)).order_by(HandOut.noted_at))
    rows = [[numbers[one.certificate_id], _("领取登记已撤回") if one.undone_at else _("领取"), one.fetched_by, when(one.noted_at)]
            for one in fetched]
    mine = SpokenName.subject_id.in_([one.subject_id for one in own]) & (SpokenName.pinyin != "")
    read = db.session.scalars(select(SpokenName).where(mine))
    rows += [["", _("颁奖时的读音"), f"{one.name} {one.pinyin}", when(one.changed_at)] for one in read]
    told = db.session.scalars(select(Told).where(Told.certificate_id.in_(ids), Told.state == "sent"))
    rows += [[numbers[one.certificate_id], _("短信通知"), "", when(one.tried_at)] for one in told]
    return [Section("outs", _("证书的领取、读音和通知"), (_("编号"), _("事项"), _("内容"), _("时间")), rows)] if rows else []


def _state(code: str) -> str:
    return str({"issued": _("已签发"), "superseded": _("已替换"), "revoked": _("已撤销")}.get(code, code))


def participation(subject: Subject) -> list[Section]:
    """The facts by which the person counts among those who took part."""
    names = region_names()
    rows = [
        [fact.activity.contest.name, show_date(fact.present_on), names.get(code := fact.standing.place.region_code, code),
         WORKER_GROUPS.get(fact.standing.worker_group, ""), BAND_WORDS[fact.standing.age_band], when(fact.withdrawn_at)]
        for fact in facts_about([person_key_of(one) for one in subject.persons])
    ]
    header = (_("赛事"), _("到场日期"), _("工作地区"), _("所属群体"), _("年龄段"), _("不再计入的时间"))
    return [Section("participation", _("参赛统计"), header, rows, _("统计里没有姓名，只有证件号码不可还原的密文。") if rows else "")]


def messages(subject: Subject) -> list[Section]:
    """What the account was told about itself; of what may name others only that it was sent."""
    found = list(db.session.scalars(messages_of(subject.account.id)))
    rows = [[when(m.created_at), *(_told(m)), when(m.read_at)] for m in found]
    return [Section("messages", _("消息"), (_("时间"), _("标题"), _("内容"), _("阅读时间")), rows)]


def _told(message: Message) -> tuple[str, str]:
    link = message.link or ""
    if message.kind in ABOUT_OTHERS or link.startswith(("/manage", "/approvals", "/system")):
        return _("（工作消息或涉及队友，请在“消息”中查看）"), ""
    return message.title, message.body


def work(subject: Subject) -> list[Section]:
    """What somebody did here as judge or second person."""
    sat = [[one.seat.panel.event.contest.name, one.seat.panel.event.name, one.seat.panel.name, one.seat.number, one.name, one.employer,
            when(one.from_at), when(one.to_at)] for one in sittings_of(subject.account.id)]
    asked = [
        [when(a.asked_at), APPROVALS[a.kind].title if a.kind in APPROVALS else a.kind,
         _("申请") if a.asked_by == subject.account.id else _("审批"), when(a.decided_at)]
        for a in db.session.scalars(approvals_by(subject.account.id))
    ]
    header = (_("赛事"), _("项目"), _("裁判组"), _("座位"), _("登记的姓名"), _("登记的单位"), _("自"), _("至"))
    found = [
        Section("sittings", _("担任裁判的座位"), header, sat),
        Section("approvals", _("两人办理"), (_("提出时间"), _("事项"), _("我的身份"), _("办结时间")), asked),
    ]
    return [one for one in found if one.rows]


def refused(subject: Subject) -> list[Section]:
    """Attempts that were refused: kept for the security of the system."""
    titles = {name: str(act.title) for name, act in table(current_app).acts.items()}
    query = select(SecurityRow).where(SecurityRow.actor_id == subject.account.id).order_by(SecurityRow.at.desc())
    rows = [[when(row.at), titles.get(row.act, row.act), row.status] for row in db.session.scalars(query)]
    return [Section("refused", _("被拒绝的操作"), (_("时间"), _("操作"), _("结果")), rows)] if rows else []


BUILDERS: tuple[Builder, ...] = (
    person, account, consents, entries, arena, results, certificates, participation, messages, sign_ins, reveals, requests, work, refused,
)


def everything(account_: Account, actor: Actor, *, is_full: bool = False) -> list[Section]:
    """All sections, in order; ``is_full``: with the own numbers in full."""
    subject = Subject(account_, actor, is_full)
    return [section for build in BUILDERS for section in build(subject)]
