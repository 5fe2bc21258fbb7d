"""The draft of a rulebook in the database: small changes, undone, two people at once, saved, thrown away."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from competition.contests import queries, service
from competition.contests import service_drafts as drafts
from competition.contests.models import Contest, RulebookEdit, RulebookTrial
from competition.core.database import db, find
from competition.core.errors import RuleBroken, Stale
from tests.builders import make_contest
from tests.cast import Cast

Change = Callable[[dict[str, Any]], dict[str, Any]]


def named(name: str, key: str = "basic") -> Change:
    """A change: the event has another name."""
    def change(document: dict[str, Any]) -> dict[str, Any]:
        new = copy.deepcopy(document)
        next(event for event in new["events"] if event["key"] == key)["name"] = name
        return new

    return change


def seen(contest: Contest) -> str:
    return drafts.seen_of(drafts.find_draft(contest.id), queries.find_rulebook(contest.id))


def put(cast: Cast, contest: Contest, change: Change, *, at: str | None = None, made_from: str | None = None) -> Any:
    return drafts.change_draft(contest.id, change, act="change", about="测试", seen=made_from or seen(contest), address=at,
                               actor=cast.actor("organizer"), at=cast.at)


def name_of(contest: Contest, key: str = "basic") -> Any:
    draft = drafts.find_draft(contest.id)
    assert draft is not None
    return next(event["name"] for event in draft.document["events"] if event["key"] == key)


def test_changes_are_counted_kept_and_taken_back_one_by_one(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    for name in ("一", "二", "三"):
        put(any_cast, contest, named(name))
    assert put(any_cast, contest, named("三")) is None
    for before in ("二", "一"):
        assert drafts.undo_edit(contest.id, seen=seen(contest), actor=any_cast.actor("organizer"), at=any_cast.at) == "测试"
        assert name_of(contest) == before
    draft = drafts.find_draft(contest.id)
    assert draft is not None
    # The counter never goes back: a page made before is never taken for a new one.
    assert draft.edits == 5
    drafts.undo_edit(contest.id, seen=seen(contest), actor=any_cast.actor("organizer"), at=any_cast.at)
    with pytest.raises(RuleBroken, match="没有可以撤销的修改"):
        drafts.undo_edit(contest.id, seen=seen(contest), actor=any_cast.actor("organizer"), at=any_cast.at)


def test_only_the_last_twenty_changes_are_kept(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    for number in range(drafts.KEPT_EDITS + 3):
        put(any_cast, contest, named(f"第{number}个名称"))
    assert db.session.query(RulebookEdit).count() == drafts.KEPT_EDITS


def test_another_thing_is_saved_and_the_same_thing_is_refused(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    first = seen(contest)
    put(any_cast, contest, named("甲改的"), at="events/basic", made_from=first)
    put(any_cast, contest, named("乙改的", "broth"), at="events/broth", made_from=first)
    with pytest.raises(Stale, match="别人改过这份草稿"):
        put(any_cast, contest, named("丙改的"), at="events/basic", made_from=first)
    with pytest.raises(Stale):
        put(any_cast, contest, named("丙改的"), made_from=first)
    assert (name_of(contest), name_of(contest, "broth")) == ("甲改的", "乙改的")


def test_a_page_of_a_draft_that_is_gone_changes_nothing(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    put(any_cast, contest, named("一"))
    old = seen(contest)
    drafts.discard_draft(contest.id, seen=old, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert drafts.find_draft(contest.id) is None
    with pytest.raises(Stale, match="已被保存或放弃"):
        put(any_cast, contest, named("二"), made_from=old)
    with pytest.raises(RuleBroken, match="没有草稿"):
        drafts.discard_draft(contest.id, seen=old, actor=any_cast.actor("organizer"), at=any_cast.at)


def test_a_draft_that_came_into_force_is_no_draft_any_more(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    draft = put(any_cast, contest, named("一"))
    service.set_rulebook(contest.id, draft.document, reason="测试", actor=any_cast.actor("organizer"), at=any_cast.at)
    assert drafts.find_draft(contest.id) is None
    drafts.end_draft(contest.id, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert db.session.query(RulebookEdit).count() == 0
    assert put(any_cast, contest, named("二")).based_on == 2


def test_an_empty_draft_holds_the_events_and_is_begun_once(any_cast: Cast) -> None:
    contest = service.create_contest(
        code="XJ7", name_zh="测试竞赛", host_union_id=any_cast.province.id, actor=any_cast.actor("organizer"),
        starts_on=any_cast.at.date(), ends_on=any_cast.at.date(), at=any_cast.at)
    with pytest.raises(RuleBroken, match="还没有评分规则"):
        put(any_cast, contest, named("一"))
    draft = drafts.begin_empty(contest.id, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert (draft.based_on, draft.document["events"], seen(contest)) == (0, [], f"{draft.id}:0")
    with pytest.raises(RuleBroken, match="已经有评分规则或草稿"):
        drafts.begin_empty(contest.id, actor=any_cast.actor("organizer"), at=any_cast.at)


def test_too_long_a_draft_is_refused(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    with pytest.raises(RuleBroken, match="太长了"):
        put(any_cast, contest, named("长" * drafts.MOST_TEXT))
    assert drafts.find_draft(contest.id) is None


def test_numbers_that_are_tried_are_kept_for_each_person(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    one, two = any_cast.account("organizer"), any_cast.account("chief_judge")
    drafts.keep_trial(contest.id, one.id, "basic", {"seats": "5"})
    drafts.keep_trial(contest.id, one.id, "broth", {"seats": "3"})
    drafts.keep_trial(contest.id, two.id, "basic", {"seats": "7"})
    kept = {account.id: find(RulebookTrial, contest_id=contest.id, account_id=account.id) for account in (one, two)}
    assert kept[one.id].typed == {"basic": {"seats": "5"}, "broth": {"seats": "3"}}  # type: ignore[union-attr]
    assert kept[two.id].typed == {"basic": {"seats": "7"}}  # type: ignore[union-attr]
