"""Templates of a union: a copy becomes a draft, a draft changes step by step, a finished draft becomes the next version."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from competition.certificates import layout, queries_templates, rules
from competition.certificates.carrying import unpacked, with_pictures
from competition.certificates.models import Template
from competition.certificates.models_templates import TemplateDraft, TemplateStep
from competition.certificates.service_assets import taken_along
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken, Stale


def begin_template(
    union_id: uuid.UUID, name: str, kind: str, data: Mapping[str, Any], *, english: str | None = None, actor: Actor, at: datetime
) -> TemplateDraft:
    """A new draft from a layout, usually a copy; of either format."""
    name = _named(name)
    if kind not in rules.KINDS:
        raise RuleBroken(_("请选择证书的种类。"), code="kind", status=422, field="kind")
    wanted = _sound(union_id, layout.upgraded(data))
    with atomic() as session:
        draft = TemplateDraft(union_id=union_id, key=f"union-{uuid.uuid4().hex}", kind=kind, name_zh=name, name_en=english or None, step=1,
                              last_step=1, edits=1, changed_by=actor.id, changed_at=at)
        session.add(draft)
        session.flush()
        session.add(TemplateStep(draft_id=draft.id, number=1, layout=wanted, by_id=actor.id, at=at))
        _record("copy", draft, actor, at, layout=rules.digest_of(wanted))
    return draft


def change_template(
    draft_id: uuid.UUID, data: Mapping[str, Any], *, seen: int, name: tuple[str, str] | None = None, actor: Actor, at: datetime
) -> TemplateDraft:
    """The draft's next step. ``seen``: its ``edits`` when the page was made; one that others changed since is refused.

    ``name``: under which people choose it from the next version on, in Chinese and English.
    """
    with atomic():
        draft = _current(draft_id, seen)
        wanted = _sound(draft.union_id, data)
        what = [*(["layout"] if _step(draft, wanted, actor, at) else []), *(["name"] if _rename(draft, name) else [])]
        if what:
            draft.edits += 1
            draft.changed_by, draft.changed_at = actor.id, at
            _record("change", draft, actor, at, changed=what, step=draft.step, name=draft.name_zh, layout=rules.digest_of(wanted))
    return draft


def _step(draft: TemplateDraft, wanted: dict[str, Any], actor: Actor, at: datetime) -> bool:
    """The layout as the next step; False when it is that already."""
    if wanted == queries_templates.layout_of(draft):
        return False
    # What was taken back and is now overtaken goes; everything before it stays.
    db.session.execute(delete(TemplateStep).where(TemplateStep.draft_id == draft.id, TemplateStep.number > draft.step))
    draft.step += 1
    draft.last_step = draft.step
    db.session.add(TemplateStep(draft_id=draft.id, number=draft.step, layout=wanted, by_id=actor.id, at=at))
    return True


def _rename(draft: TemplateDraft, name: tuple[str, str] | None) -> bool:
    if name is None:
        return False
    before = draft.name_zh, draft.name_en
    draft.name_zh, draft.name_en = _named(name[0]), name[1].strip() or None
    return before != (draft.name_zh, draft.name_en)


def go_to_step(draft_id: uuid.UUID, by: int, *, seen: int, actor: Actor, at: datetime) -> TemplateDraft:
    """Take the last step back (``by=-1``), or take it again (``by=1``)."""
    with atomic():
        draft = _current(draft_id, seen)
        if not 1 <= draft.step + by <= draft.last_step:
            raise RuleBroken(_("没有可以撤销或重做的改动。"), code="no_step")
        draft.step += by
        draft.edits += 1
        draft.changed_by, draft.changed_at = actor.id, at
        _record("undo" if by < 0 else "redo", draft, actor, at, step=draft.step)
    return draft


def publish_template(draft_id: uuid.UUID, *, seen: int, actor: Actor, at: datetime) -> Template:
    """The draft as it is now becomes the next version: new batches take it, prepared and issued ones keep theirs."""
    with atomic() as session:
        draft = _current(draft_id, seen)
        wanted = _sound(draft.union_id, queries_templates.layout_of(draft))
        digest = rules.digest_of([draft.kind, draft.name_zh, draft.name_en or "", wanted])
        newest = session.scalar(select(func.max(Template.version)).where(Template.key == draft.key)) or 0
        if session.scalar(select(Template.id).where(Template.key == draft.key, Template.version == newest, Template.digest == digest)):
            raise RuleBroken(_("草稿和第 %(n)s 版相同，没有要发布的改动。", n=newest), code="same")
        found = Template(key=draft.key, version=newest + 1, kind=draft.kind, name_zh=draft.name_zh, name_en=draft.name_en, layout=wanted,
                         digest=digest, union_id=draft.union_id, created_by=actor.id, created_at=at)
        session.add(found)
        session.flush()
        audit.record("certificates.template", actor=actor, subject=("template", found.id), at=at,
                     details={"key": found.key, "version": found.version, "digest": digest, "union": str(draft.union_id)})
    return found


def _current(draft_id: uuid.UUID, seen: int) -> TemplateDraft:
    draft = get(TemplateDraft, draft_id, lock=True)
    if draft.edits != seen:
        raise Stale(_("这份草稿刚被改动过。您的改动还没有保存，请对照下面的现状再提交一次。"))
    return draft


def _sound(union_id: uuid.UUID, data: Mapping[str, Any]) -> dict[str, Any]:
    """The layout as it is kept. Raises LayoutError, also for a picture that is not this union's to show."""
    kept = layout.checked(data)
    if queries_templates.unknown_assets(union_id, kept):
        raise layout.LayoutError(_("模板用到的图片不归本单位使用：印章和签名只能用本单位的，标志和底图可以用上级的。请换一张。"))
    return kept


def _named(name: str) -> str:
    if not name.strip():
        raise RuleBroken(_("请给模板写一个名称。"), code="no_name", status=422, field="name")
    return name.strip()[:60]


def _record(act: str, draft: TemplateDraft, actor: Actor, at: datetime, **details: Any) -> None:
    db.session.flush()
    audit.record("certificates.draft", actor=actor, subject=("template_draft", draft.id), at=at,
                 details={"act": act, "union": str(draft.union_id), **details})


def take_template(union_id: uuid.UUID, data: bytes, *, actor: Actor, at: datetime) -> TemplateDraft:
    """A draft from a file that was exported here or elsewhere; its pictures become the union's."""
    found = unpacked(data)
    # Made anew one by one before the draft: what is refused leaves no draft that lacks a picture.
    digests = taken_along(union_id, found.pictures, actor=actor, at=at)
    return begin_template(union_id, found.name, found.kind, with_pictures(found.layout, digests), english=found.english, actor=actor, at=at)
