"""What the second person is shown of certificates: whose they are and what they say. Reads only."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from competition.certificates import queries, queries_templates, rules, sources
from competition.certificates.layout_words import SLOTS
from competition.certificates.models import Batch, Certificate
from competition.certificates.service_batches import is_demonstration
from competition.core.approvals import Approval
from competition.core.database import db, get
from competition.core.formats import joined, show_date
from competition.core.shown import Behind, Shown, Table
from competition.core.words import say as _


def batch(approval: Approval) -> Shown:
    """Everybody on the list, and who was left out and why."""
    found = get(Batch, uuid.UUID(approval.payload["batch"]))
    people = _people(found)
    problems = [rules.Problem(**kept) for kept in found.settings["problems"]]
    tables = [Table(_("名单（%(n)s 份）", n=len(people)), *listed(people))]
    if problems:
        tables.append(Table(_("不在这批里的 %(n)s 人", n=len(problems)), [_("姓名"), _("原因")],
                            [[one.name or "—", one.reasons] for one in problems]))
    return Shown(
        facts=[(_("批次"), found.title), (_("模板"), found.template.name),
               (_("依据"), sources.source_of(found).words()),
               (_("落款日期"), show_date(date.fromisoformat(approval.payload["dated_on"]))),
               *([(_("印章和图片"), stamped(places))] if (places := places_of(found)) else [])],
        tables=tables, links=[
            Behind(_("这一批和真实样子"), "certificates.batch", {"contest_id": found.contest_id, "batch_id": found.id}),
            *_published(found)])


def places_of(found: Batch) -> list[tuple[str, str]]:
    """What is stamped on them: the place, and the picture's name or nothing. A demonstration has a seal of its own instead."""
    places = queries_templates.standing(found.contest.host_union_id, found.template.layout, found.settings.get("pictures", {}))
    is_demo = is_demonstration(found.contest)
    return [(str(SLOTS[slot]), name) for slot, name in places if not (is_demo and slot.startswith("seal"))]


def stamped(places: Iterable[tuple[str, str]]) -> str:
    """The same in words."""
    return joined(_("%(place)s（%(name)s）", place=place, name=name or _("空着")) for place, name in places)


def _published(found: Batch) -> list[Behind]:
    if found.publication is None:
        return []
    return [Behind(_("依据的成绩"), "results.published", {
        "contest_id": found.contest_id, "scope": found.publication.scope, "version": found.publication.version})]


def _people(found: Batch) -> list[dict[str, str]]:
    """What each certificate would say; once they are issued, what it says."""
    if found.state == "prepared":
        return [one.data for one in queries.plan_of(found, checks=False).people]
    issued = select(Certificate.data).where(Certificate.batch_id == found.id).order_by(Certificate.position)
    return list(db.session.scalars(issued))


def listed(people: Sequence[Mapping[str, str]]) -> tuple[list[str], list[list[str]]]:
    """Certificates as a list: the heads, and a line for each. What none of them says has no column."""
    heads = [_("姓名或代表队"), _("担任的工作"), _("名次"), _("奖项"), _("代表团、代表队"), _("单位")]
    lines = [_line(data) for data in people]
    used = [place for place in range(len(heads)) if place == 0 or any(line[place] for line in lines)]
    return [heads[place] for place in used], [[line[place] or "—" for place in used] for line in lines]


def _line(data: Mapping[str, str]) -> list[str]:
    said = defaultdict(str, data)
    sides = " · ".join(text for text in (said["代表团"], said["代表队"]) if text and text != said["姓名"])
    return [said["姓名"], said["类别"], said["名次"], said["奖项"], sides, said["单位"]]


def blanks(layout: Mapping[str, Any], people: Iterable[Mapping[str, str]]) -> list[str]:
    """For lack of what lines stay empty, and on how many certificates."""
    lines = rules.optional_lines(layout)
    lacking = Counter(name for data in people for name in rules.left_blank(lines, data))
    return [_("%(name)s（%(n)s 份）", name=rules.PLACEHOLDERS[name], n=lacking[name]) for name in rules.PLACEHOLDERS if lacking[name]]


def certificate(approval: Approval) -> Shown:
    """One certificate to be revoked: what it says, whose it is."""
    found = get(Certificate, uuid.UUID(approval.payload["certificate"]))
    return Shown(facts=[(name, text) for name, text in found.data.items() if text], links=[_register(found)])


def replacement(approval: Approval) -> Shown:
    """What the old certificate says beside what the new one would say."""
    old = get(Certificate, uuid.UUID(approval.payload["replaces"]))
    people = _people(get(Batch, uuid.UUID(approval.payload["batch"])))
    new = people[0] if people else {}
    names = [name for name in dict.fromkeys((*old.data, *new)) if name not in rules.AT_ISSUE]
    differ = [name for name in names if old.data.get(name, "") != new.get(name, "")]
    rows = [[name, old.data.get(name) or "—", new.get(name) or "—"] for name in differ]
    same = [(name, old.data[name]) for name in names if name not in differ and old.data.get(name)]
    return Shown(facts=same, tables=[Table(_("改动"), [_("内容"), _("原证书"), _("新证书")], rows)], links=[_register(old)])


def _register(found: Certificate) -> Behind:
    return Behind(_("原证书"), "certificates.certificate", {"contest_id": found.contest_id, "certificate_id": found.id})
