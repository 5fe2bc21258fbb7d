"""A change of a frozen rulebook: what it does to the figures is seen by both people before anything changes."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from competition.contests import hooks, service
from competition.contests.models import Contest, RulebookPreview
from competition.contests.queries import current_rulebook, newest_preview
from competition.core import approvals
from competition.core.audit import AuditRow
from competition.core.database import db, get
from competition.core.errors import Forbidden, RuleBroken
from competition.core.jobs import Job
from competition.judging.models import Sheet
from competition.registration.models import Entry
from competition.results.drafting import digest
from competition.results.gathering import compute
from competition.results.queries import current_publications
from competition.scoring import exact
from tests.builders import ask_rules, judged_contest, open_codes, preview_of, preview_rules, publish_all, run_apart
from tests.cast import Cast
from tests.judges import whole_marks
from tests.results.test_counted_twice import behind_the_back
from tests.results.test_service import correct_theory

SMALL: dict[str, Any] = {"events": ("theory", "basic")}
Document = dict[str, Any]
Twist = Callable[[Document], object]


def part(document: Document, key: str = "basic") -> Document:
    return next(one for one in document["events"] if one["key"] == key)


def changed(contest: Contest, change: Twist) -> Document:
    document = copy.deepcopy(current_rulebook(contest.id).document)
    change(document)
    return document


def lines_of(content: Document, scope: str) -> list[Document]:
    return [line for line in content["lines"] if line["scope"] == scope]


def whats(content: Document, scope: str) -> set[str]:
    return {one["what"] for line in lines_of(content, scope) for one in line["changes"]}


# ---- changes ------------------------------------------------------------------------------------------


def half(document: Document) -> None:
    """The first criterion takes points from the second: every work's figure is another one."""
    first, second = part(document)["criteria"][:2]
    first["max"], second["max"] = "5", "20"


def lighter(document: Document) -> None:
    total = next(one for one in document["totals"] if one["key"] == "overall")
    total["parts"][0]["weight"], total["parts"][1]["weight"] = "50", "50"


def untrimmed(document: Document) -> None:
    part(document)["panel"] = {"by": "sheet", "method": "median", "minimum": 3, "source": "default"}


def rounded(document: Document) -> None:
    part(document)["rounding"] = {"places": 0, "mode": "half_up"}


def without_ties(document: Document) -> None:
    part(document)["ranking"] = {"ties": [], "shared": "competition", "source": "default"}


def no_ties(document: Document) -> None:
    part(document)["ranking"] = {"ties": [], "shared": "forbidden", "source": "default"}


def two_golds(document: Document) -> None:
    tiers = part(document)["awards"][0]["tiers"]
    tiers[0]["to"], tiers[1]["from"] = 2, 3


def renamed(document: Document) -> None:
    part(document)["criteria"][0]["text"] = {"zh": "说明文字改写。"}


def without_criterion(document: Document) -> None:
    criteria = part(document)["criteria"]
    gone = criteria.pop(0)
    criteria[0]["max"] = str(int(criteria[0]["max"]) + int(gone["max"]))


def test_what_each_change_changes_and_what_it_leaves(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 4, **SMALL)
    open_codes(any_cast, contest)

    def effects(change: Twist) -> Document:
        found = dict(hooks.effects_of(contest.id, changed(contest, change)).content)
        assert not lines_of(found, "event:theory")
        assert set(found["counted"]) == {"event:theory", "event:basic", "total:practical", "total:overall"}
        assert found["same"] + len(found["lines"]) == 16
        return found

    weights = effects(lighter)
    assert not lines_of(weights, "event:basic")
    before = {row.entry: exact.text(row.value) for row in compute(contest.id).rows("total:overall") if row.value is not None}
    for line in lines_of(weights, "total:overall"):
        assert next(one["before"] for one in line["changes"] if one["what"] == "value") == before[line["who"]]
    assert "value" in whats(effects(untrimmed), "total:overall")
    assert "value" in whats(effects(rounded), "event:basic")
    prizes = effects(two_golds)
    assert [line["changes"] for line in prizes["lines"]] == [
        [{"what": "award", "label": "", "kind": "", "before": "银奖", "after": "金奖"}]]
    nothing = effects(renamed)
    assert (nothing["lines"], nothing["problems"]) == ([], [])
    # What is kept is read as it was written.
    assert digest(json.loads(json.dumps(weights))) == digest(weights)


