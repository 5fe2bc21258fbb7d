"""Templates of unions: drafts step by step, versions, who inherits what; pictures and printers; carried in and out."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from competition.certificates import designing, rules
from competition.certificates import queries_templates as queries
from competition.certificates import service_templates as service
from competition.certificates.carrying import packed, unpacked
from competition.certificates.layout import LayoutError, checked
from competition.certificates.models import Template
from competition.certificates.models_templates import TemplateAsset, TemplateDraft
from competition.certificates.queries import choosable_templates
from competition.certificates.ready import designed
from competition.certificates.service_assets import add_asset, clean_picture, put_in_slot, remove_asset
from competition.certificates.service_batches import prepare_from
from competition.certificates.service_printers import printers_of, remove_printer, set_printer
from competition.certificates.source_people import Appearances
from competition.core.database import get
from competition.core.errors import NotFound, RuleBroken, Stale
from tests.cast import Cast
from tests.certificates.given import demo_contest

AWARD = designed("award")


def picture(size: tuple[int, int] = (80, 40), kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#b3261e").save(out, kind, **more)
    return out.getvalue()


def begun(cast: Cast, union: str = "province", **more: Any) -> TemplateDraft:
    return service.begin_template(getattr(cast, union).id, "本会获奖证书", "award", more.pop("layout", AWARD),
                                  actor=cast.actor("organizer"), at=cast.at)


def sealed(cast: Cast, union: str = "province", kind: str = "seal", **more: Any) -> TemplateAsset:
    return add_asset(getattr(cast, union).id, more.pop("data", picture()), kind=kind, name="印章", width_mm=42,
                     actor=cast.actor("organizer"), at=cast.at, **more)


def test_a_draft_goes_back_and_forth_and_nothing_before_it_is_lost(any_cast: Cast) -> None:
    actor, at = any_cast.actor("organizer"), any_cast.at
    draft = begun(any_cast)
    second = designing.added(queries.layout_of(draft), "line")
    service.change_template(draft.id, second, seen=1, actor=actor, at=at)
    with pytest.raises(Stale):
        service.change_template(draft.id, AWARD, seen=1, actor=actor, at=at)
    service.go_to_step(draft.id, -1, seen=2, actor=actor, at=at)
    assert queries.layout_of(get(TemplateDraft, draft.id)) == checked(AWARD)
    with pytest.raises(RuleBroken, match="没有可以撤销"):
        service.go_to_step(draft.id, -1, seen=3, actor=actor, at=at)
    service.go_to_step(draft.id, 1, seen=3, actor=actor, at=at)
    assert queries.layout_of(get(TemplateDraft, draft.id)) == checked(second)
    with pytest.raises(LayoutError, match="二维码"):
        service.change_template(draft.id, designing.added(second, "qr"), seen=4, actor=actor, at=at)
    assert get(TemplateDraft, draft.id).edits == 4


def test_a_version_is_published_once_and_those_below_inherit_it(any_cast: Cast) -> None:
    actor, at = any_cast.actor("organizer"), any_cast.at
    draft = begun(any_cast)
    first = service.publish_template(draft.id, seen=1, actor=actor, at=at)
    with pytest.raises(RuleBroken, match="没有要发布的改动"):
        service.publish_template(draft.id, seen=1, actor=actor, at=at)
    service.change_template(draft.id, AWARD, name=("新名称", ""), seen=1, actor=actor, at=at)
    second = service.publish_template(draft.id, seen=2, actor=actor, at=at)
    assert [one.version for one in queries.versions_of(draft.key)] == [2, 1]
    assert get(Template, first.id).name_zh == "本会获奖证书"
    below = any_cast.county.id
    assert [one.id for one in queries.inherited_templates(below)] == [second.id]
    assert queries.get_template(below, first.id).id == first.id
    with pytest.raises(NotFound):
        queries.get_draft(below, draft.id)
    own = begun(any_cast, "county")
    mine = service.publish_template(own.id, seen=1, actor=actor, at=at)
    assert [one.id for one in queries.inherited_templates(below)] == [mine.id, second.id]
    assert [one.id for one in queries.inherited_templates(any_cast.province.id)] == [second.id]
    with pytest.raises(NotFound):
        queries.get_template(any_cast.province.id, mine.id)


def test_nobody_seals_for_the_union_above(any_cast: Cast) -> None:
    seal, logo = sealed(any_cast), sealed(any_cast, kind="logo", data=picture((60, 60)), slot="logo")
    mark = {"kind": "picture", "x": 20, "y": 20, "w": 20, "h": 20}
    with pytest.raises(LayoutError, match="印章和签名只能用本单位的"):
        begun(any_cast, "county", layout={**AWARD, "blocks": [*AWARD["blocks"], {**mark, "asset": seal.sha256}]})
    below = {**AWARD, "blocks": [*AWARD["blocks"], {**mark, "asset": logo.sha256}, {**mark, "slot": "logo"}]}
    begun(any_cast, "county", layout=below)
    assert queries.usual_pictures(any_cast.county.id, below) == {"logo": logo.sha256}
    with pytest.raises(NotFound):
        queries.get_asset(any_cast.county.id, seal.id)


def test_a_demonstration_prints_no_seal_that_a_block_names_itself(any_cast: Cast) -> None:
    seal, logo = sealed(any_cast), sealed(any_cast, kind="logo", data=picture((60, 60)))
    place = {"kind": "picture", "x": 20, "y": 20, "w": 20, "h": 20}
    layout = {**AWARD, "blocks": [*AWARD["blocks"], {**place, "asset": seal.sha256}, {**place, "asset": logo.sha256}]}
    both, slots = {seal.sha256, logo.sha256}, {"seal1": seal.sha256}
    assert queries.pictures_of(layout, slots, is_demo=False).keys() == both
    assert queries.pictures_of(layout, slots, is_demo=True).keys() == {logo.sha256}


def test_one_picture_at_a_time_stands_in_a_place(any_cast: Cast) -> None:
    actor, at = any_cast.actor("organizer"), any_cast.at
    first, second = sealed(any_cast, slot="seal1"), sealed(any_cast, data=picture((50, 50)), slot="seal1")
    union = any_cast.province.id
    assert queries.usual_pictures(union, AWARD) == {"seal1": second.sha256}
    put_in_slot(first.id, "seal1", actor=actor, at=at)
    assert queries.usual_pictures(union, AWARD) == {"seal1": first.sha256}
    assert queries.pictures_of(AWARD, {"seal1": first.sha256}, is_demo=False).keys() == {first.sha256}
    remove_asset(first.id, actor=actor, at=at)
    assert queries.usual_pictures(union, AWARD) == {}
    assert queries.standing(union, AWARD, {}) == [("seal1", "")]
    assert (sealed(any_cast).id, float(first.height_mm)) == (first.id, 21.0)
    with pytest.raises(RuleBroken, match="没有这个位置"):
        put_in_slot(second.id, "seal9", actor=actor, at=at)


def test_pictures_are_made_anew_and_drawings_refused() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "机密")
    clean = clean_picture(picture(pnginfo=words))
    assert "机密".encode() not in clean
    assert Image.open(io.BytesIO(clean_picture(picture(kind="JPEG")))).format == "PNG"
    assert max(Image.open(io.BytesIO(clean_picture(picture((5000, 10))))).size) == 3400
    for bad in (b"<?xml version='1.0'?><svg onload='x()'/>", b"GIF89a", b"", picture()[:60], b"\0" * (5 * 1024 * 1024 + 1)):
        with pytest.raises(RuleBroken):
            clean_picture(bad)


def carried(cast: Cast) -> tuple[Template, bytes]:
    seal = sealed(cast)
    layout = {**AWARD, "blocks": [*AWARD["blocks"], {"kind": "picture", "x": 20, "y": 20, "w": 42, "h": 21, "asset": seal.sha256}]}
    draft = begun(cast, layout=layout)
    found = service.publish_template(draft.id, seen=1, actor=cast.actor("organizer"), at=cast.at)
    return found, packed(found, {one.sha256: one for one in queries.named_assets(cast.province.id, found.layout)})


def test_a_template_is_carried_to_another_union_with_its_pictures(any_cast: Cast) -> None:
    found, data = carried(any_cast)
    draft = service.take_template(any_cast.county.id, data, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert (draft.name_zh, draft.kind) == (found.name_zh, found.kind)
    assert queries.layout_of(draft) == found.layout
    assert [one.union_id for one in queries.assets_of(any_cast.county.id)] == [any_cast.county.id]


def test_a_template_from_elsewhere_changes_nothing_about_a_picture_that_is_here(any_cast: Cast) -> None:
    _found, data = carried(any_cast)
    actor, at = any_cast.actor("organizer"), any_cast.at
    seal = get(TemplateAsset, queries.assets_of(any_cast.province.id)[0].id)
    again = rewritten(data, lambda about: next(iter(about["pictures"].values())).update(kind="logo", name="别的", width_mm=100))
    service.take_template(any_cast.province.id, again, actor=actor, at=at)
    assert [(one.id, one.kind, one.name, float(one.width_mm)) for one in queries.assets_of(any_cast.province.id)] == [
        (seal.id, "seal", "印章", 42.0)]


def test_a_union_issues_nothing_with_the_seal_of_the_one_above(any_cast: Cast) -> None:
    found, _data = carried(any_cast)
    assert found.id in {one.id for one in choosable_templates(any_cast.province.id)}
    # It is seen there, and cannot be chosen; whoever asks for it all the same is refused.
    assert found.id in {one.id for one in queries.inherited_templates(any_cast.county.id)}
    assert found.id not in {one.id for one in choosable_templates(any_cast.county.id)}
    contest = demo_contest(any_cast, host=any_cast.county)
    with pytest.raises(RuleBroken) as refused:
        prepare_from(Appearances(contest.id), found.id, title="测试", actor=any_cast.actor("organizer"), at=any_cast.at)
    assert refused.value.code == "not_your_seal"


Change = Callable[[dict[str, Any]], None]


def rewritten(data: bytes, change: Change) -> bytes:
    """A carried template whose description somebody changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other:
        about = json.loads(whole.read("layout.json"))
        change(about)
        other.writestr("layout.json", json.dumps(about))
        for name in whole.namelist()[1:]:
            other.writestr(name, whole.read(name))
    return out.getvalue()


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda about: about.update(what="x"), "不是证书模板文件"), (lambda about: about.update(kind="x"), "不是证书模板文件"),
    (lambda about: about.update(more=1), "不是证书模板文件"), (lambda about: about["layout"].update(css="@import"), "css不认识"),
    (lambda about: about["pictures"].clear(), "缺少模板用到的图片"),
    (lambda about: next(iter(about["pictures"].values())).update(kind="x"), "用途不明"),
    (lambda about: about.update(pad="x" * 500_000), "过大"),
])
def test_hostile_files_are_refused(cast: Cast, change: Change, sentence: str) -> None:
    _found, data = carried(cast)
    with pytest.raises(RuleBroken, match=sentence):
        unpacked(rewritten(data, change))


