"""Pages: who sees what, what the public never sees, the whole way from locked rounds to a correction."""

import io
import re
import uuid
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from competition.accounts.models import Account
from competition.arena import service as arena
from competition.contests.models import Contest
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.database import atomic, db, get
from competition.core.jobs import Job, run_job
from competition.registration.models import Entry
from competition.results import queries, service
from tests.builders import judged_contest, lines_of, open_codes, publish_all, published_contest
from tests.cast import Cast
from tests.catalogues.unmarked import HAN
from tests.queries import statements_of
from tests.results.test_service import correct_theory

SMALL: dict[str, Any] = {"events": ("theory", "basic"), "seats": 3}
CANARIES = {"employer": "不可公开面馆", "trade": "不可公开工种"}


@pytest.fixture
def contest(cast: Cast) -> Contest:
    """Four contestants, judged and locked, codes closed."""
    return judged_contest(cast, 4, **SMALL)


@pytest.fixture
def published(cast: Cast) -> Contest:
    """The same, opened and published; employers and trades are canaries."""
    contest = judged_contest(cast, 4, **SMALL)
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(update(Entry).where(Entry.contest_id == contest.id).values(**CANARIES))
    open_codes(cast, contest)
    publish_all(cast, contest)
    return contest


def base(contest: Contest) -> str:
    return f"/manage/contests/{contest.id}/results"


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status
    return answer.get_data(as_text=True)


def sign_in(cast: Cast, client: FlaskClient, contest: Contest, role: str) -> FlaskClient:
    return cast.sign_in(client, cast.account(role, "contest", contest.id))


def own_entry(cast: Cast, contest: Contest, name: str = "选手001") -> tuple[Any, Entry]:
    """An account of a contestant, and the entry that is now theirs."""
    account = cast.account("contestant", name=f"账号{name}")
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(update(Entry).where(Entry.contest_id == contest.id, Entry.name == name).values(account_id=account.id))
    entry = db.session.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.name == name)).one()
    return account, entry


# ---- before decoding ---------------------------------------------------------------------------


