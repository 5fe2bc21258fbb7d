"""The pages of returns: what a county clerk and the unions above do with them, and what they are refused."""

import io
import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.counting.rules_periods import month_code, month_number
from competition.counting.service_facts import Told
from competition.notices.models import Message
from competition.organisations.models import Union
from competition.returns import service as returns
from competition.returns.models import ClosedMonth, Return, ReturnStep
from tests.access_matrix.side import picture_bytes
from tests.builders import make_contest
from tests.cast import Cast
from tests.queries import statements_of

THIS = month_number(now().date())
LAST = THIS - 1


def labour(cast: Cast, name: str = "测试劳动竞赛", **more: object) -> Contest:
    """An activity of the province."""
    return make_contest(cast, phase="running", open=False, name=name, kind="labour", **more)


def begun(cast: Cast, contest: Contest, kind: str = "bulk", union: Union | None = None, month: int = LAST) -> Return:
    return returns.begin_return((union or cast.county).id, contest.id, month, kind, actor=SYSTEM, at=now())


def submitted(
    cast: Cast, contest: Contest, *, people: int = 3, union: Union | None = None, month: int = LAST, by: Actor = SYSTEM,
) -> Return:
    """A roster that the county has handed up."""
    made = begun(cast, contest, "roster", union, month)
    told = [Told(f"key-{contest.id}-{month}-{n}", now().date(), region_code="630224") for n in range(people)]
    returns.put_roster(made.id, told, actor=SYSTEM, at=now())
    returns.submit_return(made.id, actor=by, at=now())
    return made


def clerk(client: FlaskClient, cast: Cast, union: Union, role: str = "clerk") -> FlaskClient:
    return cast.sign_in(client, cast.account(role, "union", union.id))


def address(found: Return, *more: str) -> str:
    return "/".join(["/participation/returns", str(found.id), *more])


def seen(client: FlaskClient, path: str) -> str:
    """How many steps a page says that it shows."""
    found = re.search(r'name="seen"[^>]*value="(\d+)"', client.get(path).text)
    assert found
    return found[1]


def evidence() -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture_bytes()), "统计表.jpg"


def test_a_county_clerk_reports_a_bulk_figure(client: FlaskClient, cast: Cast) -> None:
    contest = labour(cast)
    clerk(client, cast, cast.county)
    assert "还没有上报" in client.get("/participation/returns").text
    assert contest.name in client.get("/participation/returns/new?q=劳动&kind=labour").text
    form = f"/participation/returns/new/{contest.id}"
    assert f'<option selected value="{LAST}">' in client.get(form).text
    answer = client.post(form, data={"union": str(cast.county.id), "month": str(LAST), "kind": "bulk"})
    assert answer.status_code == 303
    figures = answer.location
    page = client.post(figures, data={"heads": "20", "overlap": "30", "evidence": evidence(), "then": "submit"})
    assert page.status_code == 422
    assert "在 0 与总人数之间" in page.text
    assert 'value="20"' in page.text
    assert "按总数上报须附依据材料" in client.post(figures, data={"heads": "20", "overlap": "0"}).text
    bad = client.post(figures, data={"heads": "20", "overlap": "0", "benefit": "9.999", "evidence": evidence()})
    assert "最多两位小数" in bad.text
    assert "刚才选择的文件没有保留" in bad.text
    assert "刚才选择的文件没有保留" not in client.post(figures, data={"heads": "20", "overlap": "0", "benefit": "9.999"}).text
    good = {"heads": "200", "overlap": "5", "evidence": evidence(), "suggestions": "9", "benefit": "929.95", "then": "submit"}
    preview = client.post(figures, data=good)
    assert preview.status_code == 303
    shown = client.get(preview.location).text
    assert "929.95 万元" in shown
    assert "整百数" in shown
    assert "海东市总工会" in shown
    steps = seen(client, preview.location)
    assert [client.post(preview.location, data=told).status_code for told in ({"seen": "1"}, {})] == [409, 409]
    done = client.post(preview.location, data={"seen": steps}, follow_redirects=True).text
    assert "已提交上报" in done
    assert "现在由海东市总工会审核" in done
    found = db.session.scalars(select(Return)).one()
    assert (found.state, found.heads, found.measures) == ("submitted", 200, {"suggestions": 9, "benefit": 92995})
    assert client.get(figures).status_code == 409
    with client.get(address(found, "evidence")) as file:
        assert file.mimetype == "image/jpeg"
    client.post(address(found, "take-back"))
    assert get(Return, found.id).state == "draft"
    client.post(address(found, "discard"))
    assert get(Return, found.id).state == "discarded"
    assert client.get(address(found)).status_code == 404