def test_a_shorter_tie_chain_makes_ranks_shared(cast: Cast) -> None:
    contest = judged_contest(cast, 3, marking=whole_marks, **SMALL)
    found = hooks.effects_of(contest.id, changed(contest, without_ties)).content
    assert "rank" in whats(found, "event:basic")
    assert "value" not in whats(found, "event:basic")
    forbidden = hooks.effects_of(contest.id, changed(contest, no_ties)).content
    assert "tie.forbidden" in {group["first"]["code"] for group in forbidden["problems"]}
    # Ranks are missing by the new rules: there is nothing to be counted twice.
    assert "event:basic" not in forbidden["counted"]


@pytest.mark.parametrize(("change", "code"), [(half, "mark.refused"), (without_criterion, "mark.unknown_criterion")])
def test_marks_that_no_longer_fit_are_problems(any_cast: Cast, change: Twist, code: str) -> None:
    contest = judged_contest(any_cast, 3, **SMALL)
    found = hooks.effects_of(contest.id, changed(contest, change)).content
    assert code in {group["first"]["code"] for group in found["problems"]}
    assert "基本功" in "".join(found["uncounted"])


def test_an_event_that_is_taken_out_leaves_its_ranking(cast: Cast) -> None:
    contest = judged_contest(cast, 3, **SMALL)
    open_codes(cast, contest)

    def without_theory(document: Document) -> None:
        document["events"] = [one for one in document["events"] if one["key"] != "theory"]
        overall = next(one for one in document["totals"] if one["key"] == "overall")
        overall["parts"] = [{"of": "practical", "weight": "100"}]

    found = hooks.effects_of(contest.id, changed(contest, without_theory)).content
    assert {one["after"] for line in lines_of(found, "event:theory") for one in line["changes"]} == {""}
    assert "value" in whats(found, "total:overall")


# ---- two people ---------------------------------------------------------------------------------------


def row_of(act: str) -> AuditRow:
    return db.session.scalars(select(AuditRow).where(AuditRow.act == act).order_by(AuditRow.seq.desc())).first() or pytest.fail(act)


def test_two_people_see_the_same_list_and_it_is_kept_with_the_version(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 3, **SMALL)
    asker, other, at = any_cast.actor("organizer"), any_cast.actor("supervisor"), any_cast.at
    draft = preview_rules(contest.id, changed(contest, untrimmed), reason="公布有误", actor=asker, at=at)
    kept, number = (draft.digest, draft.content), draft.from_number
    assert current_rulebook(contest.id).number == number
    with pytest.raises(RuleBroken, match="由填写这项改动的人"):
        service.ask_rulebook_change(draft.id, actor=other, at=at)
    asked = service.ask_rulebook_change(draft.id, actor=asker, at=at)
    assert asked.payload["preview"] == draft.digest
    said = {"effects": draft.digest, "lines": len(draft.content["lines"]),
            "figures": sum(len(line["changes"]) for line in draft.content["lines"])}
    assert row_of("contests.ask_rulebook").details == {"version": number + 1, **said}
    with pytest.raises(Forbidden):
        approvals.decide(asked.id, approve=True, actor=asker, at=at)
    approvals.decide(asked.id, approve=True, actor=other, at=at)
    version = current_rulebook(contest.id)
    assert row_of("contests.set_rulebook").details == {"number": number + 1, "digest": version.digest, **said}
    applied = db.session.scalars(select(RulebookPreview).where(RulebookPreview.stage == "applied")).one()
    assert (applied.number, (applied.digest, applied.content)) == (version.number, kept)
    # The list that both saw is what came true.
    rows = {row.entry: row for row in compute(contest.id).rows("event:basic")}
    for line in lines_of(applied.content, "event:basic"):
        assert next(one["after"] for one in line["changes"] if one["what"] == "value") == exact.text(rows[line["who"]].value)
    with pytest.raises(RuleBroken, match="已经换成新的版本"):
        service.ask_rulebook_change(draft.id, actor=asker, at=at)


