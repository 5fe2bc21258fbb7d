"""A union's own fonts, and pictures of characters that no font has: what is taken, what is refused, what is printed."""

import html
import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from urllib.parse import unquote

import pikepdf
import pytest
from flask.testing import FlaskClient
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw
from sqlalchemy import select

from competition.certificates import service, service_fonts
from competition.certificates.font_child import ranges
from competition.certificates.letters import letters_for, usable_fonts
from competition.certificates.models import Batch, Template
from competition.certificates.models_fonts import GlyphPicture, UnionFont
from competition.certificates.queries import ready_template
from competition.certificates.ready import READY
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.pictures import text_of
from competition.organisations.models import Union
from competition.results.models import Publication, PublishedRow
from tests.cast import Cast
from tests.certificates.given import asked, certificates, prepared, print_all, published

NO_FONT_HAS_IT = "\U000323af"
FAMILY = "测试仿宋"
CHARACTERS = f"王小明：{NO_FONT_HAS_IT}AB"


@cache
def font(family: str = FAMILY, rights: int = 0, characters: str = CHARACTERS) -> bytes:
    """A font of a few boxes; everything that a real one has."""
    names = [".notdef", *(f"g{n}" for n in range(len(characters)))]
    pen = TTGlyphPen(None)
    for n, point in enumerate([(100, 0), (100, 800), (900, 800), (900, 0)]):
        (pen.lineTo if n else pen.moveTo)(point)
    pen.closePath()
    builder, box = FontBuilder(1000), pen.glyph()
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): names[n] for n, char in enumerate(characters, 1)})
    builder.setupGlyf(dict.fromkeys(names, box))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": {"en": "Test FangSong", "zh": family}, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120, fsType=rights)
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def changed(change: Callable[[TTFont], object]) -> bytes:
    whole, out = TTFont(io.BytesIO(font())), io.BytesIO()
    change(whole)
    whole.save(out)
    return out.getvalue()


def glyph(text: str = "某", *, turn: int = 0) -> bytes:
    """A picture of something dark on light; ``turn``: another one."""
    image, out = Image.new("L", (300, 200), 250), io.BytesIO()
    if text:
        ImageDraw.Draw(image).rectangle((120, 60, 180, 160 - 20 * turn), outline=10, width=12)
    image.save(out, "PNG")
    return out.getvalue()


def added(cast: Cast, union: Union, data: bytes | None = None) -> UnionFont:
    return service_fonts.add_font(union.id, service_fonts.take_font(data or font()), "授权书 2026-1", actor=cast.actor("clerk"), at=cast.at)


def own_template(cast: Cast, union: Union) -> Template:
    """The ready-made one with the name in the union's font."""
    blocks = [{**block, "font": FAMILY} if "{姓名}：" in block.get("texts", ()) else block for block in READY["award"][2]["blocks"]]
    layout = {**READY["award"][2], "blocks": blocks}
    with atomic() as session:
        row = Template(key="own", version=1, kind="award", name_zh="本级获奖证书", layout=layout, digest="0" * 64, union_id=union.id,
                       created_at=cast.at)
        session.add(row)
        session.flush()
        audit.record("test.template", actor=SYSTEM, subject=("template", row.id), at=cast.at)
    return row