def test_a_bulk_figure_is_put_aside_unfinished_and_completed_later(client: FlaskClient, cast: Cast) -> None:
    found = begun(cast, labour(cast))
    clerk(client, cast, cast.county)
    figures = address(found, "figures")
    kept = client.post(figures, data={"heads": "", "suggestions": "3", "benefit": "120", "then": "save"}, follow_redirects=True).text
    assert "请补上参加人数和依据材料" in kept
    kept = client.post(figures, data={"heads": "20", "overlap": "5", "then": "save"}, follow_redirects=True).text
    assert "请补上依据材料" in kept
    assert "预览并提交" not in kept.split("<main", 1)[1].split("下一步")[0]
    assert client.post(figures, data={"heads": "20", "overlap": "30", "then": "save"}).status_code == 422
    refused = client.post(address(found, "submit"), data={"seen": seen(client, address(found, "submit"))})
    assert (refused.status_code, get(Return, found.id).state) == (422, "draft")
    assert "须附依据材料" in refused.text
    assert client.post(figures, data={"heads": "20", "overlap": "5", "evidence": evidence(), "then": "submit"}).status_code == 303
    client.post(address(found, "submit"), data={"seen": seen(client, address(found, "submit"))})
    assert get(Return, found.id).state == "submitted"


def test_numbers_are_typed_as_people_type_them(client: FlaskClient, cast: Cast) -> None:
    found = begun(cast, labour(cast))
    clerk(client, cast, cast.county)
    figures = address(found, "figures")
    page = html.fromstring(client.get(figures).text)
    assert [page.xpath(f"//input[@name='{name}']/@type")[0] for name in ("heads", "overlap", "patents")] == ["text"] * 3
    assert page.xpath("//input[@name='heads']/@inputmode") == ["numeric"]
    typed = {"heads": "１，２００", "overlap": " 1 000", "patents": "３", "suggestions": "12,345,678", "then": "save"}
    assert client.post(figures, data=typed).status_code == 303
    kept = get(Return, found.id)
    assert (kept.heads, kept.overlap, kept.measures) == (1200, 1000, {"patents": 3, "suggestions": 12345678})
    for wrong in ("1,20", "12,00", "1.5", "一千", "٣", "9" * 12, "-1"):
        refused = client.post(figures, data=typed | {"heads": wrong})
        assert (refused.status_code, f'value="{wrong}"' in refused.text) == (422, True), wrong
    assert get(Return, found.id).heads == 1200


def test_the_bulk_figure_of_an_earlier_month_is_told_where_the_next_is_typed(client: FlaskClient, cast: Cast) -> None:
    contest = labour(cast)
    clerk(client, cast, cast.county)
    before = [begun(cast, contest, month=LAST - months) for months in (3, 2)]
    for found, heads in zip(before, ("1,200", "300"), strict=True):
        client.post(address(found, "figures"), data={"heads": heads, "overlap": "20", "evidence": evidence(), "then": "submit"})
    returns.submit_return(before[0].id, actor=SYSTEM, at=now())
    page = client.get(address(begun(cast, contest), "figures")).text
    earlier = LAST - 3
    # What is still a draft was told to nobody.
    assert f"这项活动{earlier // 12}年{earlier % 12 + 1}月已按总数报 1,200 人，其中已实名登记 20 人" in page
    assert "请改用“按名册”上报" in page
    assert "已按总数报" not in client.get(address(begun(cast, labour(cast, "另一项活动")), "figures")).text


def test_what_was_not_reported_leads_from_the_desk_to_beginning_it(client: FlaskClient, cast: Cast) -> None:
    contest = labour(cast)
    with atomic():
        get(Contest, contest.id).starts_on, get(Contest, contest.id).ends_on = now().date() - timedelta(days=400), now().date()
        audit.record("test.days", actor=SYSTEM, subject=("contest", contest.id), at=now())
    reported = submitted(cast, contest, month=LAST - 1)
    clerk(client, cast, cast.county)
    desk = html.fromstring(client.get("/desk").text)
    (link,) = [str(href) for href in desk.xpath("//main//a/@href") if f"/returns/new/{contest.id}" in str(href)]
    assert f'<option selected value="{LAST}">' in client.get(link).text
    returns.give_back_return(reported.id, cast.prefecture.id, "请补章。", actor=SYSTEM, at=now())
    assert address(reported) in client.get("/desk").text
    begun(cast, contest)
    page = client.get("/desk").text
    assert f"/returns/new/{contest.id}" not in page
    assert "（已报：草稿）" in client.get(link).text