def test_marks_between_asking_and_approving_are_computed_seen_and_confirmed(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 4, **SMALL)
    open_codes(any_cast, contest)
    asker, other, at = any_cast.actor("organizer"), any_cast.actor("supervisor"), any_cast.at
    asked = ask_rules(contest.id, changed(contest, lighter), reason="公布有误", actor=asker, at=at)
    asked_id, document, seen = asked.id, asked.payload["document"], asked.payload["preview"]
    assert hooks.as_it_is(newest_preview(asked_id)) is not None
    correct_theory(contest, 1, "55")
    assert hooks.as_it_is(newest_preview(asked_id)) is None
    with pytest.raises(RuleBroken, match="看过新的内容并确认"):
        approvals.decide(asked_id, approve=True, actor=other, at=at)
    renewed = preview_of(service.renew_preview(newest_preview(asked_id).id, actor=other, at=at).id)
    assert renewed.digest == hooks.effects_of(contest.id, document).digest != seen
    assert newest_preview(asked_id).id == renewed.id
    with pytest.raises(RuleBroken, match="看过新的内容并确认"):
        approvals.decide(asked_id, approve=True, actor=other, at=at)
    with pytest.raises(RuleBroken, match="请重新查看"):
        service.confirm_rulebook_change(asked_id, seen=seen, actor=other, at=at)
    with pytest.raises(Forbidden):
        service.confirm_rulebook_change(asked_id, seen=renewed.digest, actor=asker, at=at)
    service.confirm_rulebook_change(asked_id, seen=renewed.digest, actor=other, at=at)
    assert row_of("contests.confirm_rulebook").details["effects"] == renewed.digest
    with pytest.raises(RuleBroken, match="看过新的内容并确认"):
        approvals.decide(asked_id, approve=True, actor=any_cast.actor("chief_judge", name="测试丙"), at=at)
    approvals.decide(asked_id, approve=True, actor=other, at=at)
    assert current_rulebook(contest.id).document == document
    with pytest.raises(RuleBroken):
        service.renew_preview(renewed.id, actor=other, at=at)


