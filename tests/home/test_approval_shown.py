"""Whoever approves sees what is approved: the contest, names, figures, differences, the pages behind; checksums last."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from competition.arena import service as arena
from competition.certificates import service as certificates
from competition.contests import service as contests
from competition.contests.queries import current_rulebook, rounds_of
from competition.contests.rules_told import differences
from competition.core import approvals
from competition.core.database import db
from competition.judging import service as judging
from competition.registration.models import Entry
from competition.results import service as results
from competition.results.queries import current_publications
from tests.builders import ask_rules, judged_contest, make_contest, open_codes
from tests.cast import Cast

EVENTS = ("theory", "broth")


def shown(client: FlaskClient, cast: Cast, approval: approvals.Approval, role: str, contest: Any) -> str:
    cast.sign_in(client, cast.account(role, "contest", contest.id))
    answer = client.get(f"/approvals/{approval.id}")
    assert answer.status_code == 200
    tree = html.fromstring(answer.text)
    assert contest.name in tree.xpath("string(//main)")
    # What is technical is folded away, below everything else.
    assert not tree.xpath("//details[@open]")
    main = tree.xpath("string(//main)")
    assert main.index(contest.name) < main.index(approval.payload_digest)
    return str(answer.text)


def test_every_request_of_a_contest_is_shown_in_words(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 4, events=EVENTS)
    organizer, at = cast.actor("organizer", "contest", contest.id), cast.at
    broth = next(event for event in contest.events if event.key == "broth")
    asked = arena.ask_open_codes(broth.id, "评分已锁定", actor=organizer, at=at)
    page = shown(client, cast, asked, "supervisor", contest)
    assert "4 件作品，评分已锁定" in page
    assert "/sums" in page
    approvals.decide(asked.id, approve=False, actor=cast.actor("supervisor", "contest", contest.id), at=at, note="再等等")
    round_ = next(found for found in rounds_of(contest.id) if found.event_id == broth.id)
    unlock = judging.ask_unlock(round_.id, reason="录错一项", actor=cast.actor("chief_judge", "contest", contest.id), at=at)
    assert "已提交 12 份，应交 12 份" in shown(client, cast, unlock, "supervisor", contest)
    approvals.decide(unlock.id, approve=False, actor=cast.actor("supervisor", "contest", contest.id), at=at, note="不必")
    open_codes(cast, contest)
    publish = results.ask_publish(contest.id, results.scopes(contest.id), "核对无误", actor=organizer, at=at)
    page = shown(client, cast, publish, "supervisor", contest)
    first = html.fromstring(page).xpath("//table//tr[normalize-space(td[1]) = '1']")[0]
    assert first.xpath("string(td[2])").strip() in _names(contest)
    assert "金奖" in page
    assert f"/manage/contests/{contest.id}/results" in page
    approvals.decide(publish.id, approve=True, actor=cast.actor("supervisor", "contest", contest.id), at=at)
    assert first.xpath("string(td[2])").strip() in shown(client, cast, publish, "supervisor", contest)
    publication = next(p for p in current_publications(contest.id).values() if p.scope == "event:broth")
    template = next(t for t in certificates.ensure_ready_templates(at) if t.kind == "award")
    batch = certificates.prepare_batch(publication.id, template.id, title="调汤获奖证书", actor=organizer, at=at)
    db.session.commit()
    assert any(row.public_name in client.get(f"/manage/contests/{contest.id}/certificates/{batch.id}").text for row in publication.rows)


def _names(contest: Any) -> set[str]:
    return set(db.session.scalars(select(Entry.name).where(Entry.contest_id == contest.id)))


def test_a_changed_rulebook_is_shown_figure_by_figure(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, events=("theory", "basic"))
    contests.freeze_rulebook(contest.id, at=cast.at)
    document = current_rulebook(contest.id).document
    events = [{**event, "full": "120"} if event["key"] == "theory" else event for event in document["events"]]
    asked = ask_rules(contest.id, {**document, "events": events}, reason="满分公布有误",
                                         actor=cast.actor("organizer", "contest", contest.id), at=cast.at)
    page = html.fromstring(shown(client, cast, asked, "supervisor", contest))
    rows = [[cell.text_content().strip() for cell in row] for row in page.xpath("//table//tr[td]")]
    assert rows == [["理论知识 › 满分", "100 分", "120 分"]]


@pytest.mark.parametrize(("old", "new", "found"), [
    ({"a": 1}, {"a": 2}, [("/a", 1, 2)]),
    ({"a": 1}, {}, [("/a", 1, None)]),
    ([{"key": "x", "v": 1}, {"key": "y"}], [{"key": "y"}, {"key": "x", "v": 2}], [("/1/v", 1, 2), ("/@order", "x、y", "y、x")]),
    ([{"of": "x"}], [], [("/0", {"of": "x"}, None)]),
    ([1, 2], [1, 3], [("/1", 2, 3)]),
])
def test_differences_of_documents(old: Any, new: Any, found: list[Any]) -> None:
    assert [(path, before, after) for path, before, after, _side in differences(old, new, "")] == found