def test_what_is_no_such_file_is_refused_and_bombs_do_not_unpack() -> None:
    for bad in (b"", b"PK\x03\x04", b"%PDF-", json.dumps(AWARD).encode(), b"\0" * (20 * 1024 * 1024 + 1)):
        with pytest.raises(RuleBroken):
            unpacked(bad)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("layout.json", b" " * 30_000_000)
    with pytest.raises(RuleBroken, match="过大"):
        unpacked(out.getvalue())


def test_files_that_are_locked_broken_or_packed_otherwise_are_refused(cast: Cast) -> None:
    _found, data = carried(cast)
    locked = bytearray(data)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        locked[locked.find(mark) + (6 if mark == b"PK\x03\x04" else 8)] |= 1
    first = data.find(b"layout.json") + len("layout.json")
    broken = data[:first] + b"\xff" * 40 + data[first + 40:]
    otherwise = []
    for way in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", way) as whole:
            whole.writestr("layout.json", b" " * 100_000)
        otherwise.append(out.getvalue())
    for bad in (bytes(locked), broken, *otherwise):
        with pytest.raises(RuleBroken, match="不是证书模板文件"):
            unpacked(bad)


def test_printers_keep_how_far_they_are_off(any_cast: Cast) -> None:
    actor, at, union = any_cast.actor("organizer"), any_cast.at, any_cast.province.id
    first = set_printer(union, "文印室", 1.24, -0.5, actor=actor, at=at)
    assert set_printer(union, "文印室", 2, 0, actor=actor, at=at).id == first.id
    for bad in (("", 0, 0), ("x", 21, 0), ("x", 0, float("nan"))):
        with pytest.raises(RuleBroken):
            set_printer(union, *bad, actor=actor, at=at)
    assert [(one.name, float(one.right_mm)) for one in printers_of(union)] == [("文印室", 2.0)]
    with pytest.raises(NotFound):
        remove_printer(any_cast.county.id, first.id, actor=actor, at=at)
    remove_printer(union, first.id, actor=actor, at=at)
    assert printers_of(union) == []