def printed(cast: Cast, batch: Batch) -> list[bytes]:
    approvals.decide(asked(cast, batch).id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    print_all(batch)
    assert [c.error for c in certificates(batch) if c.error] == []
    return [c.file.read() for c in certificates(batch) if c.file]


def rows_of(publication: Publication) -> list[PublishedRow]:
    return list(db.session.scalars(select(PublishedRow).where(PublishedRow.publication_id == publication.id)))


def fonts_in(data: bytes) -> str:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return " ".join(str(each.get("/BaseFont", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary))


def test_ranges_are_written_without_gaps() -> None:
    assert ranges([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    assert ranges([5]) == [(5, 5)]


def test_a_font_is_taken_with_its_name_and_written_anew(cast: Cast) -> None:
    sent = changed(lambda whole: whole["name"].setName("秘密作者", 9, 3, 1, 0x804))
    row = added(cast, cast.county, sent)
    assert (row.family, row.count, row.licence) == (FAMILY, len(CHARACTERS), "授权书 2026-1")
    assert row.file.media_type == "font/ttf"
    assert row.sample.read()[:4] == b"\x89PNG"
    assert len(TTFont(io.BytesIO(row.file.read())).getGlyphOrder()) == len(CHARACTERS) + 1


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("data", "code"), [
    (lambda: b"ttcf" + font()[4:], "font_kind"),
    (lambda: b"wOF2" + font()[4:], "font_kind"),
    (lambda: b"%PDF-1.7", "font_kind"),
    (lambda: font()[:len(font()) // 2], "font_broken"),
    (lambda: b"\0\1\0\0" + bytes(4000), "font_broken"),
    (lambda: changed(lambda whole: whole.__delitem__("cmap")), "font_broken"),
    (lambda: font(rights=0x0002), "font_rights"),
    (lambda: font(rights=0x0108), "font_rights"),
    (lambda: font(rights=0x0200), "font_rights"),
    (lambda: font(family="LXGW WenKai"), "font_ours"),
    (lambda: bytes(21 * 1024**2), "font_too_large"),
])
def test_a_font_that_cannot_be_used_is_refused_with_the_reason(data: Callable[[], bytes], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        service_fonts.take_font(data())
    assert refused.value.code == code


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("rights", [0, 0x0004, 0x0008, 0x000A])
def test_a_font_that_may_be_embedded_is_taken(rights: int) -> None:
    assert service_fonts.take_font(font(rights=rights)).family == FAMILY


def test_templates_below_a_union_use_its_fonts_and_no_others_do(cast: Cast) -> None:
    row = added(cast, cast.county)
    assert [font.id for font in usable_fonts(cast.county.id)] == [row.id]
    assert usable_fonts(cast.province.id) == []
    assert usable_fonts(None) == []
    above = added(cast, cast.province)
    assert [font.id for font in usable_fonts(cast.county.id)] == [row.id]
    service_fonts.end_font(row.id, actor=cast.actor("clerk"), at=cast.at)
    assert [font.id for font in usable_fonts(cast.county.id)] == [above.id]
    with pytest.raises(RuleBroken, match="已经停用"):
        service_fonts.end_font(row.id, actor=cast.actor("clerk"), at=cast.at)


def test_a_second_font_of_the_same_name_takes_the_place_of_the_first(cast: Cast) -> None:
    first = added(cast, cast.county)
    second = added(cast, cast.county)
    assert get(UnionFont, first.id).ended_at is not None
    assert [font.id for font in usable_fonts(cast.county.id)] == [second.id]


def test_certificates_are_printed_in_the_font_that_the_batch_was_prepared_with(cast: Cast) -> None:
    publication = published(cast, 2, names={1: f"王{NO_FONT_HAS_IT}", 2: "张小明"})
    row, template = added(cast, cast.province), own_template(cast, cast.province)
    batch = service.prepare_batch(publication.id, template.id, title="测试", actor=cast.actor("organizer"), at=cast.at)
    # The font has the character, so nobody is left out.
    assert batch.settings["problems"] == []
    assert batch.settings["letters"]["fonts"] == {FAMILY: row.file.sha256}
    one, two = printed(cast, batch)
    assert f"王{NO_FONT_HAS_IT}：" in "".join(text_of(one).split())
    assert "张小明：" in "".join(text_of(two).split())
    assert "LXGW" in fonts_in(one)


def test_a_font_of_the_host_draws_what_ours_lack_in_any_template(cast: Cast) -> None:
    publication = published(cast, 2, names={1: f"王{NO_FONT_HAS_IT}", 2: "张小明"})
    row = added(cast, cast.province)
    batch = prepared(cast, publication)
    assert batch.settings["letters"]["fonts"] == {FAMILY: row.file.sha256}
    one, two = printed(cast, batch)
    assert f"王{NO_FONT_HAS_IT}：" in "".join(text_of(one).split())
    assert (FAMILY in fonts_in(one), FAMILY in fonts_in(two)) == (True, False)


def test_without_the_font_the_character_is_missing_again(cast: Cast) -> None:
    publication = published(cast, 1, names={1: f"王{NO_FONT_HAS_IT}"})
    row, template = added(cast, cast.province), own_template(cast, cast.province)
    service_fonts.end_font(row.id, actor=cast.actor("clerk"), at=cast.at)
    batch = service.prepare_batch(publication.id, template.id, title="测试", actor=cast.actor("organizer"), at=cast.at)
    assert [problem["glyphs"] for problem in batch.settings["problems"]] == [NO_FONT_HAS_IT]


def test_a_picture_stands_for_the_character_of_one_name_and_is_copied_as_it(cast: Cast) -> None:
    publication = published(cast, 2, names={1: f"王{NO_FONT_HAS_IT}", 2: f"李{NO_FONT_HAS_IT}"})
    picture = service_fonts.add_picture(publication.contest_id, f"王{NO_FONT_HAS_IT}", NO_FONT_HAS_IT, glyph(),
                                        actor=cast.actor("organizer"), at=cast.at)
    batch = prepared(cast, publication)
    assert [(problem["name"], problem["glyphs"]) for problem in batch.settings["problems"]] == [(f"李{NO_FONT_HAS_IT}", NO_FONT_HAS_IT)]
    # What is ended later is printed all the same: this is what was prepared and will be approved.
    approval = asked(cast, batch)
    service_fonts.end_picture(publication.contest_id, picture.id, actor=cast.actor("organizer"), at=cast.at)
    approvals.decide(approval.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    print_all(batch)
    [certificate] = certificates(batch)
    assert certificate.file is not None, certificate.error
    assert f"王{NO_FONT_HAS_IT}：" in "".join(text_of(certificate.file.read()).split())
    assert letters_for(None, publication.contest_id).glyphs == {}


@pytest.mark.parametrize(("name", "char", "data", "code"), [
    ("王小明", NO_FONT_HAS_IT, glyph(), "not_in_name"),
    ("王小明", "小明", glyph(), "not_in_name"),
    ("王小明", "明", glyph(), "glyph_known"),
    (f"王{NO_FONT_HAS_IT}", NO_FONT_HAS_IT, glyph(""), "no_glyph"),
    (f"王{NO_FONT_HAS_IT}", NO_FONT_HAS_IT, b"<svg/>", "file_kind"),
])
def test_a_picture_that_stands_for_nothing_is_refused(cast: Cast, name: str, char: str, data: bytes, code: str) -> None:
    contest = published(cast, 1).contest_id
    with pytest.raises(RuleBroken) as refused:
        service_fonts.add_picture(contest, name, char, data, actor=cast.actor("organizer"), at=cast.at)
    assert refused.value.code == code


def test_a_picture_becomes_a_black_square_on_nothing() -> None:
    with Image.open(io.BytesIO(service_fonts.glyph_of(glyph()))) as found:
        assert (found.size, found.mode) == ((512, 512), "LA")
        assert found.getchannel("A").getbbox() is not None
        assert found.getchannel("L").getextrema() == (0, 0)


def test_a_clerk_adds_a_font_and_ends_it(client: FlaskClient, cast: Cast) -> None:
    office, page = cast.sign_in(client, cast.account("clerk")), f"/manage/unions/{cast.province.id}/fonts"
    assert office.post(page, data={"file": (io.BytesIO(b"no font"), "a.ttf"), "licence": "授权书"}).status_code == 422
    assert office.post(page, data={"file": (io.BytesIO(font()), "a.ttf"), "licence": ""}).status_code == 422
    assert office.post(page, data={"file": (io.BytesIO(font()), "a.ttf"), "licence": "授权书 2026-1"}).status_code == 303
    [row] = usable_fonts(cast.province.id)
    said = office.get(page).text
    assert FAMILY in said
    assert "授权书 2026-1" in said
    assert office.get(f"{page}/{row.id}/sample.png", buffered=True).data[:4] == b"\x89PNG"
    assert office.get(f"/manage/unions/{cast.county.id}/fonts/{row.id}/sample.png").status_code == 404
    assert office.post(f"{page}/{row.id}/end").status_code == 303
    assert usable_fonts(cast.province.id) == []


def test_an_organizer_adds_a_picture_from_the_list_of_problems(client: FlaskClient, cast: Cast) -> None:
    office, name = cast.sign_in(client, cast.account("organizer")), f"王{NO_FONT_HAS_IT}"
    publication = published(cast, 2, names={1: name})
    batch = prepared(cast, publication)
    page = f"/manage/contests/{batch.contest_id}/certificates"
    shown = office.get(f"{page}/{batch.id}").text
    link = html.unescape(shown.split(f"上传“{NO_FONT_HAS_IT}”的图片")[0].rpartition('href="')[2].partition('"')[0])
    # Addresses stand in logs and histories: nobody's name is in one.
    assert NO_FONT_HAS_IT not in unquote(link)
    form = office.get(link).text
    assert f'value="{name}"' in form
    assert f'value="{NO_FONT_HAS_IT}"' in form
    assert office.get(link.replace(str(batch.id), str(uuid.uuid4()))).status_code == 404
    sent = {"name": name, "char": NO_FONT_HAS_IT, "file": (io.BytesIO(glyph()), "a.png")}
    assert office.post(f"{page}/glyphs", data=sent).status_code == 303
    picture = db.session.scalars(select(GlyphPicture)).one()
    assert f"{NO_FONT_HAS_IT}（U+323AF）" in office.get(f"{page}/glyphs").text
    assert office.get(f"{page}/glyphs/{picture.id}.png", buffered=True).data[:4] == b"\x89PNG"
    assert prepared(cast, publication).settings["problems"] == []
    assert office.post(f"{page}/glyphs/{picture.id}/end").status_code == 303
    with pytest.raises(NotFound):
        service_fonts.end_picture(uuid.uuid4(), picture.id, actor=cast.actor("organizer"), at=cast.at + timedelta(seconds=1))
    assert ready_template("award").union_id is None


def test_of_somebody_who_is_erased_no_picture_and_no_reason_is_left_but_of_what_was_issued(any_cast: Cast) -> None:
    name, other = f"王{NO_FONT_HAS_IT}", f"李{NO_FONT_HAS_IT}"
    cast, publication = any_cast, published(any_cast, 3, names={1: name, 2: other})

    def drawn(of: str, turn: int) -> GlyphPicture:
        picture = service_fonts.add_picture(publication.contest_id, of, NO_FONT_HAS_IT, glyph(turn=turn), actor=cast.actor("organizer"),
                                            at=cast.at)
        assert picture.file.path.exists()
        return picture

    left_out = prepared(cast, publication)
    assert {one["name"] for one in left_out.settings["problems"]} == {name, other}
    first, theirs = drawn(name, 0), drawn(other, 1)
    waiting, second = prepared(cast, publication), drawn(name, 2)
    paths = [picture.file.path for picture in (first, theirs, second)]

    def erase(*names: str) -> None:
        with atomic():
            service_fonts.forget_pictures([publication.contest_id], names, "（已删除）")
            audit.record("test.erase", actor=SYSTEM, subject=("contest", publication.contest_id), at=cast.at)
        db.session.expire_all()

    erase(name)
    assert [path.exists() for path in paths] == [False, True, False]
    assert not any(name in str(get(Batch, one.id).settings) for one in (left_out, waiting))
    assert {one["name"] for one in get(Batch, left_out.id).settings["problems"]} == {"（已删除）", other}
    # What was issued keeps name and picture: it is printed as it was approved.
    batch = prepared(cast, publication, rows=[row.id for row in rows_of(publication) if row.public_name == other])
    approvals.decide(asked(cast, batch).id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    erase(other)
    assert paths[1].exists()
    print_all(get(Batch, batch.id))
    assert [one.error for one in certificates(batch)] == [None]
