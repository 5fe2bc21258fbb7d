"""Files of certificates by themselves: fit for archives, readable aloud, small; what a layout of the second format can show."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
import zxingcpp
from pikepdf import Array, Dictionary, Name, Object, Pdf
from PIL import Image, ImageDraw
from weasyprint.text.fonts import FontConfiguration

from competition.certificates.composing import compose
from competition.certificates.design import Design, Font, Sheet
from competition.certificates.fonts import font_files
from competition.certificates.printing import Printer
from competition.certificates.printing_child import Child, lost_texts
from competition.certificates.printing_merge import merge
from competition.certificates.ready import READY
from competition.core.pictures import picture_of, text_of
from tests.certificates.archive import faults_in

ADDRESS = "https://jn.example.cn/v/0123456789ABCDEFGHJK#1.2026a." + "A_b-" * 45
NO_FONT_HAS_IT = "\U000323af"
DATA = {
    "姓名": "王小明", "姓名拼音": "Wang Xiaoming", "单位": "海东市化隆县拉面馆", "赛事": "2026年青海拉面职业技能竞赛",
    "赛事英文": "Noodle Contest", "项目": "牛骨清汤", "项目英文": "Beef broth", "奖项": "金奖", "奖项英文": "Gold award",
    "颁证单位": "青海省总工会", "日期": "2026年11月29日",
    "证书编号": "63-2026-LM2026-J-000127-N", "验证码": "01234-56789-ABCDE-FGHJK", "竞赛日期": "2026年11月20日",
}


def sheet(name: str = "王小明", **more: str) -> Sheet:
    return Sheet({**DATA, **more, "姓名": name, "证书编号": f"63-2026-LM2026-J-{len(name):06d}-N"}, ADDRESS)


def picture(colour: str) -> bytes:
    image, out = Image.new("RGBA", (120, 120), (255, 255, 255, 0)), io.BytesIO()
    ImageDraw.Draw(image).ellipse((4, 4, 116, 116), outline=colour, width=8)
    image.save(out, "PNG")
    return out.getvalue()


@cache
def two() -> tuple[bytes, bytes]:
    """Two people of a batch, from the ready-made layout."""
    first, second = compose(Design(READY["award"][2], "获奖证书", is_demo=True), [sheet(), sheet("扎西措毛")], FontConfiguration())
    return first, second


def merged(*files: bytes) -> bytes:
    out = io.BytesIO()
    merge(files, "获奖证书合订本", out)
    return out.getvalue()


def everything(pdf: Pdf) -> Iterator[Object]:
    return (each for each in pdf.objects if isinstance(each, Dictionary | pikepdf.Stream))


@pytest.mark.parametrize("kind", ["single", "merged"])
def test_files_are_fit_for_archives(kind: str) -> None:
    data = two()[0] if kind == "single" else merged(*two())
    assert faults_in(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root
        facts = root.Metadata.read_raw_bytes().decode()
        assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in facts
        assert str(pdf.docinfo.Title) in facts
        (intent,) = root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        assert "/ID" in pdf.trailer
        assert "/Encrypt" not in pdf.trailer
        assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & set(root.keys())
        for font in (each for each in everything(pdf) if each.get("/Type") == "/Font" and each.get("/Subtype") == "/Type0"):
            inside = font.DescendantFonts[0]
            assert "/FontFile2" in inside.FontDescriptor
            assert len(font.ToUnicode.read_bytes()) > 200
            assert re.fullmatch(r"/[A-Z]{6}\+.+", str(inside.BaseFont))
        assert not [each for each in everything(pdf) if each.get("/S") in ("/JavaScript", "/Launch", "/URI")]


@pytest.mark.parametrize("kind", READY)
def test_every_ready_design_is_fit_for_archives(kind: str) -> None:
    one = sheet(正文="表现优异", 类别="裁判员", 代表队="一队", 队员="王一、王二")
    (data,) = compose(Design(READY[kind].layout, "证书", is_demo=False), [one], FontConfiguration())
    assert faults_in(data) == []


def spoilt(change: Callable[[Pdf], object]) -> list[str]:
    """A good file with something in it that archives forbid."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(two()[0])) as pdf:
        change(pdf)
        pdf.save(out, deterministic_id=True)
    return faults_in(out.getvalue())


def add_to(pdf: Pdf, content: bytes) -> None:
    page = pdf.pages[0]
    page.contents_add(pdf.make_stream(content))