def test_blocks_are_read_back_as_they_were_typed() -> None:
    for block in checked(AWARD)["blocks"]:
        again = designing.read_block(block["kind"], designing.typed_of(block))
        assert checked({**AWARD, "blocks": [again if one is block else one for one in checked(AWARD)["blocks"]]}) == checked(AWARD)


@pytest.mark.parametrize("turn", ["landscape", "portrait"])
def test_on_other_paper_everything_stays_on_it(turn: str) -> None:
    changed = checked(designing.with_page(AWARD, "A3", turn, "3", "zh-en"))
    assert rules.page_size(changed) == ((420, 297) if turn == "landscape" else (297, 420))
    assert changed["blocks"][0].get("style", "") == ("" if turn == "landscape" else "portrait")
    assert checked(designing.with_page(changed, "A3", turn, "3", "zh-en")) == changed
    with pytest.raises(LayoutError, match="出血"):
        checked(designing.with_page(AWARD, "A4", "landscape", "x", "zh"))


def test_blocks_are_copied_moved_and_taken_away() -> None:
    layout = checked(AWARD)
    assert len(designing.copied(layout, 3)["blocks"]) == len(layout["blocks"]) + 1
    assert designing.shifted(designing.shifted(layout, 3, 1), 4, -1) == layout
    assert designing.shifted(layout, 0, -1) == layout
    assert len(designing.removed(layout, 0)["blocks"]) == len(layout["blocks"]) - 1
    with pytest.raises(RuleBroken, match="没有这一块"):
        designing.removed(layout, 99)
