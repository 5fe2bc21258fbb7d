"""Reads: a union's templates and what it inherits, drafts and their steps, pictures."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from competition.certificates.models import Template
from competition.certificates.models_templates import TemplateAsset, TemplateDraft, TemplateStep
from competition.core import files
from competition.core.database import db
from competition.core.errors import NotFound
from competition.organisations.queries import ancestor_ids

INHERITED = ("logo", "background")


def inherited_templates(union_id: uuid.UUID) -> list[Template]:
    """The newest versions of the templates of a union and of those above it, the nearest union's first."""
    order = {union: place for place, union in enumerate(ancestor_ids(union_id))}
    later = aliased(Template)
    newest = ~select(later.id).where(later.key == Template.key, later.version > Template.version).exists()
    found = db.session.scalars(select(Template).where(Template.union_id.in_(order), newest))
    return sorted(found, key=lambda one: (order[one.union_id] if one.union_id else 0, one.name_zh, one.key))


def get_template(union_id: uuid.UUID, template_id: uuid.UUID) -> Template:
    """A template of ours, of this union or of one above it; raises NotFound."""
    found = db.session.get(Template, template_id)
    if found is None or found.union_id not in {None, *ancestor_ids(union_id)}:
        raise NotFound(_("没有找到这份证书模板，它可能属于另一个单位。"))
    return found


def versions_of(key: str) -> list[Template]:
    """All versions of a template, newest first."""
    return list(db.session.scalars(select(Template).where(Template.key == key).order_by(Template.version.desc())))


def drafts_of(union_id: uuid.UUID) -> list[TemplateDraft]:
    """What a union works on, last changed first."""
    query = select(TemplateDraft).where(TemplateDraft.union_id == union_id)
    return list(db.session.scalars(query.order_by(TemplateDraft.changed_at.desc(), TemplateDraft.id)))


def get_draft(union_id: uuid.UUID, draft_id: uuid.UUID) -> TemplateDraft:
    """A draft of this union itself; raises NotFound."""
    found = db.session.get(TemplateDraft, draft_id)
    if found is None or found.union_id != union_id:
        raise NotFound(_("没有找到这份模板草稿，它可能属于另一个单位。"))
    return found


def layout_of(draft: TemplateDraft) -> dict[str, Any]:
    """The layout that the draft shows now."""
    query = select(TemplateStep.layout).where(TemplateStep.draft_id == draft.id, TemplateStep.number == draft.step)
    found: dict[str, Any] = db.session.scalars(query).one()
    return found


def assets_of(union_id: uuid.UUID) -> list[TemplateAsset]:
    """The pictures that a union itself keeps."""
    query = select(TemplateAsset).where(TemplateAsset.union_id == union_id, TemplateAsset.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(TemplateAsset.kind, TemplateAsset.name, TemplateAsset.id)))


def usable_assets(union_id: uuid.UUID) -> list[TemplateAsset]:
    """The pictures that a union may put on paper: its own, and logos and backgrounds of the unions above it, the nearest first."""
    order = {union: place for place, union in enumerate(ancestor_ids(union_id))}
    found = db.session.scalars(select(TemplateAsset).where(_usable(union_id, order), TemplateAsset.removed_at.is_(None)))
    return sorted(found, key=lambda one: (order[one.union_id], one.kind, one.name, one.sha256))


def _usable(union_id: uuid.UUID, above: Iterable[uuid.UUID]) -> ColumnElement[bool]:
    # Nobody seals or signs for a union over him.
    return (TemplateAsset.union_id == union_id) | TemplateAsset.union_id.in_(list(above)) & TemplateAsset.kind.in_(INHERITED)


def get_asset(union_id: uuid.UUID, asset_id: uuid.UUID) -> TemplateAsset:
    """A picture that this union may show; raises NotFound."""
    found = db.session.scalars(select(TemplateAsset).where(
        TemplateAsset.id == asset_id, _usable(union_id, ancestor_ids(union_id)))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这张图片，它可能属于另一个单位。"))
    return found


def own_asset(union_id: uuid.UUID, asset_id: uuid.UUID) -> TemplateAsset:
    """A picture of this union itself, which it may change; raises NotFound."""
    found = get_asset(union_id, asset_id)
    if found.union_id != union_id:
        raise NotFound(_("没有找到这张图片，它可能属于另一个单位。"))
    return found


def named_assets(union_id: uuid.UUID, layout: Mapping[str, Any]) -> list[TemplateAsset]:
    """The pictures that a layout names, also those that are offered no more."""
    query = select(TemplateAsset).where(_usable(union_id, ancestor_ids(union_id)), TemplateAsset.sha256.in_(_assets_in(layout)))
    return list(db.session.scalars(query.options(joinedload(TemplateAsset.file))))


def usual_pictures(union_id: uuid.UUID, layout: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the places of a layout unless somebody chooses otherwise: slot to hash.

    A seal and a signature are the union's own; only a logo also comes from a union above.
    """
    named = {block["slot"] for block in layout["blocks"] if block.get("slot")}
    own = {asset.slot: asset.sha256 for asset in assets_of(union_id) if asset.slot in named}
    if "logo" in named and "logo" not in own:
        above = next((asset.sha256 for asset in usable_assets(union_id) if asset.slot == "logo"), None)
        own.update({"logo": above} if above else {})
    return own


def pictures_of(layout: Mapping[str, Any], slots: Mapping[str, str], *, is_demo: bool) -> dict[str, bytes]:
    """The bytes of every picture that is printed, by hash. A demonstration is sealed by nobody, whether a block names the
    seal itself or a place for it."""
    named = _assets_in(layout) | {slots[block["slot"]] for block in layout["blocks"] if block.get("slot") in slots}
    if is_demo:
        named -= set(db.session.scalars(select(TemplateAsset.sha256).where(
            TemplateAsset.sha256.in_(named), TemplateAsset.kind == "seal")))
    return {digest: files.read_bytes(digest) for digest in sorted(named)}


def standing(union_id: uuid.UUID, layout: Mapping[str, Any], slots: Mapping[str, str]) -> list[tuple[str, str]]:
    """The places of a layout, each with the name of the picture that stands there; empty where none does."""
    places = dict.fromkeys(block["slot"] for block in layout["blocks"] if block.get("slot"))
    query = select(TemplateAsset).where(_usable(union_id, ancestor_ids(union_id)), TemplateAsset.sha256.in_(slots.values()))
    names = {asset.sha256: asset.name for asset in db.session.scalars(query)}
    return [(slot, names.get(slots.get(slot, ""), "")) for slot in places]


def unknown_assets(union_id: uuid.UUID, layout: Mapping[str, Any]) -> set[str]:
    """The hashes that a layout names and that are no pictures for this union to show."""
    return _assets_in(layout) - _known_assets(union_id)


def printable_templates(union_id: uuid.UUID) -> list[Template]:
    """Of ``inherited_templates`` those that this union may print: with nobody's seal or signature but its own."""
    known = _known_assets(union_id)
    return [one for one in inherited_templates(union_id) if _assets_in(one.layout) <= known]


def _assets_in(layout: Mapping[str, Any]) -> set[str]:
    return {block["asset"] for block in layout["blocks"] if block.get("asset")}


def _known_assets(union_id: uuid.UUID) -> set[str]:
    return set(db.session.scalars(select(TemplateAsset.sha256).where(_usable(union_id, ancestor_ids(union_id)))))
