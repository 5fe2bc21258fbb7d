"""A batch before it is issued: who is in it, who is left out and why, and the request for a second person."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from competition.certificates import layout, plan, queries, queries_templates, ready, rules, source_people, source_roster, sources
from competition.certificates.models import Batch, Template
from competition.certificates.source import Source
from competition.certificates.source_published import Only, Published, newest_version
from competition.contests.models import Contest
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.approvals import Approval
from competition.core.config import Settings
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.formats import in_zone
from competition.results.book import name_of
from competition.results.models import Publication


def is_demonstration(contest: Contest) -> bool:
    """Must everything about this contest's certificates say that it is no real one?"""
    settings: Settings = current_app.extensions["settings"]
    return contest.is_demo or settings.demo


def has_address(contest: Contest) -> bool:
    """Is it known where this contest's certificates are verified? A demonstration's at its own address."""
    settings: Settings = current_app.extensions["settings"]
    return bool(settings.public_url) or is_demonstration(contest)


def public_address(contest: Contest) -> str:
    """What the codes on paper begin with, for years; raises RuleBroken when nobody has set it."""
    settings: Settings = current_app.extensions["settings"]
    if settings.public_url:
        return settings.public_url
    if has_address(contest):
        return settings.own_url
    raise RuleBroken(
        _("还没有设置公开网址，证书上的二维码没有地址可印。请系统管理员设置 COMP_PUBLIC_URL（例如 https://竞赛系统的域名）后再申请签发。"),
        code="no_public_url")


def ensure_ready_templates(at: datetime) -> list[Template]:
    """The rows of the ready-made templates; a changed one becomes the next version. Writes only what is missing."""
    with atomic() as session:
        found = []
        for kind in ready.READY:
            wanted = queries.new_ready_template(kind, at)
            row = db.session.get(Template, wanted.id)
            if row is None:
                layout.checked(wanted.layout)
                wanted.version = 1 + (session.scalar(select(func.max(Template.version)).where(Template.key == wanted.key)) or 0)
                session.add(wanted)
                session.flush()
                audit.record("certificates.template", actor=SYSTEM, subject=("template", wanted.id), at=at,
                             details={"key": wanted.key, "version": wanted.version, "digest": wanted.digest})
                row = wanted
            found.append(row)
    return found


def prepare_batch(
    publication_id: uuid.UUID, template_id: uuid.UUID, *, title: str, actor: Actor, at: datetime,
    rows: Sequence[uuid.UUID] | None = None, dated_on: date | None = None,
) -> Batch:
    """Put a batch together from a publication: nobody is issued anything yet.

    Whoever lacks a field, has a character that no font has, a text too long for its place, or a valid
    certificate already, is left out and stands in ``settings["problems"]``. ``rows`` narrows the lines,
    ``dated_on`` is the day on the certificates (today in the contest's zone).
    """
    source = Published(get(Publication, publication_id))
    keys = None if rows is None else [str(row) for row in rows]
    return prepare_from(source, template_id, title=title, actor=actor, at=at, keys=keys, dated_on=dated_on)


def prepare_from(
    source: Source, template_id: uuid.UUID, *, title: str, actor: Actor, at: datetime, keys: Collection[str] | None = None,
    dated_on: date | None = None,
) -> Batch:
    """Put a batch together from any source, as :func:`prepare_batch` does from a publication."""
    ensure_ready_templates(at)
    contest = get(Contest, source.contest_id)
    check_source(source)
    template = _printable(contest.host_union_id, template_id)
    day = dated_on or in_zone(at, contest.zone).date()
    if not title.strip():
        raise RuleBroken(_("请给这批证书写一个名称。"), code="no_title", status=422, field="title")
    # Reading fonts and hundreds of lines takes longer than the database may be held.
    made = plan.make_plan(source, template, day, keys=keys)
    if not made.people and not made.problems:
        raise nobody_in(source)
    with atomic():
        check_source(source)
        # What is stamped on them is frozen with who is on the list.
        settings = {"dated_on": day.isoformat(), "pictures": queries_templates.usual_pictures(contest.host_union_id, template.layout)}
        return add_batch(source, template, title.strip(), made, settings, actor, at)