def test_what_cannot_be_begun_says_why(client: FlaskClient, cast: Cast) -> None:
    contest, draft = labour(cast), make_contest(cast, phase="draft", kind="labour", name="筹备中的")
    elsewhere = labour(cast, "外县的", host=cast.other_county)
    clerk(client, cast, cast.county)
    assert client.get(f"/participation/returns/new/{draft.id}").status_code == 404
    assert client.get(f"/participation/returns/new/{elsewhere.id}").status_code == 404
    form, data = f"/participation/returns/new/{contest.id}", {"union": str(cast.county.id), "month": str(LAST), "kind": "bulk"}
    assert client.post(form, data=data | {"union": str(cast.other_county.id)}).status_code == 422
    assert client.post(form, data=data | {"month": str(THIS + 1)}).status_code == 422
    client.post(form, data=data)
    again = client.post(form, data=data)
    assert again.status_code == 409
    assert "正在办理" in again.text
    returns.close_month(THIS, actor=SYSTEM, at=now())
    assert client.post(form, data=data | {"month": str(THIS)}).status_code == 422


def test_unions_above_see_what_was_handed_up_and_sisters_nothing(client: FlaskClient, cast: Cast) -> None:
    contest = labour(cast)
    draft, handed = begun(cast, contest, month=THIS), submitted(cast, contest)
    for union, own, up in ((cast.county, 200, 200), (cast.prefecture, 404, 200), (cast.province, 404, 200), (cast.other_county, 404, 404)):
        clerk(client, cast, union)
        assert (client.get(address(draft)).status_code, client.get(address(handed)).status_code) == (own, up), union.name
    clerk(client, cast, cast.prefecture)
    for path in ("figures", "submit", "correct"):
        assert client.get(address(handed, path)).status_code == 403
    for path in ("take-back", "discard"):
        assert client.post(address(handed, path)).status_code == 403
    assert client.get("/participation/returns?whose=below").text.count("化隆回族自治县总工会") > 0
    assert "没有符合条件" in client.get("/participation/returns?whose=own").text
    clerk(client, cast, cast.other_county)
    assert "还没有上报" in client.get("/participation/returns").text
    assert client.get(address(handed, "evidence")).status_code == 404
    cast.sign_in(client, cast.account("auditor"))
    assert client.get(address(handed)).status_code == 200
    assert client.get("/participation/returns/new").status_code == 403


def test_the_way_up_with_a_return_given_back(client: FlaskClient, cast: Cast) -> None:
    reporter = cast.actor("clerk", "union", cast.county.id)
    cast.account("clerk", "union", cast.prefecture.id)
    found = submitted(cast, labour(cast), by=reporter)
    clerk(client, cast, cast.county)
    assert client.post(address(found, "decide"), data={"decision": "approve"}).status_code == 403
    clerk(client, cast, cast.prefecture)
    assert "份活动上报待审核" in client.get("/desk").text
    page = client.post(address(found, "decide"), data={"decision": "give_back", "reason": " ", "seen": seen(client, address(found))})
    assert page.status_code == 422
    assert "请写明理由" in page.text
    assert "请看过现在的内容" in client.post(address(found, "decide"), data={"decision": "approve", "seen": "2"}).text
    client.post(address(found, "decide"), data={"decision": "give_back", "reason": "名册缺章，请补", "seen": seen(client, address(found))})
    clerk(client, cast, cast.county)
    assert "份活动上报被退回修改" in client.get("/desk").text
    assert "名册缺章，请补" in client.get(address(found)).text
    client.post(address(found, "submit"), data={"seen": seen(client, address(found, "submit"))})
    for union, role in ((cast.prefecture, "clerk"), (cast.province, "organizer")):
        clerk(client, cast, union, role)
        assert client.post(address(found, "decide"), data={"decision": "approve", "seen": seen(client, address(found))}).status_code == 303
    assert get(Return, found.id).state == "counted"
    told = {(m.kind, m.link) for m in db.session.scalars(select(Message))}
    assert {("participation.return_waiting", address(found)), ("participation.return_returned", address(found)),
            ("participation.return_counted", address(found))} <= told
    assert "名册缺章" not in "".join(m.body for m in db.session.scalars(select(Message)))
    assert all(f"{LAST // 12}年{LAST % 12 + 1}月" in m.body for m in db.session.scalars(select(Message)))


