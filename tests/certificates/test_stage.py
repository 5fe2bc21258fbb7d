"""Stage and envelopes once more: names that nobody can guess, characters that no font has, long lists, sheets that are kept."""

import io
import re

import pikepdf
import pytest
from flask.testing import FlaskClient

from competition.accounts.pinyin import spoken_name
from competition.certificates import outs_paper, queries_outs, rules_labels, rules_outs, service_fonts
from competition.certificates.models import Batch
from competition.core import approvals
from competition.core.pictures import text_of
from competition.core.sheets import read_table
from tests.cast import Cast
from tests.certificates.given import asked, certificates, demo_contest, issued, prepared, published
from tests.certificates.test_fonts import NO_FONT_HAS_IT, added, fonts_in, glyph
from tests.certificates.test_sources import FIRST, HEAD, approve, roster, sheet
from tests.queries import statements_of

PICTURED, IN_FONT = f"李{NO_FONT_HAS_IT}", f"王{NO_FONT_HAS_IT}"
TIBETAN = "བསོད་ནམས"


def here(batch: Batch) -> str:
    return f"/manage/contests/{batch.contest_id}/certificates/{batch.id}"


def words_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        return "".join("".join(text_of(pdf, page).split()) for page in range(len(whole.pages)))


@pytest.fixture
def office(client: FlaskClient, cast: Cast) -> FlaskClient:
    return cast.sign_in(client, cast.account("organizer"))


@pytest.mark.parametrize(("name", "reading"), [
    ("单小梅", "Shàn Xiǎoméi"), (TIBETAN, ""), (f"王{NO_FONT_HAS_IT}", ""), ("卓玛·才让", "Zhuómǎ Cáiràng"), ("Li Wei", "Li Wei"), ("", ""),
])
def test_what_nobody_can_read_is_left_open(name: str, reading: str) -> None:
    assert rules_outs.proposed(spoken_name(name)) == reading


def test_a_tibetan_name_is_asked_for_on_the_page_and_on_paper(office: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 2, names={1: TIBETAN, 2: "马秀兰"}))
    page = office.get(f"{here(batch)}/ceremony").text
    field = f"read:{queries_outs.key_of(certificates(batch)[0])}:{TIBETAN}"
    assert re.search(rf'name="{re.escape(field)}" value="".*?请问本人怎么读', page, re.DOTALL)
    assert "（读音请问本人）" in words_of(office.post(f"{here(batch)}/ceremony.pdf", data={"purpose": "颁奖"}).data)
    table = read_table(office.post(f"{here(batch)}/ceremony.xlsx", data={"purpose": "颁奖"}).data)
    assert {row[3]: row[4] for row in table[2:]} == {TIBETAN: "", "马秀兰": "Mǎ Xiùlán"}
    assert office.post(f"{here(batch)}/ceremony", data={field: "Sönam"}).status_code == 303
    said = words_of(office.post(f"{here(batch)}/ceremony.pdf", data={"purpose": "颁奖"}).data)
    assert ("Sönam" in said, "请问本人" in said) == (True, False)