def test_staff_see_codes_and_no_name_before_decoding(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    computed = service.compute(contest.id)
    names = [e.name for e in db.session.scalars(select(Entry).where(Entry.contest_id == contest.id))]
    row = computed.rows("event:basic")[0]
    event_id, work_id = computed.sides["basic"].event.id, computed.sides["basic"].work_of[row.entry]
    for role in ("organizer", "chief_judge", "scorekeeper", "supervisor"):
        sign_in(cast, client, contest, role)
        for path in ("", "/scopes/event:basic", f"/scopes/event:basic/{row.entry}", "/decisions", f"/sums/{event_id}",
                     f"/sums/{event_id}/works/{work_id}", "/scopes/total:overall"):
            text = page(client, base(contest) + path)
            assert not any(name in text for name in names), (role, path)
    assert row.entry in page(client, f"{base(contest)}/scopes/event:basic")


def test_the_steps_say_what_is_missing_and_who_does_it(cast: Cast, client: FlaskClient) -> None:
    contest = judged_contest(cast, 3, lock=False, **SMALL)
    text = page(sign_in(cast, client, contest, "organizer"), base(contest))
    assert "手工拉面基本功：评分中，还没有锁定" in text
    assert "由谁办理：裁判长" in text
    assert "还没有解密" in text
    assert "已完成 0 / 2" in text


@pytest.mark.parametrize("role", ["judge", "timekeeper", "contestant"])
def test_others_do_not_see_staff_pages(cast: Cast, client: FlaskClient, contest: Contest, role: str) -> None:
    assert sign_in(cast, client, contest, role).get(base(contest)).status_code == 403


def test_staff_of_another_contest_find_nothing(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    cast.sign_in(client, cast.account("organizer", "contest", uuid.uuid4()))
    for path in ("", "/scopes/event:basic", "/publish", "/correct", "/decisions", "/book", "/book.xlsx"):
        assert client.get(base(contest) + path).status_code == 404, path


def test_who_may_not_do_it_is_refused(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    sign_in(cast, client, contest, "scorekeeper")
    page(client, f"{base(contest)}/publish", 403)
    sign_in(cast, client, contest, "organizer")
    event_id = service.compute(contest.id).sides["basic"].event.id
    assert client.post(f"{base(contest)}/sums/{event_id}/draw").status_code == 403


# ---- explanation -------------------------------------------------------------------------------


def test_each_line_is_explained_down_to_the_judges_marks(cast: Cast, client: FlaskClient, published: Contest) -> None:
    row = service.compute(published.id).rows("total:overall")[0]
    text = page(sign_in(cast, client, published, "chief_judge"), f"{base(published)}/scopes/total:overall/{row.entry}")
    for wanted in ("座位 2", "理论知识 ", "× 30%", "实操综合成绩", "卫生与准备", "四舍五入，保留 2 位小数", "取平均：", "用时 10:"):
        assert wanted in text, wanted
    assert "测试裁判" not in text
    assert str(row.value) in text
    page(client, f"{base(published)}/scopes/total:overall/{uuid.uuid4()}", 404)
    page(client, f"{base(published)}/scopes/total:nothing/{row.entry}", 404)


def test_the_whole_explanation_is_read_in_english(cast: Cast, client: FlaskClient, published: Contest) -> None:
    account, entry = own_entry(cast, published)
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(update(Account).where(Account.id == account.id).values(locale="en"))
    cast.sign_in(client, account)
    rows = lines_of(entry)
    assert rows
    for row in rows:
        text = page(client, f"/my/results/{row.id}")
        sentences = re.findall(r"<li>(.*?)</li>", "".join(re.findall(r'<ol class="sums">.*?</ol>', text, re.DOTALL)))
        assert len(sentences) > 2
        assert not [one for one in sentences if HAN.search(one)]
        assert "rounded half up to 2 decimals" in text
        assert not HAN.search("".join(re.findall(r'<table class="table marks">.*?</table>', text, re.DOTALL)))


def test_a_contestant_sees_the_own_line_only(cast: Cast, client: FlaskClient, published: Contest) -> None:
    account, entry = own_entry(cast, published)
    cast.sign_in(client, account)
    for row in lines_of(entry):
        text = page(client, f"/my/results/{row.id}")
        assert row.public_name in text
        assert str(row.value) in text
        assert "测试裁判" not in text
    overall = next(r for r in lines_of(entry) if r.publication.scope == "total:overall")
    text = page(client, f"/my/results/{overall.id}")
    assert "座位 2" in text
    other = db.session.scalars(select(Entry).where(Entry.contest_id == published.id, Entry.name == "选手002")).one()
    for row in lines_of(other):
        page(client, f"/my/results/{row.id}", 404)
    page(client, f"/my/results/{uuid.uuid4()}", 404)
    sign_in(cast, client, published, "organizer")
    page(client, f"/my/results/{overall.id}", 404)
    with client.session_transaction() as session:
        session.clear()
    assert client.get(f"/my/results/{overall.id}").status_code == 303


# ---- the public page ---------------------------------------------------------------------------


def test_the_public_sees_rank_name_team_region_award_and_nothing_else(cast: Cast, client: FlaskClient, published: Contest) -> None:
    entries = list(db.session.scalars(select(Entry).where(Entry.contest_id == published.id)))
    publications = queries.current_with_rows(published.id)
    secrets = set(CANARIES.values())
    for entry in entries:
        assert entry.person is not None
        secrets |= {str(entry.id), str(entry.person_id), entry.number or "?", entry.person.document_masked or "?"}
    secrets |= {row.value for p in publications for row in p.rows if row.value}
    secrets |= {work.code for side in service.compute(published.id).sides.values() for work in side.works.values()}
    for publication in publications:
        for address in (f"/contests/{published.id}/results/{publication.scope}", f"/contests/{published.id}/results/{publication.scope}/1"):
            text = page(client, address)
            assert not [secret for secret in secrets if secret in text]
            for row in publication.rows:
                assert row.public_name in text
                assert row.team_name in text
            assert "<script" not in text.split("<main", 1)[1].split("</main>", 1)[0]
    assert f"/contests/{published.id}/results" in page(client, f"/contests/{published.id}")
    text = page(client, f"/contests/{published.id}/results")
    assert "技术能手" in text
    assert "第 1 版" in text


def test_who_has_no_rank_is_not_named_in_public(cast: Cast, client: FlaskClient) -> None:
    contest = judged_contest(cast, 4, **SMALL)
    event = service.compute(contest.id).sides["basic"].event
    open_codes(cast, contest)
    last = service.compute(contest.id).rows("event:basic")[-1].entry
    entrant = next(e for e in db.session.get_one(Entry, uuid.UUID(last)).entrants if e.event_id == event.id)
    arena_ruling(cast, entrant.id)
    publish_all(cast, contest)
    name = db.session.get_one(Entry, uuid.UUID(last)).name
    assert name not in page(client, f"/contests/{contest.id}/results/event:basic")
    assert "另有 1 名参赛者没有名次" in page(client, f"/contests/{contest.id}/results/event:basic")
    text = page(sign_in(cast, client, contest, "supervisor"), f"{base(contest)}/published/event:basic/1")
    assert name in text
    assert "取消成绩" in text


def arena_ruling(cast: Cast, entrant_id: uuid.UUID) -> None:
    arena.record_outcome(entrant_id, "RESULT_CANCELLED", "作品有身份标记", actor=cast.actor("supervisor"), at=cast.at)


def test_nothing_is_public_before_publishing_nor_of_a_draft(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    open_codes(cast, contest)
    text = page(client, f"/contests/{contest.id}/results")
    assert "成绩还没有发布" in text
    assert "查看成绩" not in page(client, f"/contests/{contest.id}")
    assert "选手00" not in text
    page(client, f"/contests/{contest.id}/results/event:basic", 404)
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(update(Contest).where(Contest.id == contest.id).values(phase="draft"))
    db.session.rollback()
    page(client, f"/contests/{contest.id}/results", 404)


def test_public_pages_ask_nothing_of_live_tables(cast: Cast, client: FlaskClient, published: Contest) -> None:
    sent = statements_of(client, f"/contests/{published.id}/results/total:overall")
    live = ("mark_event", "sheet", "figure", "code", "work", "entry", "entrant", "outcome", "person")
    assert not [s for s in sent for table in live if f"FROM {table} " in s or f"JOIN {table} " in s]


# ---- publishing and correcting through pages ---------------------------------------------------------


def test_from_asking_to_the_public_page(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    open_codes(cast, contest)
    sign_in(cast, client, contest, "organizer")
    assert "可以发布 4 项成绩" in page(client, f"{base(contest)}/publish")
    refused = client.post(f"{base(contest)}/publish", data={"scopes": ["event:basic"], "reason": ""})
    assert refused.status_code == 422
    assert "请写明核对情况" in refused.get_data(as_text=True)
    done = client.post(f"{base(contest)}/publish", data={"scopes": ["event:basic", "total:overall"], "reason": "核对无误"})
    assert done.status_code == 303
    assert "等待第二人审批" in page(client, base(contest))
    asked = db.session.scalars(select(Approval).where(Approval.kind == "results.publish")).one()
    assert client.post(f"/approvals/{asked.id}/decide", data={"decision": "approve"}).status_code == 403
    sign_in(cast, client, contest, "supervisor")
    assert client.post(f"/approvals/{asked.id}/decide", data={"decision": "approve"}).status_code == 303
    assert "选手00" in page(client, f"/contests/{contest.id}/results")
    sign_in(cast, client, contest, "organizer")
    assert "全部成绩都已发布" in page(client, f"{base(contest)}/publish")


def test_the_page_says_why_it_cannot_be_published(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    sign_in(cast, client, contest, "organizer")
    assert "还没有解密，不能发布" in page(client, f"{base(contest)}/publish")
    refused = client.post(f"{base(contest)}/publish", data={"scopes": ["event:basic"], "reason": "试一试"})
    assert refused.status_code == 409
    assert "试一试" in refused.get_data(as_text=True)


def test_a_correction_is_told_to_everybody(cast: Cast, client: FlaskClient, published: Contest) -> None:
    account, entry = own_entry(cast, published)
    row = next(r for r in lines_of(entry) if r.publication.scope == "event:theory")
    sign_in(cast, client, published, "organizer")
    assert "没有需要更正的" in page(client, f"{base(published)}/correct")
    correct_theory(published, row.position, "100" if row.rank != 1 else "30")
    text = page(client, f"{base(published)}/correct")
    assert "选手001" in text
    assert client.post(f"{base(published)}/correct", data={"reason": "理论成绩录入有误"}).status_code == 303
    asked = db.session.scalars(select(Approval).where(Approval.kind == "results.correct")).one()
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    public = page(client, f"/contests/{published.id}/results/event:theory")
    assert "第 2 版" in public
    assert "理论成绩录入有误" in public
    assert "已更正" in public
    assert "100.00" not in public
    assert "这是第 1 版，已被更正。" in page(client, f"/contests/{published.id}/results/event:theory/1")
    page(client, f"/contests/{published.id}/results/event:theory/3", 404)
    assert "这一版更正了什么" in page(client, f"{base(published)}/published/event:theory/2")
    cast.sign_in(client, account)
    assert "之后已经更正" in page(client, f"/my/results/{row.id}")


# ---- the book ----------------------------------------------------------------------------------


def test_the_book_as_paper_and_as_workbook(cast: Cast, client: FlaskClient, published: Contest) -> None:
    sign_in(cast, client, published, "scorekeeper")
    assert "生成 PDF" in page(client, f"{base(published)}/book")
    text = page(client, f"{base(published)}/book/event:basic")
    for wanted in ("主办单位：测试省总工会", "裁判长", "监督", "记分员", "裁判评分", "评分规则校验值"):
        assert wanted in text
    first = client.post(f"{base(published)}/book")
    assert first.status_code == 303
    assert client.post(f"{base(published)}/book").location == first.location
    job = db.session.scalars(select(Job).where(Job.kind == "results.book")).one()
    job_id, contest_id, root = job.id, published.id, base(published)
    making = page(client, f"{root}/book")
    assert "正在生成 PDF" in making
    assert f'href="/jobs/{job_id}"' in making
    assert f'action="{root}/book"' not in making, "once is enough"
    other = sign_in(cast, client.application.test_client(), published, "chief_judge")
    run_job(job_id)
    job = db.session.get_one(Job, job_id)
    assert job.state == "done", job.error
    assert "打开 PDF" in page(client, f"{root}/book")
    with client.get((job.result or {})["href"]) as pdf:
        assert pdf.status_code == 200
        data = pdf.data
    with pikepdf.open(io.BytesIO(data)) as paper:
        assert len(paper.pages) == 4
    assert other.get(f"{root}/book/{job_id}.pdf").status_code == 404
    assert "生成 PDF" in page(other, f"{root}/book")
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.post(f"{root}/book.xlsx").data))
    assert book.sheet_names == ["理论知识", "手工拉面基本功", "实操综合成绩", "总成绩"]
    rows = book.get_sheet_by_name("手工拉面基本功").to_python()
    assert "导出人：测试scorekeeper" in rows[0][0]
    assert rows[1] == ["名次", "姓名", "代表队", "代表团", "地区", "裁判评分", "用时", "时间加减分", "扣分", "成绩", "奖项", "情况"]
    found = queries.get_publication(contest_id, "event:basic").rows[0]
    assert rows[2][:2] == [1, found.public_name]
    assert rows[2][9] == float(found.value or "0")
    assert rows[2][6] == "10:01"
    cast.sign_in(client, cast.account("judge", "contest", contest_id))
    assert client.get((job.result or {})["href"]).status_code == 403


def test_the_result_sheet_prints_how_a_line_came_about(cast: Cast, client: FlaskClient, published: Contest) -> None:
    account, entry = own_entry(cast, published)
    row = next(r for r in queries.get_publication(published.id, "total:overall").rows if r.entry_id == entry.id)
    other = next(r for r in queries.get_publication(published.id, "total:overall").rows if r.entry_id != entry.id)
    row_id, other_id, name, others = row.id, other.id, row.public_name, other.public_name
    sheets, chapter = f"{base(published)}/book/total:overall/sheets", f"{base(published)}/book/event:basic/sheets"
    cast.sign_in(client, account)
    own = page(client, f"/my/results/{row_id}/sheet")
    for wanted in ("成绩单", name, "名次是怎样得来的", "理论知识", "实操综合成绩", "座位 1", "合计", "评分规则校验值"):
        assert wanted in own
    assert others not in own
    page(client, f"/my/results/{other_id}/sheet", 404)
    sign_in(cast, client, published, "scorekeeper")
    assert page(client, f"{sheets}/{row_id}") == own.replace(f"/my/results/{row_id}", f"{base(published)}/book")
    page(client, f"{chapter}/{row_id}", 404)
    assert page(client, sheets).count("名次是怎样得来的") == len(queries.get_publication(published.id, "total:overall").rows)


@pytest.mark.parametrize(("days", "words"), [(5, "在发布后 5 个工作日的公示期内书面向"), (0, "本赛事成绩不公示。对成绩有异议的")])
def test_page_and_paper_say_how_to_object_by_the_contests_own_public_notice(
    cast: Cast, client: FlaskClient, published: Contest, days: int, words: str,
) -> None:
    account, entry = own_entry(cast, published)
    row = next(r for r in queries.get_publication(published.id, "total:overall").rows if r.entry_id == entry.id)
    addresses = (f"/my/results/{row.id}", f"/my/results/{row.id}/sheet")
    with atomic():
        get(Contest, published.id, lock=True).public_notice_days = days
        audit.record("test.days", actor=SYSTEM, subject=("contest", published.id), at=cast.at, chain=published.id)
    cast.sign_in(client, account)
    assert [words in page(client, address) for address in addresses] == [True, True]


def test_there_is_no_book_before_publishing(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    page(sign_in(cast, client, contest, "organizer"), f"{base(contest)}/book", 404)
    assert client.post(f"{base(contest)}/book").status_code == 404


# ---- statements --------------------------------------------------------------------------------


def test_every_list_costs_the_same_with_three_and_with_thirty(cast: Cast, client: FlaskClient) -> None:
    counts: dict[str, list[int]] = {}
    for number in (3, 30):
        contest = published_contest(cast, number, **SMALL)
        contest_id, event_id = contest.id, next(e.id for e in contest.events if e.key == "basic")
        service.draw_sample(event_id, actor=cast.actor("scorekeeper"), at=cast.at)
        account, entry = own_entry(cast, contest)
        row = next(r for r in lines_of(entry) if r.publication.scope == "total:overall")
        public = [f"/contests/{contest_id}/results", f"/contests/{contest_id}/results/event:basic/1"]
        own = f"/my/results/{row.id}"
        root = f"/manage/contests/{contest_id}/results"
        staff = [root, f"{root}/scopes/event:basic", f"{root}/scopes/total:overall/{entry.id}", f"{root}/sums/{event_id}",
                 f"{root}/published/total:overall/1", f"{root}/book", f"{root}/book/event:basic", f"{root}/publish", f"{root}/correct"]
        for address in public:
            counts.setdefault(address.replace(str(contest_id), ""), []).append(len(statements_of(client, address)))
        cast.sign_in(client, cast.account("organizer"))
        for address in staff:
            key = address.replace(str(contest_id), "").replace(str(entry.id), "").replace(str(event_id), "")
            counts.setdefault(key, []).append(len(statements_of(client, address)))
        cast.sign_in(client, account)
        counts.setdefault("own", []).append(len(statements_of(client, own)))
        with client.session_transaction() as session:
            session.clear()
    assert all(few == many for few, many in counts.values()), counts
    assert max(counts["/contests//results"]) <= 12, counts