def test_nobody_approves_what_he_handed_up(client: FlaskClient, cast: Cast) -> None:
    from competition.accounts import service as accounts  # noqa: PLC0415
    both = cast.account("clerk", "union", cast.county.id, name="两级都有角色的人")
    accounts.grant_role(both.id, "clerk", scope_kind="union", scope_id=cast.prefecture.id, actor=SYSTEM, at=cast.at)
    found = submitted(cast, labour(cast), by=cast.actor("clerk", "union", cast.county.id, name="两级都有角色的人"))
    cast.sign_in(client, both)
    assert "您本人提交" in client.get(address(found)).text
    refused = client.post(address(found, "decide"), data={"decision": "approve", "seen": "3"})
    assert refused.status_code == 409
    assert "您本人提交" in refused.text
    batch = client.post("/participation/returns/batch", data={"ids": [str(found.id)]})
    assert "都不能通过" in batch.text


def test_many_are_approved_after_a_preview_and_all_or_none(client: FlaskClient, cast: Cast) -> None:
    contests = [labour(cast, f"测试竞赛{n}") for n in range(3)]
    found = [submitted(cast, contest) for contest in contests]
    cast.account("organizer", "union", cast.province.id)
    clerk(client, cast, cast.prefecture)
    assert client.post("/participation/returns/batch").status_code == 303
    page = client.post("/participation/returns/batch", data={"ids": [str(one.id) for one in found]}).text
    chosen = re.findall(r'name="chosen" value="([^"]+)"', page)
    assert len(chosen) == 3
    returns.take_back_return(found[0].id, actor=SYSTEM, at=now())
    refused = client.post("/participation/returns/batch/approve", data={"chosen": chosen})
    assert refused.status_code == 409
    assert {get(Return, one.id).waiting_at for one in found[1:]} == {cast.prefecture.id}
    left = re.findall(r'name="chosen" value="([^"]+)"', refused.text)
    assert client.post("/participation/returns/batch/approve", data={"chosen": left}).status_code == 303
    assert {get(Return, one.id).waiting_at for one in found[1:]} == {cast.province.id}
    told = [m for m in db.session.scalars(select(Message)) if m.link == "/participation/returns/waiting"]
    assert ["2 份" in m.body for m in told] == [True]


def test_a_correction_shows_what_is_different(client: FlaskClient, cast: Cast) -> None:
    found = submitted(cast, labour(cast), union=cast.province)
    assert get(Return, found.id).state == "counted"
    clerk(client, cast, cast.province)
    assert client.post(address(found, "correct"), data={"reason": "", "kind": "roster"}).status_code == 422
    assert client.post(address(found, "correct"), data={"reason": "漏报一人"}).status_code == 422
    made = client.post(address(found, "correct"), data={"reason": "漏报一人", "kind": "roster"})
    new = db.session.scalars(select(Return).where(Return.version == 2)).one()
    assert made.status_code == 303
    told = [Told(f"key-new-{n}", now().date(), region_code="630224") for n in range(4)]
    returns.put_roster(new.id, told, actor=SYSTEM, at=now())
    page = client.get(address(new)).text
    assert "名册增加 4 人，减少 3 人" in page
    assert "漏报一人" in page
    again = client.post(address(found, "correct"), data={"reason": "再更正", "kind": "roster"})
    assert again.status_code == 409
    earlier = client.get(address(found)).text
    assert ("第 2 版更正正在办理" in earlier, f'href="{address(found, "correct")}"' in earlier) == (True, False)
    returns.discard_return(new.id, actor=SYSTEM, at=now())
    earlier = client.get(address(found)).text
    assert ("更正正在办理" in earlier, f'href="{address(found, "correct")}"' in earlier) == (False, True)