def test_marks_that_leave_the_list_as_it_was_do_not_stop_it(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 4, **SMALL)
    open_codes(any_cast, contest)
    asked = ask_rules(contest.id, changed(contest, two_golds), reason="公布有误", actor=any_cast.actor("organizer"), at=any_cast.at)
    asked_id = asked.id
    correct_theory(contest, 2, "55")
    assert hooks.as_it_is(newest_preview(asked_id)) is None
    approvals.decide(asked_id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert "金奖" in str(current_rulebook(contest.id).document)


def test_a_request_taken_back_changes_nothing_and_is_asked_anew(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 3, **SMALL)
    asker, other, at = any_cast.actor("organizer"), any_cast.actor("supervisor"), any_cast.at
    draft = preview_rules(contest.id, changed(contest, untrimmed), reason="公布有误", actor=asker, at=at)
    first = service.ask_rulebook_change(draft.id, actor=asker, at=at)
    with pytest.raises(RuleBroken, match="已有人提出申请"):
        service.ask_rulebook_change(draft.id, actor=asker, at=at)
    approvals.withdraw(first.id, actor=asker, at=at)
    with pytest.raises(RuleBroken, match="已经处理过"):
        approvals.decide(first.id, approve=True, actor=other, at=at)
    with pytest.raises(RuleBroken, match="已经处理过"):
        service.confirm_rulebook_change(first.id, seen=draft.digest, actor=other, at=at)
    assert current_rulebook(contest.id).number == draft.from_number
    again = service.ask_rulebook_change(draft.id, actor=asker, at=at)
    approvals.decide(again.id, approve=True, actor=other, at=at)
    assert current_rulebook(contest.id).number == draft.from_number + 1


def test_a_kept_list_that_was_changed_behind_the_back_is_not_believed(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 3, **SMALL)
    asked = ask_rules(contest.id, changed(contest, untrimmed), reason="公布有误", actor=any_cast.actor("organizer"), at=any_cast.at)
    asked_id, kept = asked.id, newest_preview(asked.id)
    behind_the_back(update(RulebookPreview).where(RulebookPreview.id == kept.id).values(content={**kept.content, "lines": []}))
    db.session.rollback()
    assert hooks.as_it_is(newest_preview(asked_id)) is None
    approvals.decide(asked_id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    applied = db.session.scalars(select(RulebookPreview).where(RulebookPreview.stage == "applied")).one()
    assert applied.content["lines"]


def test_what_is_published_is_said_and_stays(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 4, **SMALL)
    open_codes(any_cast, contest)
    publish_all(any_cast, contest)
    before = {scope: one.payload_digest for scope, one in current_publications(contest.id).items()}
    asked = ask_rules(contest.id, changed(contest, lighter), reason="公布有误", actor=any_cast.actor("organizer"), at=any_cast.at)
    content = newest_preview(asked.id).content
    assert {one["scope"]: one["lines"] for one in content["published"]} == {
        "event:theory": 0, "event:basic": 0, "total:practical": 0, "total:overall": 4}
    approvals.decide(asked.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert {scope: one.payload_digest for scope, one in current_publications(contest.id).items()} == before


# ---- the work ----------------------------------------------------------------------------------------


def test_the_work_is_asked_for_once_and_begun_again_keeps_nothing_twice(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 3, **SMALL)
    actor, document = any_cast.actor("organizer"), changed(contest, untrimmed)

    def start(document: Document) -> Job:
        return service.preview_rulebook_change(contest.id, document, reason="公布有误", actor=actor, at=any_cast.at)

    job = start(document)
    payload, job_id = job.payload, job.id
    assert start(document).id == job_id != start(changed(contest, rounded)).id
    told: list[tuple[int, int]] = []
    for _again in range(2):
        service.make_preview(payload, report=lambda done, of, _words: told.append((done, of)), at=any_cast.at)
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4)]
    run_apart(job_id)
    assert get(Job, job_id).result["href"].endswith(payload["preview"])
    assert len(list(db.session.scalars(select(RulebookPreview.id)))) == 1
    assert start(document).id != job_id


def test_a_disagreement_of_both_calculations_keeps_the_list_back(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 3, **SMALL)
    open_codes(any_cast, contest)
    names = set(db.session.scalars(select(Entry.name).where(Entry.contest_id == contest.id)))
    sheet = db.session.scalars(select(Sheet).where(Sheet.state == "handed_in")).first()
    slot = next(iter(sheet.marks))
    job = service.preview_rulebook_change(
        contest.id, changed(contest, untrimmed), reason="改", actor=any_cast.actor("organizer"), at=any_cast.at)
    # A mark that no tablet has sent.
    behind_the_back(update(Sheet).where(Sheet.id == sheet.id).values(
        marks={**sheet.marks, slot: {**sheet.marks[slot], "value": "0"}}))
    run_apart(job.id)
    job = get(Job, job.id)
    assert job.state == "failed"
    assert "另行计算了一遍，手工拉面基本功" in job.error
    assert not [name for name in names if name in job.error]
    assert not list(db.session.scalars(select(RulebookPreview.id)))


def test_a_rulebook_that_changed_meanwhile_ends_the_work(cast: Cast) -> None:
    contest = judged_contest(cast, 3, **SMALL)
    asker, at = cast.actor("organizer"), cast.at
    first = service.preview_rulebook_change(contest.id, changed(contest, rounded), reason="改", actor=asker, at=at).id
    old = preview_rules(contest.id, changed(contest, two_golds), reason="改", actor=asker, at=at)
    asked = ask_rules(contest.id, changed(contest, untrimmed), reason="改", actor=asker, at=at)
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=at)
    run_apart(first)
    assert "已经换成新的版本" in (get(Job, first).error or "")
    with pytest.raises(RuleBroken, match="已经换成新的版本"):
        service.renew_preview(old.id, actor=asker, at=at)