def _printable(union_id: uuid.UUID, template_id: uuid.UUID) -> Template:
    """A template that this union may issue with. Raises RuleBroken for one that carries another union's seal."""
    template = queries_templates.get_template(union_id, template_id)
    if queries_templates.unknown_assets(union_id, template.layout):
        raise RuleBroken(_("这份模板里有上级单位的印章或签名，只能由上级单位用来签发。请换一份，或请上级单位改成签发时放入。"),
                         code="not_your_seal", status=403, field="template")
    return template


def nobody_in(source: Source) -> RuleBroken:
    """Why a source names nobody for a kind of certificate."""
    words = {
        "appearances": _("还没有人检录到场：到场名单来自检录记录。"),
        "judges": _("裁判组里还没有人就座：裁判名单来自裁判组的座位。"),
        "volunteers": _("本赛事还没有工作人员的角色。没有账号的志愿者，请用表格导入名单。"),
        "units": _("请至少选择一个单位。"),
    }
    if isinstance(source, Published) and source.only != Only():
        return RuleBroken(_("所选成绩中没有符合所选奖项、名次的人，请改选。"), code="nobody", status=422, field="awards")
    otherwise = _("所选成绩中没有可以颁发这种证书的人：获奖证书只发给有奖项的，缺考、弃权、取消资格和取消成绩的不发证书。")
    return RuleBroken(words.get(source.scope, otherwise), code="nobody", status=422)


def prepare_units(
    contest_id: uuid.UUID, chosen: Collection[str], award: str, template_id: uuid.UUID, *, title: str, actor: Actor, at: datetime,
    dated_on: date | None = None,
) -> Batch:
    """Put a batch together for chosen unions; ``award`` is what they are honoured with."""
    source = source_people.Units(contest_id, chosen, award.strip())
    return prepare_from(source, template_id, title=title, actor=actor, at=at, dated_on=dated_on)


def prepare_roster(
    contest_id: uuid.UUID, data: bytes, file_name: str, template_id: uuid.UUID, *, title: str, actor: Actor, at: datetime,
    dated_on: date | None = None,
) -> Batch:
    """Put a batch together from a workbook; raises RuleBroken when a line of it is not sound: all or nothing."""
    _columns, lines = source_roster.read(data)
    if wrong := sum(1 for line in lines if line.errors):
        raise RuleBroken(_("有 %(n)s 行需要修改，没有准备任何证书。", n=wrong), code="bad_rows", status=422, field="file")
    source = source_roster.Roster(contest_id, source_roster.settings_of(data, file_name, lines))
    return prepare_from(source, template_id, title=title, actor=actor, at=at, dated_on=dated_on)


def add_batch(
    source: Source, template: Template, title: str, made: plan.Plan, settings: Mapping[str, Any], actor: Actor, at: datetime,
) -> Batch:
    """The row of a prepared batch, with its audit row."""
    publication_id = source.publication.id if isinstance(source, Published) else None
    only = {"only": source.only.as_data()} if isinstance(source, Published) and source.only != Only() else {}
    kept = {**only, "letters": made.letters, "rows": [p.key for p in made.people], "problems": [p.as_data() for p in made.problems]}
    batch = Batch(
        contest_id=source.contest_id, publication_id=publication_id, template_id=template.id, title=title, state="prepared",
        settings={**settings, **kept, **({"source": source.settings} if source.settings else {})}, prepared_by=actor.id, created_at=at,
    )
    db.session.add(batch)
    db.session.flush()
    audit.record("certificates.prepare", actor=actor, subject=("batch", batch.id), at=at, chain=batch.contest_id,
                 details={"publication": publication_id and str(publication_id), "source": source.scope,
                          "template": template.digest, "title": title, "people": len(made.people), "left_out": len(made.problems)})
    return batch


def check_source(source: Source) -> None:
    """Raise when a source does not hold any more; only publications are replaced."""
    if isinstance(source, Published):
        check_in_force(source.publication)


def check_in_force(publication: Publication) -> None:
    """Raise when a newer version of the ranking has been published."""
    newest = newest_version(publication)
    if newest != publication.version:
        raise RuleBroken(
            _("“%(name)s”的成绩已更正为第 %(newest)s 版，不能再按第 %(old)s 版颁发证书。请用新版重新准备。", name=name_of(publication),
              newest=newest, old=publication.version), code="superseded")