def test_what_should_never_have_been_reported_is_taken_out_by_a_void_version(client: FlaskClient, cast: Cast) -> None:
    found = submitted(cast, labour(cast), union=cast.province)
    clerk(client, cast, cast.province)
    assert "作废：这个月其实没有人参加" in client.get(address(found, "correct")).text
    made = client.post(address(found, "correct"), data={"reason": "报错了月份", "kind": "void"})
    new = db.session.scalars(select(Return).where(Return.version == 2)).one()
    assert (made.status_code, made.location) == (303, address(new, "submit"))
    page = client.get(address(new)).text
    assert "预览并提交" in page
    assert "修改数字" not in page
    assert client.get(address(new, "figures")).status_code == 409
    shown = client.get(address(new, "submit")).text
    assert "作废" in shown
    steps = len(db.session.scalars(select(ReturnStep).where(ReturnStep.return_id == new.id)).all())
    assert client.post(address(new, "submit"), data={"seen": str(steps)}).status_code == 303
    db.session.expire_all()
    assert (get(Return, new.id).state, get(Return, found.id).state) == ("counted", "superseded")
    again = client.get(address(new, "correct")).text
    assert "按名册" in again
    assert "作废：" not in again


def test_what_waits_for_the_reader_is_listed_first_then_the_newest_month(client: FlaskClient, cast: Cast) -> None:
    found = {months: submitted(cast, labour(cast, f"测试竞赛{months}"), month=LAST - months) for months in (3, 1, 2, 0)}
    for months in (0, 1, 2):
        returns.approve_return(found[months].id, cast.prefecture.id, actor=SYSTEM, at=now())
    returns.give_back_return(found[1].id, cast.province.id, "请补章", actor=SYSTEM, at=now())
    draft = begun(cast, labour(cast, "测试竞赛"), union=cast.prefecture, month=LAST - 4)
    clerk(client, cast, cast.prefecture)
    assert listed(client) == [found[3].id, draft.id, found[0].id, found[1].id, found[2].id]
    clerk(client, cast, cast.county)
    assert listed(client) == [found[1].id, found[0].id, found[2].id, found[3].id]
    clerk(client, cast, cast.province, "organizer")
    assert listed(client) == [found[0].id, found[2].id, found[1].id, found[3].id]


def listed(client: FlaskClient) -> list[uuid.UUID]:
    """The returns of the list, in its order."""
    links = html.fromstring(client.get("/participation/returns").text).xpath("//main//tbody//th//a/@href")
    return [uuid.UUID(str(link).rsplit("/", 1)[1]) for link in links]


def test_months_are_closed_by_the_province_alone(client: FlaskClient, cast: Cast) -> None:
    contest = labour(cast)
    late = submitted(cast, contest)
    submitted(cast, contest, union=cast.other_county, month=LAST - 1)
    clerk(client, cast, cast.county, "organizer")
    assert client.get("/participation/months").status_code == 403
    clerk(client, cast, cast.province, "organizer")
    code = month_code(LAST)
    assert code in client.get("/participation/months").text
    page = client.get(f"/participation/months/{code}").text
    assert "循化撒拉族自治县总工会" in page
    assert "待审核" in page
    assert {client.post(f"/participation/months/{code}").status_code for code in ("2026-13", "0000-05", "1999-12")} == {404}
    assert client.get(f"/participation/months/{month_code(THIS + 1)}").status_code == 409
    assert client.post(f"/participation/months/{code}").status_code == 303
    assert get(ClosedMonth, LAST)
    returns.give_back_return(late.id, cast.prefecture.id, "补章", actor=SYSTEM, at=now())
    returns.submit_return(late.id, actor=SYSTEM, at=now() + timedelta(minutes=1))
    assert get(Return, late.id).state == "submitted"


@pytest.mark.parametrize("path", ["/participation/returns", "/participation/returns/waiting", "/participation/returns/new"])
def test_statements_do_not_grow_with_rows(client: FlaskClient, cast: Cast, path: str) -> None:
    union = cast.county if path.endswith("new") else cast.prefecture
    clerk(client, cast, union)
    submitted(cast, labour(cast))
    few = len(statements_of(client, path))
    with atomic():
        for n in range(12):
            submitted(cast, labour(cast, f"测试竞赛{n}"))
    many = statements_of(client, path)
    assert len(many) == few, many


def test_unknown_things_are_not_found(client: FlaskClient, cast: Cast) -> None:
    clerk(client, cast, cast.county)
    assert client.get(f"/participation/returns/{uuid.uuid4()}").status_code == 404
    assert client.get("/participation/returns?month=x&state=y&page=99").status_code == 200
