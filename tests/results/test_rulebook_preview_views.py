"""The pages of a change of a frozen rulebook: the list, who sees it with which names, asking, renewing and confirming."""

import io
import uuid

from flask.testing import FlaskClient
from lxml import html
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from competition.contests.queries import current_rulebook, newest_preview
from competition.core import approvals
from competition.core.database import db
from competition.registration.models import Entry
from competition.results.gathering import compute
from tests.builders import ask_rules, judged_contest, open_codes, preview_rules, run_apart
from tests.cast import Cast
from tests.queries import statements_of
from tests.results.test_rulebook_preview import SMALL, changed, lighter, lines_of, untrimmed
from tests.results.test_service import correct_theory


def address(contest_id: uuid.UUID, preview_id: uuid.UUID) -> str:
    return f"/manage/contests/{contest_id}/results/rulebook-changes/{preview_id}"


def test_codes_stay_codes_for_everybody_until_they_are_opened(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 3, **SMALL)
    names = set(db.session.scalars(select(Entry.name).where(Entry.contest_id == contest.id)))
    codes = {work.code for work in compute(contest.id).sides["basic"].works.values()}
    asked = ask_rules(contest.id, changed(contest, untrimmed), reason="公布有误", at=cast.at,
                      actor=cast.actor("organizer", "contest", contest.id))
    kept = newest_preview(asked.id)
    base, line = address(contest.id, kept.id), kept.content["lines"][0]
    assert {line["who"] for line in lines_of(kept.content, "event:basic")} <= codes
    assert not lines_of(kept.content, "total:overall")
    approval = f"/approvals/{asked.id}"
    for role in ("organizer", "supervisor", "chief_judge", "auditor"):
        cast.sign_in(client, cast.account(role, "contest", contest.id))
        pages = [client.get(path) for path in (base, f"{base}/scopes/{line['scope']}/{line['who']}", approval)]
        assert [page.status_code for page in pages[:2]] == [200, 200], role
        assert not [name for page in pages for name in names if name in page.text], role
    assert "解密后才知道" in client.get(base).text
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    book = client.post(f"{base}/list.xlsx", data={"purpose": "档案留存"}).data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(rows) - 2 == sum(len(one["changes"]) for one in kept.content["lines"])
    assert not names & {str(cell) for row in rows for cell in row}
    open_codes(cast, contest)
    # A kept list still names nobody; who looks now has it computed again.
    page = client.get(base).text
    assert "清单可能已经不同" in page
    assert not [name for name in names if name in page]


def test_others_find_nothing(client: FlaskClient, cast: Cast) -> None:
    contest, other = judged_contest(cast, 3, **SMALL), judged_contest(cast, 2, events=("theory",))
    draft = preview_rules(contest.id, changed(contest, untrimmed), reason="公布有误", at=cast.at,
                          actor=cast.actor("organizer", "contest", contest.id))
    base, elsewhere = address(contest.id, draft.id), address(other.id, draft.id)
    cast.sign_in(client, cast.account("organizer", "contest", other.id))
    for path in (base, elsewhere, f"{base}/list.xlsx", f"{elsewhere}/list.xlsx", f"{base}/scopes/event:basic/A-01"):
        assert client.get(path).status_code == 404, path
    for path in (f"{base}/ask", f"{elsewhere}/ask", f"{base}/renew", f"{elsewhere}/renew", f"{base}/confirm", f"{elsewhere}/confirm"):
        assert client.post(path, data={"seen": draft.digest}).status_code == 404, path
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert client.get(address(contest.id, uuid.uuid4())).status_code == 404
    assert client.get(f"{base}/scopes/event:basic/nobody").status_code == 404
    assert client.post(f"{base}/confirm", data={"seen": draft.digest}).status_code == 409
    # Somebody else's draft is looked at, not asked for.
    cast.sign_in(client, cast.account("chief_judge", "contest", contest.id))
    assert "申请修改，由另一人批准" not in client.get(base).text
    assert client.post(f"{base}/ask").status_code == 409
    assert approvals.open_request("contests.change_rulebook", contest.id) is None


def test_from_the_list_to_the_version_with_marks_in_between(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 4, **SMALL)
    open_codes(cast, contest)
    contest_id = contest.id
    first, second = cast.account("organizer", "contest", contest_id), cast.account("supervisor", "contest", contest_id)
    cast.sign_in(client, first)
    draft = preview_rules(contest_id, changed(contest, lighter), reason="公布有误", at=cast.at,
                          actor=cast.actor("organizer", "contest", contest_id))
    base, number = address(contest_id, draft.id), draft.from_number
    page = html.fromstring(client.get(base).text)
    assert len(page.xpath("//table")[1].xpath(".//tbody/tr")) == len(draft.content["lines"]) == 4
    assert "没有符合条件的行" in client.get(f"{base}?q=nobody").text
    assert "已提出修改申请" in client.post(f"{base}/ask", follow_redirects=True).text
    approval = approvals.open_request("contests.change_rulebook", contest_id)
    base = address(contest_id, newest_preview(approval.id).id)
    correct_theory(contest, 1, "55")
    cast.sign_in(client, second)
    assert "重新计算后再看" in client.get(f"/approvals/{approval.id}").text
    assert "清单可能已经不同" in client.get(base).text
    answer = client.post(f"{base}/renew")
    run_apart(uuid.UUID(answer.location.rpartition("/")[2]))
    seen = newest_preview(approval.id).digest
    page_text = client.get(base).text
    assert "我已看过新的清单" in page_text
    assert html.fromstring(page_text).xpath("string(//input[@name='seen']/@value)") == seen
    assert client.get(f"{base}?new=yes").status_code == 200
    assert "清单已经不同" in client.post(f"{base}/confirm", data={"seen": "x"}, follow_redirects=True).text
    assert "现在可以批准" in client.post(f"{base}/confirm", data={"seen": seen}, follow_redirects=True).text
    assert client.post(f"/approvals/{approval.id}/decide", data={"decision": "approve"}).status_code == 303
    assert current_rulebook(contest_id).number == number + 1
    page_text = client.get(f"/manage/contests/{contest_id}/rulebook/versions/{number + 1}").text
    seen_page = html.fromstring(page_text).xpath("string(//a[contains(., '影响清单')]/@href)")
    assert f"已生效为第 {number + 1} 版" in client.get(seen_page).text


def test_a_page_costs_the_same_for_few_and_many(client: FlaskClient, cast: Cast) -> None:
    counts = []
    for n in (3, 12):
        contest = judged_contest(cast, n, **SMALL)
        contest_id = contest.id
        cast.sign_in(client, cast.account("organizer", "contest", contest_id))
        draft = preview_rules(contest_id, changed(contest, untrimmed), reason="公布有误", at=cast.at,
                              actor=cast.actor("organizer", "contest", contest_id))
        counts.append(len(statements_of(client, address(contest_id, draft.id))))
    assert counts[0] == counts[1] <= 30, counts