FORBIDDEN: dict[str, tuple[str, Callable[[Pdf], object]]] = {
    "script": ("6.5", lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript, JS="app.alert(1)"))),
    "attachment": ("6.8", lambda pdf: pdf.attachments.__setitem__("a.txt", b"a")),
    "no profile": ("6.2.3", lambda pdf: pdf.Root.__delitem__("/OutputIntents")),
    "no facts": ("6.6.2", lambda pdf: pdf.Root.__delitem__("/Metadata")),
    "no language": ("ours", lambda pdf: pdf.Root.__delitem__("/Lang")),
    "font left out": ("6.2.11.4", lambda pdf: next(
        each for each in everything(pdf) if each.get("/Type") == "/FontDescriptor").__delitem__("/FontFile2")),
    "no characters": ("6.2.11.7", lambda pdf: next(each for each in everything(pdf) if "/ToUnicode" in each).__delitem__("/ToUnicode")),
    "smoothed": ("6.2.8", lambda pdf: next(
        each for each in everything(pdf) if each.get("/Subtype") == "/Image").__setitem__("/Interpolate", True)),
    "ink": ("6.2.4", lambda pdf: add_to(pdf, b"0 0 0 1 k")),
    "unknown font": ("6.2.2", lambda pdf: add_to(pdf, b"BT /Nobody 12 Tf ET")),
    "left open": ("6.1.13", lambda pdf: add_to(pdf, b"q")),
    "blend": ("6.2.10", lambda pdf: pdf.make_indirect(pdf.pages[0].Resources).__setitem__(
        "/ExtGState", Dictionary(Odd=pdf.make_indirect(Dictionary(Type=Name.ExtGState, BM=Name.Glow))))),
    "link": ("6.3", lambda pdf: pdf.pages[0].obj.__setitem__("/Annots", Array([pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9]))]))),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_archives_forbid_would_be_seen(what: str) -> None:
    clause, change = FORBIDDEN[what]
    assert any(clause in fault for fault in spoilt(change))


@pytest.mark.parametrize("kind", ["single", "merged"])
def test_files_can_be_read_aloud_in_the_order_of_the_blocks(kind: str) -> None:
    data = two()[0] if kind == "single" else merged(*two())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.Lang == "zh-CN"
        assert pdf.Root.MarkInfo.Marked is True
        (document,) = pdf.Root.StructTreeRoot.K
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert len(document.K) == len(pdf.pages)
        for place, (page, part) in enumerate(zip(pdf.pages, document.K, strict=True)):
            kinds = [str(each.S) for each in part.K]
            assert kinds.count("/H1") == 1
            assert kinds.count("/Figure") == 2
            assert [each.K for each in part.K] == list(range(len(kinds)))
            assert [each.objgen for each in numbers[2 * place + 1]] == [each.objgen for each in part.K]
            assert all(each.Pg.objgen == page.objgen for each in part.K)
            assert all(str(each.Alt) for each in part.K if each.S == "/Figure")
            assert page.obj.StructParents == place
            content = page.Contents.read_bytes()
            assert content.count(b"BDC") == len(kinds)
            assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")
        english = next(each for each in document.K[0].K if "/Lang" in each)
        assert str(english.Lang) == "en"


def test_a_file_is_small_and_has_no_character_of_others() -> None:
    mine, other = two()
    assert len(mine) < 50_000
    letters = {name: _letters(data) for name, data in (("mine", mine), ("other", other))}
    assert {"王", "明"} <= letters["mine"]
    assert not set("扎西措毛") & letters["mine"]
    assert "措" in letters["other"]


