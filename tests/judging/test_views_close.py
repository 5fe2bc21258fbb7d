"""The pages of the close and of moving a sheet, as the chief judge uses them."""

import uuid

import pytest
from flask.testing import FlaskClient

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core import approvals
from competition.core.clock import now
from competition.judging import queries, service
from competition.judging.rules_reports import TabletSays
from tests.cast import Cast
from tests.forms_shown import hidden_of
from tests.judges import Judge, fill_figures, judge_round
from tests.judging.pages import REASON, base, open_it, page, post, signed_in
from tests.judging.test_views import broth as broth
from tests.judging.test_views import contest as contest


@pytest.fixture
def judges(client: FlaskClient, cast: Cast, broth: Round) -> list[Judge]:
    open_it(broth, cast)
    found = judge_round(broth, at=now())
    fill_figures(broth, at=cast.at)
    signed_in(client, cast, "chief_judge")
    return found


def test_a_seat_that_is_open_is_closed_or_signed_for(client: FlaskClient, cast: Cast, broth: Round, judges: list[Judge]) -> None:
    address = f"{base(broth)}/rounds/{broth.id}"
    assert "全部核对完毕" in page(client, f"{address}/closing")
    service.report_device(judges[1].device.id, TabletSays(pending=3, last_made=99, battery=41, app_version="7"), at=now())
    shown = page(client, f"{address}/closing")
    assert "1 个座位的平板未确认全部上传" in shown
    assert "还有 3 项未上传" in shown
    assert "请让这台平板连上网" in shown
    assert "电量 41%" in page(client, address)
    shown = page(client, f"{address}/lock")
    assert "平板未确认全部上传的座位" in shown
    assert "2 号" in shown
    assert "还缺 1 项" in post(client, f"{address}/lock", 409, confirm_name=broth.name)
    seat = judges[1].seat.id
    assert "还有 3 项未上传" in page(client, f"{address}/seats/{seat}/absence")
    post(client, f"{address}/seats/{seat}/absence", 422, reason="")
    assert "都已全部上传" in post(client, f"{address}/seats/{judges[0].seat.id}/absence", 409, reason=REASON)
    page(client, f"{address}/seats/{uuid.uuid4()}/absence", 404)
    post(client, f"{address}/seats/{seat}/absence", reason=REASON)
    assert "等待另一人签字" in page(client, f"{address}/closing")
    post(client, f"{address}/seats/{seat}/absence", 409, reason=REASON)
    request = approvals.open_request("judging.absence", seat)
    assert request is not None
    approvals.decide(request.id, approve=True, actor=cast.actor("supervisor"), at=now())
    assert "两人签字：联系不上" in page(client, f"{address}/closing")
    post(client, f"{address}/lock", confirm_name=broth.name)
    assert queries.round_state(broth.id).state == "locked"
    assert "■" in page(client, address)


def test_the_board_shows_what_is_chosen(client: FlaskClient, cast: Cast, broth: Round, judges: list[Judge]) -> None:
    address = f"{base(broth)}/rounds/{broth.id}"
    codes = [work.code for work in list_works(broth.id)]
    sheet = queries.find_sheet(judges[0].seat.id, list_works(broth.id)[1].id)
    assert sheet is not None
    service.send_back(sheet.id, reason=REASON, actor=cast.actor("chief_judge"), at=cast.at)
    for show, seen in (("", codes), ("open", codes[1:2]), ("disputed", codes[1:2]), ("far", []), ("nonsense", codes)):
        table = page(client, f"{address}?show={show}").split("<tbody>")[1].split("</tbody>")[0]
        assert [code for code in codes if code in table] == seen, show
    # Which works have judges far apart is for those alone who may see sheets.
    organizer = cast.sign_in(client.application.test_client(), cast.account("organizer", "contest", broth.contest_id))
    told = page(organizer, f"{address}?show=far")
    assert "裁判差距大的" not in told
    assert all(code in told.split("<tbody>")[1].split("</tbody>")[0] for code in codes)


def test_a_sheet_is_moved_after_a_look(client: FlaskClient, cast: Cast, broth: Round, judges: list[Judge]) -> None:
    address = f"{base(broth)}/rounds/{broth.id}"
    first, second = list_works(broth.id)[:2]
    seat = judges[0].seat.id
    move = f"{address}/works/{first.id}/move"
    assert "哪张评分表" in page(client, move)
    assert "移动以后" not in page(client, f"{move}?seat={seat}&to=nonsense")
    shown = page(client, f"{move}?seat={seat}&to={second.id}")
    assert "不能覆盖，只能两张对调" in shown
    assert "移动以后" in shown
    form = hidden_of(shown, "/move")
    assert (form["seat"], form["to"], form["swap"]) == (str(seat), str(second.id), "1")
    assert "请选择要移动的评分表" in post(client, move, 422)
    post(client, move, 422, **form, reason="")
    assert "又有变化" in post(client, move, 409, **{**form, "seen": "1-1"}, reason=REASON)
    assert "不能覆盖" in post(client, move, 409, **{**form, "swap": ""}, reason=REASON)
    post(client, move, 422, **{**form, "to": str(uuid.uuid4())}, reason=REASON)
    post(client, move, **form, reason=REASON)
    assert "的评分对调" in page(client, f"{address}/works/{second.id}")
    assert [cell for cell in page(client, address).split("<tr") if "已退回" in cell]
    page(client, f"{address}/works/{uuid.uuid4()}/move", 404)


@pytest.mark.parametrize("role", ["supervisor", "organizer"])
def test_only_the_chief_moves_and_signs(client: FlaskClient, cast: Cast, broth: Round, judges: list[Judge], role: str) -> None:
    signed_in(client, cast, role)
    address = f"{base(broth)}/rounds/{broth.id}"
    pages = ("closing", f"works/{list_works(broth.id)[0].id}/move", f"seats/{judges[0].seat.id}/absence")
    assert [client.get(f"{address}/{rest}").status_code for rest in pages] == [200, 403, 403]
