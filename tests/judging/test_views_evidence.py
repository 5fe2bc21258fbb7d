"""The printed score sheets, and what the staff see of signatures, comments and photos."""

import hashlib

import pytest
from flask.testing import FlaskClient
from lxml import html

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.judging import queries, rules, service
from competition.judging.queries_evidence import notes_of
from competition.judging.queries_seats import get_panel
from tests.cast import Cast
from tests.judges import Judge, sit_down
from tests.judging.pages import base, page, post, signed_in
from tests.judging.test_api import broth as broth
from tests.judging.test_api_evidence import MARKS
from tests.judging.test_evidence import DRAWN, picture, signed
from tests.queries import statements_of


@pytest.fixture
def judges(broth: Round, cast: Cast) -> list[Judge]:
    """Three judges; each handed in the first work with marks of its own, the first one signed, with a comment and a photo."""
    first = list_works(broth.id)[0]
    found = [sit_down(seat, at=now()) for seat in queries.seats_of_round(broth.id)]
    data = picture()
    photo = found[0].event(first, "photo", "taste", hashlib.sha256(data).hexdigest())
    found[0].send(found[0].event(first, "comment", "aroma", "汤面有<b>浮油</b>"), photo)
    service.keep_photo(found[0].device.id, photo.id, data, at=now())
    found[0].send(*signed(found[0], broth, first))
    for number, judge in enumerate(found[1:], 1):
        judge.mark(first, MARKS | {"taste": str(30 + number)})
    return found


def sheet_text(judge: Judge, work: Work) -> str:
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    return rules.sheet_text(sheet.marks)


def cells(text: str, head: str) -> list[str]:
    """The cells of the rows with this heading, of all papers of the page."""
    return [cell.text_content().strip() for row in html.document_fromstring(text).xpath(f'//tr[th[normalize-space()="{head}"]]')
            for cell in row.xpath("td")]


def test_the_code_on_paper_is_the_one_of_the_tablet_for_each_judge(
    broth: Round, judges: list[Judge], client: FlaskClient, cast: Cast,
) -> None:
    signed_in(client, cast, "chief_judge", "contest", broth.contest_id)
    work = list_works(broth.id)[0]
    codes = {judge.seat.id: (queries.sheets_of_work(work.id)[judge.seat.id].check_code or "") for judge in judges}
    for judge in judges:
        receipt = judge.send(judge.event(work, "hand_in", value=sheet_text(judge, work))).answers[0]
        assert receipt.details["check_code"] == codes[judge.seat.id], "what the tablet shows"
        one = page(client, f"{base(broth)}/rounds/{broth.id}/sheets/{judge.seat.id}")
        assert cells(one, "核对码") [:2] == [codes[judge.seat.id], "—"]
        assert [code for code in codes.values() if code in one] == [codes[judge.seat.id]]
        assert f"裁判员：测试裁判{judge.seat.number}（测试单位{judge.seat.number}）" in one
    whole = page(client, f"{base(broth)}/rounds/{broth.id}/sheets")
    assert [cell for cell in cells(whole, "合计") if cell] == ["5", "未评分", "84", "未评分", "85", "未评分"]
    assert [cell for cell in cells(whole, "核对码") if cell not in ("—", "")] == list(codes.values())
    assert whole.count("<path d=") == 1
    assert "汤面有&lt;b&gt;浮油" in whole


def test_the_papers_of_a_round_take_the_same_statements_however_many_works(
    broth: Round, judges: list[Judge], client: FlaskClient, cast: Cast,
) -> None:
    signed_in(client, cast, "chief_judge", "contest", broth.contest_id)
    address = f"{base(broth)}/rounds/{broth.id}/sheets"
    page(client, address)
    few = statements_of(client, address)
    for judge in judges:
        judge.send(*signed(judge, broth, list_works(broth.id)[1]))
    assert len(statements_of(client, address)) == len(few)


def test_the_chief_judge_sees_comments_photos_and_both_signatures_of_a_returned_sheet(
    broth: Round, judges: list[Judge], client: FlaskClient, cast: Cast,
) -> None:
    signed_in(client, cast, "chief_judge", "contest", broth.contest_id)
    work = list_works(broth.id)[0]
    address = f"{base(broth)}/rounds/{broth.id}/works/{work.id}"
    shown = html.document_fromstring(page(client, address))
    (source,) = shown.xpath('//img[@class="board-photo"]/@src')
    answer = client.get(source)
    answer.close()
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert len(shown.xpath('//svg[@class="ink"]')) == 1
    sheet = queries.find_sheet(judges[0].seat.id, work.id)
    assert sheet is not None
    service.send_back(sheet.id, reason="测试：请核对", actor=SYSTEM, at=now())
    judges[0].send(judges[0].event(work, "hand_in", value=sheet_text(judges[0], work), signature=DRAWN.replace("20", "25")))
    paths = html.document_fromstring(page(client, address)).xpath('//svg[@class="ink"]/path/@d')
    assert len(set(paths)) == 2


def test_papers_and_photos_are_for_who_may_see_sheets(broth: Round, judges: list[Judge], client: FlaskClient, cast: Cast) -> None:
    photo = next(note for note in notes_of([work.id for work in list_works(broth.id)]) if note.kind == "photo")
    for role, status in (("supervisor", 200), ("organizer", 403), ("scorekeeper", 403), ("judge", 403), ("timekeeper", 403)):
        signed_in(client, cast, role, "contest", broth.contest_id)
        for address in (f"photos/{photo.id}", "sheets", f"sheets/{judges[0].seat.id}"):
            answer = client.get(f"{base(broth)}/rounds/{broth.id}/{address}")
            answer.close()
            assert answer.status_code == status, (role, address)


def test_whether_a_panel_signs_is_set_beside_its_seats(broth: Round, judges: list[Judge], client: FlaskClient, cast: Cast) -> None:
    signed_in(client, cast, "organizer", "contest", broth.contest_id)
    panel_id = judges[0].seat.panel_id
    post(client, f"{base(broth)}/panels/{panel_id}/signature", needed="1")
    assert get_panel(broth.contest_id, panel_id).needs_signature
    assert "须手写签名" in page(client, f"{base(broth)}/panels")
    post(client, f"{base(broth)}/panels/{panel_id}/signature", needed="")
    assert not get_panel(broth.contest_id, panel_id).needs_signature