def _letters(data: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = [each.ToUnicode.read_bytes().decode() for each in everything(pdf) if "/ToUnicode" in each]
    return {bytes.fromhex(code).decode("utf-16-be") for text in names for code in re.findall(r"<[0-9a-f]{4}> <([0-9a-f]+)>", text)}


def test_the_merged_file_says_the_same_and_keeps_each_face_once() -> None:
    whole = merged(*two(), *two())
    assert [text_of(whole, page) for page in range(4)] == [text_of(data) for data in (*two(), *two())]
    assert picture_of(whole, 1, width=400) == picture_of(two()[1], width=400)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert len([each for each in everything(pdf) if "/Length1" in each]) == 2
    assert len(whole) < 2 * len(two()[0])
    assert merged(*two(), *two()) == whole


def test_the_code_is_read_from_the_picture_of_the_paper() -> None:
    image = Image.open(io.BytesIO(picture_of(two()[0], width=2400)))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [ADDRESS]


RICH = {
    "format": 2, "page": {"size": "A4", "orientation": "landscape", "bleed": 3}, "language": "zh", "blocks": [
        {"kind": "border", "x": 0, "y": 0, "w": 297, "h": 210, "preprinted": True},
        {"kind": "text", "texts": ["荣誉证书"], "x": 48, "y": 30, "w": 200, "h": 20, "size": 46, "preprinted": True},
        {"kind": "line", "x": 60, "y": 56, "w": 177, "h": 0.6},
        {"kind": "text", "texts": ["<b>{姓名}</b>同志：<br><small>{单位}</small>表现<i>突出</i> &amp; 优秀<script>x</script>"],
         "x": 40, "y": 70, "w": 217, "h": 50, "size": 24},
        {"kind": "text", "texts": ["{证书编号}"], "x": 40, "y": 130, "w": 100, "h": 9, "size": 12, "font": "自有字体", "align": "justify"},
        {"kind": "picture", "slot": "seal1", "x": 200, "y": 140, "w": 40, "h": 40},
        {"kind": "picture", "slot": "logo", "x": 20, "y": 20, "w": 20, "h": 20},
        {"kind": "qr", "x": 40, "y": 150, "w": 40, "h": 40},
    ],
}


def rich(**more: object) -> Design:
    pictures = {"a" * 64: picture("#c0332b"), "b" * 64: picture("#000000")}
    return Design(RICH, "荣誉证书", is_demo=False, pictures=pictures, slots={"seal1": "a" * 64}, **more)  # type: ignore[arg-type]


def test_a_character_that_no_font_has_is_a_picture_and_still_text() -> None:
    odd = Sheet({**DATA, "姓名": f"王{NO_FONT_HAS_IT}"}, ADDRESS, {NO_FONT_HAS_IT: "b" * 64})
    child = Child()
    child.answer({"design": rich().as_request()})
    without, with_picture = compose(rich(), [replace(odd, glyphs={}), odd], child.fonts)
    assert f"王{NO_FONT_HAS_IT}同志" in text_of(with_picture)
    assert lost_texts(rich(), odd, with_picture) == []
    assert picture_of(with_picture) != picture_of(without)
    assert text_of(merged(with_picture)) == text_of(with_picture)
    for data in (with_picture, merged(with_picture)):
        assert faults_in(data) == []
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pictures = [each for each in everything(pdf) if each.get("/Subtype") == "/Image"]
            assert len(pictures) >= 3, "the character and what is transparent in it, the code, the seal"
            assert not any("/Interpolate" in each for each in pictures), "archives forbid it"


def test_rich_text_shows_its_few_tags_and_values_are_never_markup() -> None:
    spiked = replace(sheet(), data={**DATA, "姓名": "王<b>&amp;"})
    text = text_of(compose(rich(), [spiked], FontConfiguration())[0])
    assert "王<b>&amp;同志" in text
    assert "& 优秀" in text
    assert "script" not in text


def test_overprint_leaves_out_what_the_paper_has_and_moves_by_the_printers_offset() -> None:
    full = compose(rich(), [sheet()], FontConfiguration())[0]
    assert faults_in(full) == []
    over = compose(rich(mode="overprint", offset=(5.0, 8.0)), [sheet()], FontConfiguration())[0]
    assert "荣誉证书" in text_of(full)
    assert "荣誉证书" not in text_of(over)
    with pikepdf.open(io.BytesIO(full)) as one, pikepdf.open(io.BytesIO(over)) as other:
        box = [float(side) for side in one.pages[0].TrimBox]
        assert box == pytest.approx([8.504, 8.504, 850.394, 603.78], abs=0.01)
        starts = [[float(word) for word in re.findall(rb"[-\d.]+", pdf.pages[0].Contents.read_bytes())[4:6]] for pdf in (one, other)]
    assert [b - a for a, b in zip(*starts, strict=True)] == pytest.approx([5 * 72 / 25.4, -8 * 72 / 25.4], abs=0.01)


def test_a_unions_font_is_used_where_a_block_names_it() -> None:
    light = font_files()["LXGW WenKai"].with_name("LXGWWenKaiMono-Light.ttf")
    data = compose(rich(fonts=[Font("自有字体", light.read_bytes())]), [sheet()], FontConfiguration())[0]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len([each for each in everything(pdf) if "/Length1" in each]) >= 3
    assert DATA["证书编号"][:10] in text_of(data)


def test_one_sheet_that_fails_does_not_stop_the_others() -> None:
    with Printer(Design(READY["award"][2], "获奖证书", is_demo=True), children=1) as printer:
        made = list(printer.print_each([sheet(), sheet(f"王{NO_FONT_HAS_IT}"), sheet("李四")]))
    assert [printed.data is not None for printed in made] == [True, False, True]
    assert NO_FONT_HAS_IT in (made[1].error or "")