def test_rare_characters_stand_on_every_paper_as_on_the_certificate(office: FlaskClient, cast: Cast) -> None:
    """One by a picture of its own, the other by the font of the union: in the register, the script, on labels."""
    publication = published(cast, 2, names={1: PICTURED, 2: IN_FONT})
    row = added(cast, cast.province)
    drawn = service_fonts.add_picture(publication.contest_id, PICTURED, NO_FONT_HAS_IT, glyph(), actor=cast.actor("organizer"), at=cast.at)
    batch = prepared(cast, publication)
    assert batch.settings["letters"] == {"fonts": {row.family: row.file.sha256}, "glyphs": {PICTURED: {NO_FONT_HAS_IT: drawn.file.sha256}}}
    approvals.decide(asked(cast, batch).id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    for paper in ("outs/sign.pdf", "ceremony.pdf", "labels.pdf"):
        pdf = office.post(f"{here(batch)}/{paper}", data={"purpose": "颁奖"}).data
        assert pdf[:5] == b"%PDF-", paper
        # The picture is no text in these papers; the name beside it is, and the union's font draws the other one.
        assert IN_FONT in words_of(pdf), paper
        assert row.family in fonts_in(pdf) or "own-0" in fonts_in(pdf), paper
        with pikepdf.open(io.BytesIO(pdf)) as whole:
            assert any(each.get("/Subtype") == "/Image" and (each.Width, each.Height) == (512, 512)
                       for each in whole.objects if isinstance(each, pikepdf.Stream)), paper


def test_a_script_of_thousands_is_a_workbook(cast: Cast, monkeypatch: pytest.MonkeyPatch, office: FlaskClient) -> None:
    batch = issued(cast, published(cast, 3))
    monkeypatch.setattr(outs_paper, "MOST_LINES", 2)
    answer = office.post(f"{here(batch)}/ceremony.pdf", data={"purpose": "颁奖"})
    assert (answer.status_code, "颁奖顺序（Excel）" in answer.text) == (422, True)
    assert len(read_table(office.post(f"{here(batch)}/ceremony.xlsx", data={"purpose": "颁奖"}).data)) == 2 + 3


def test_a_sheet_that_was_measured_is_offered_again(office: FlaskClient, cast: Cast) -> None:
    batch, other = issued(cast, published(cast, 1)), issued(cast, published(cast, 1))
    page = f"{here(batch)}/labels.pdf"
    own = {"sheet": "own", "columns": "1", "rows": "4", "width": "150.5", "height": "60", "left": "12.25", "top": "9", "gap_x": "0",
           "gap_y": "1.5"}
    assert office.post(page, data={**own, "rows": "40"}).status_code == 422
    assert queries_outs.own_sheet_of(cast.province.id) is None, "what does not lie on the paper is not kept"
    assert office.post(page, data=own).data[:5] == b"%PDF-"
    assert queries_outs.own_sheet_of(cast.province.id) == rules_labels.LabelSheet(1, 4, 150.5, 60, 12.25, 9, 0, 1.5)
    again = office.get(f"{here(other)}/labels.pdf").text
    assert re.search(r'<option[^>]*selected[^>]*value="own"|<option[^>]*value="own"[^>]*selected', again)
    assert all(re.search(rf'name="{name}"[^>]*value="{value}"|value="{value}"[^>]*name="{name}"', again)
               for name, value in own.items() if name != "sheet")
    # A sheet of the trade afterwards leaves it as it is.
    assert office.post(page, data={"sheet": "21"}).data[:5] == b"%PDF-"
    assert queries_outs.own_sheet_of(cast.province.id) is not None
    assert queries_outs.own_sheet_of(cast.county.id) is None


def test_no_list_reads_its_batch_once_for_each_line(office: FlaskClient, cast: Cast) -> None:
    """A batch holds a list of all who are in it: read with each line, ten thousand of them would be gigabytes."""
    batch = issued(cast, published(cast, 6))
    for page in (f"{here(batch)}/ceremony", f"{here(batch)}/outs", f"/manage/contests/{batch.contest_id}/certificates/register"):
        lists = [text for text in statements_of(office, page) if "FROM certificate" in text and "certificate.data" in text]
        assert lists, page
        assert not any("batch.settings" in text for text in lists), page



def test_a_workbook_says_how_its_names_are_read(office: FlaskClient, cast: Cast) -> None:
    lines = [[name, *FIRST[1:], read] for name, read in (("单立人", "Dān Lìrén"), ("马秀兰", ""), ("曾小凡", "按本人所说"))]
    batch = roster(cast, demo_contest(cast), sheet(*lines, head=(*HEAD, "姓名拼音")))
    approve(cast, batch)
    page = office.get(f"{here(batch)}/ceremony").text
    assert re.search(r'value="Dān Lìrén".*?名单所填', page, re.DOTALL)
    assert re.search(r'value="Mǎ Xiùlán".*?自动注音', page, re.DOTALL)
    assert 'value="Zēng Xiǎofán"' in page, "what is no pinyin is none"
    key = next(queries_outs.key_of(one) for one in certificates(batch) if one.name == "单立人")
    assert office.post(f"{here(batch)}/ceremony", data={f"read:{key}:单立人": "Shàn Lìrén"}).status_code == 303
    assert "ShànLìrén" in words_of(office.post(f"{here(batch)}/ceremony.pdf", data={"purpose": "颁奖"}).data)