def ask_issue(batch_id: uuid.UUID, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to issue exactly what the batch holds now."""
    # Before the database is held: what changes from here on no longer has the digest that is asked for.
    payload = issue_payload(get(Batch, batch_id))
    with atomic():
        batch = get(Batch, batch_id, lock=True)
        check_prepared(batch)
        return approvals.ask(queries.ISSUE, subject=("batch", batch.id), payload=payload, reason=reason, actor=actor, at=at,
                             chain=batch.contest_id)


def check_prepared(batch: Batch) -> None:
    """Raise unless the batch waits to be asked for."""
    if batch.state != "prepared":
        raise RuleBroken(_("这批证书已经签发或作废，不能再次申请。"), code="not_prepared")


def issue_payload(batch: Batch) -> dict[str, Any]:
    """What the second person approves; raises RuleBroken when the batch cannot be issued."""
    check_prepared(batch)
    check_source(sources.source_of(batch))
    public_address(get(Contest, batch.contest_id))
    now = queries.plan_of(batch)
    if not batch.settings["rows"]:
        raise RuleBroken(_("这批证书里没有可以签发的人，请先解决名单中的问题，再重新准备。"), code="nobody")
    if len(now.people) != len(batch.settings["rows"]):
        raise RuleBroken(_("准备之后名单有变化（有人已在别处领到同类证书，或资料缺失），请重新准备这批证书。"), code="plan_changed")
    return {"batch": str(batch.id), "title": batch.title, "template": batch.template.name_zh, "dated_on": batch.settings["dated_on"],
            "pictures": batch.settings.get("pictures", {}), "count": len(now.people), "plan": now.digest,
            "frozen": frozen_digest(batch)}


def frozen_digest(batch: Batch) -> str:
    """The hash of what all certificates of a batch share: their template as it is, its day, its pictures, what draws its letters."""
    settings, template = batch.settings, batch.template
    return rules.digest_of([template.key, template.version, template.digest, template.layout, settings["dated_on"],
                            settings.get("pictures", {}), settings.get("letters", {})])


def prepare_anew(batch_id: uuid.UUID, *, actor: Actor, at: datetime) -> Batch:
    """A prepared batch with its list read again, in place of the old one: after a lack was mended, a template or a ranking changed.

    Raises RuleBroken for one that is issued, waits for the second person, or corrects a single certificate.
    """
    ensure_ready_templates(at)
    old = get(Batch, batch_id)
    check_prepared(old)
    if old.settings.get("replaces"):
        raise RuleBroken(_("这是一份更正，不是名单。请作废它，再从原证书重新申请更正。"), code="replacement")
    source, title, day = _source_now(old), old.title, date.fromisoformat(old.settings["dated_on"])
    contest = get(Contest, old.contest_id)
    newest = next((one for one in queries.choosable_templates(contest.host_union_id) if one.key == old.template.key), old.template)
    template = _printable(contest.host_union_id, newest.id)
    made = plan.make_plan(source, template, day)
    with atomic():
        _discard(get(Batch, batch_id, lock=True), actor, at)
        check_source(source)
        settings = {"dated_on": day.isoformat(), "pictures": queries_templates.usual_pictures(contest.host_union_id, template.layout)}
        return add_batch(source, template, title, made, settings, actor, at)


def _source_now(batch: Batch) -> Source:
    """What the batch was made from; of a ranking the version that is in force."""
    found = sources.source_of(batch)
    if isinstance(found, Published):
        same = (one for one in queries.current_publications(batch.contest_id) if one.scope == found.publication.scope)
        return Published(next(same, found.publication), found.only)
    return found


def discard_batch(batch_id: uuid.UUID, *, actor: Actor, at: datetime) -> Batch:
    """A prepared batch is not wanted any more. Nothing issued can be discarded."""
    with atomic():
        batch = get(Batch, batch_id, lock=True)
        _discard(batch, actor, at)
    return batch


def _discard(batch: Batch, actor: Actor, at: datetime) -> None:
    if batch.state != "prepared":
        raise RuleBroken(_("已经签发的证书不能作废整批，只能逐份撤销。"), code="not_prepared")
    if approvals.open_request(queries.ISSUE, batch.id):
        raise RuleBroken(_("这批证书正在等待第二人批准，请先由申请人撤回申请。"), code="already_asked")
    batch.state = "discarded"
    if (source := batch.settings.get("source")) and "lines" in source:
        # Nothing was issued of it, so nobody needs the names any more.
        batch.settings = {**batch.settings, "source": {**source, "lines": []}, "problems": [], "rows": [], "letters": {}}
    audit.record("certificates.discard", actor=actor, subject=("batch", batch.id), at=at, chain=batch.contest_id)
