"""What everybody sees of contests."""

import io
from datetime import timedelta

import pikepdf
from flask.testing import FlaskClient

from competition.contests import service
from competition.core.clock import now
from competition.notices import service as notices
from tests.builders import make_contest
from tests.cast import Cast
from tests.courses import called_off
from tests.queries import statements_of


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def test_an_empty_list_teaches(client: FlaskClient, cast: Cast) -> None:
    assert "还没有公布的赛事" in text_of(client, "/contests")
    assert "没有符合条件的赛事" in text_of(client, "/contests?kind=labour")


def test_the_list_says_of_each_whether_registration_is_open_and_why_not(client: FlaskClient, cast: Cast) -> None:
    make_contest(cast, name="正在报名的测试赛", quota=20)
    make_contest(cast, name="报名截止的测试赛", open=False)
    make_contest(cast, name="草稿测试赛", phase="draft")
    halted = make_contest(cast, name="延期的测试赛")
    service.postpone(halted.id, reason="场馆检修", actor=cast.actor("organizer"), at=cast.at)
    page = text_of(client, "/contests")
    assert "草稿测试赛" not in page
    for words in ("正在报名，", "共 20 个名额，还有 20 个", "报名已于", "赛事已延期，报名暂停，恢复后另行通知。", "报名暂停"):
        assert words in page
    assert page.index("正在报名的测试赛") < page.index("报名截止的测试赛")


def test_filters_by_region_kind_state_and_words(client: FlaskClient, cast: Cast) -> None:
    make_contest(cast, name="化隆的测试赛", region_code="630224")
    make_contest(cast, name="西宁的测试赛", region_code="630100", kind="labour", trade="焊工", open=False)
    make_contest(cast, name="已完的测试赛", region_code="630102", phase="finished", open=False)
    found = {
        "?region=630200": ["化隆"], "?region=630100": ["西宁", "已完"], "?region=630000": ["化隆", "西宁", "已完"],
        "?kind=labour": ["西宁"], "?state=open": ["化隆"], "?state=finished": ["已完"], "?q=焊工": ["西宁"], "?q=%25": [],
        "?state=nonsense": ["化隆", "西宁", "已完"],
    }
    for query, names in found.items():
        page = text_of(client, f"/contests{query}")
        assert [n for n in ("化隆", "西宁", "已完") if f"{n}的测试赛" in page] == names, query


def test_the_list_costs_the_same_for_3_and_for_20_contests(client: FlaskClient, cast: Cast) -> None:
    for _ in range(3):
        make_contest(cast, events=("theory",), quota=10)
    few = statements_of(client, "/contests")
    for _ in range(17):
        make_contest(cast, events=("theory",), quota=10)
    many = statements_of(client, "/contests")
    assert len(few) == len(many), many


def test_a_contest_shows_what_a_contestant_must_know(client: FlaskClient, cast: Cast) -> None:
    actor = cast.actor("organizer")
    contest = make_contest(cast, name_en="Test contest", name_bo="འགྲན་སྡུར།", quota=20, quota_per_event=5, summary="第一行\n第二行")
    draft = notices.save_notice("contest", contest.id, title="关于举办测试赛的通知", body="请各单位报名。", actor=actor, at=cast.at)
    pdf = io.BytesIO()
    blank = pikepdf.new()
    blank.add_blank_page()
    blank.save(pdf)
    notices.attach_file(draft.id, pdf.getvalue(), name="通知.pdf", actor=actor, at=cast.at)
    assert "请各单位报名" not in text_of(client, f"/contests/{contest.id}")
    notices.publish_notice(draft.id, actor=actor, at=cast.at)
    page = text_of(client, f"/contests/{contest.id}")
    for words in (
        "正在报名，", "共 20 个名额，还有 20 个", "请各单位报名。", "通知.pdf", "测试省总工会", "承办单位", "手工拉面基本功", "名额 5",
        "时限 40 分钟", "总成绩 = 理论知识 30% + 实操综合成绩 70%", "金奖：第 1 名", "公布赛事",
        '<span lang="en">Test contest</span>', '<span lang="bo">འགྲན་སྡུར།</span>',
    ):
        assert words in page, words
    assert f'href="/contests/{contest.id}/entry">我要报名' in page
    assert "进入办理页面" not in page
    assert "<script>" not in page
    assert " style=" not in page


def test_changes_are_shown_with_their_reasons(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    called_off(contest.id, "因大雪封路", by=cast.actor("organizer"), second=cast.actor("supervisor"), at=cast.at)
    page = text_of(client, f"/contests/{contest.id}")
    assert "本赛事已取消" in page
    assert page.count("因大雪封路") == 2


def test_a_draft_is_for_those_who_work_on_it(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="draft", host=cast.prefecture)
    assert client.get(f"/contests/{contest.id}").status_code == 404
    cast.sign_in(client, cast.account("contestant"))
    assert client.get(f"/contests/{contest.id}").status_code == 404
    cast.sign_in(client, cast.account("organizer", "union", cast.other_county.id))
    assert client.get(f"/contests/{contest.id}").status_code == 404
    cast.sign_in(client, cast.account("organizer", "union", cast.prefecture.id))
    assert "这是草稿的预览" in text_of(client, f"/contests/{contest.id}")
    assert client.get("/contests/00000000-0000-4000-8000-000000000000").status_code == 404


def test_registration_that_opens_later_says_when(client: FlaskClient, cast: Cast) -> None:
    opens = now() + timedelta(days=3)
    contest = make_contest(cast, registration_opens_at=opens, registration_closes_at=opens + timedelta(days=1))
    page = text_of(client, f"/contests/{contest.id}")
    assert "报名尚未开始，" in page
    assert "我要报名" not in page
