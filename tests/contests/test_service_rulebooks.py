"""Versions of a rulebook: free until the first mark, by two people afterwards."""

import copy
from typing import Any

import pytest

from competition.contests import queries, service
from competition.core import approvals
from competition.core.errors import Forbidden, RuleBroken
from tests.builders import ask_rules, make_contest
from tests.cast import Cast


def lamian(**limits: int) -> dict[str, Any]:
    """The ready rulebook, with other time limits by event."""
    document = copy.deepcopy(service.ready_rulebooks()["lamian"])
    for event in document["events"]:
        if event["key"] in limits:
            event["time"]["limit_s"] = limits[event["key"]]
    return document


def test_versions_count_up_and_keep_reason_and_hash(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    actor = any_cast.actor("organizer")
    second = service.set_rulebook(contest.id, lamian(basic=2700), reason="时限放宽", actor=actor, at=any_cast.at)
    first = queries.get_rulebook(contest.id, 1)
    assert (second.number, second.document["version"], second.reason, second.created_by) == (2, 2, "时限放宽", actor.id)
    assert second.digest != first.digest
    assert queries.current_rulebook(contest.id).id == second.id
    assert queries.load_rules(second).event("basic").time_limit_s == 2700
    assert queries.load_rules(first).event("basic").time_limit_s == 2400
    assert queries.load_rules(second) is queries.load_rules(second)


def test_a_new_version_needs_a_reason_and_a_difference(cast: Cast) -> None:
    contest = make_contest(cast, phase="draft")
    actor = cast.actor("organizer")
    with pytest.raises(RuleBroken, match="请写明这次修改规则的理由"):
        service.set_rulebook(contest.id, lamian(basic=2700), reason=" ", actor=actor, at=cast.at)
    with pytest.raises(RuleBroken, match="与现行版本相同"):
        service.set_rulebook(contest.id, lamian(), reason="重存一遍", actor=actor, at=cast.at)
    assert [v.number for v in queries.rulebook_versions(contest.id)] == [1]


def test_all_faults_of_a_document_come_at_once(cast: Cast) -> None:
    contest = make_contest(cast, phase="draft")
    document = lamian()
    document["events"][1]["full"] = "90"
    document["events"][2]["criteria"][0]["max"] = 7.5
    document["totals"][0]["parts"][0]["weight"] = "50"
    document["colour"] = "blue"
    with pytest.raises(RuleBroken) as refused:
        service.set_rulebook(contest.id, document, reason="试改", actor=cast.actor("organizer"), at=cast.at)
    assert refused.value.status == 422
    assert {fault["path"] for fault in refused.value.details["faults"]} >= {
        "/events/1/full", "/events/2/criteria/0/max", "/totals/0/parts", "/colour"}
    assert [v.number for v in queries.rulebook_versions(contest.id)] == [1]


def test_a_contest_without_rulebook_says_so(cast: Cast) -> None:
    contest = service.create_contest(code="XX1", name_zh="测试竞赛", host_union_id=cast.province.id, actor=cast.actor("organizer"),
                                     starts_on=cast.at.date(), ends_on=cast.at.date(), at=cast.at)
    assert queries.find_rulebook(contest.id) is None
    with pytest.raises(RuleBroken, match="还没有设置评分规则"):
        queries.current_rulebook(contest.id)
    assert service.freeze_rulebook(contest.id, at=cast.at) is None


def test_frozen_rules_change_by_two_people_only(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="running")
    asker, other = any_cast.actor("organizer", name="测试甲"), any_cast.actor("chief_judge", name="测试乙")
    frozen = service.freeze_rulebook(contest.id, at=any_cast.at)
    assert frozen is not None
    assert service.freeze_rulebook(contest.id, at=any_cast.at) is frozen
    with pytest.raises(RuleBroken, match="现行规则已冻结"):
        service.set_rulebook(contest.id, lamian(basic=2700), reason="放宽", actor=asker, at=any_cast.at)
    approval = ask_rules(contest.id, lamian(basic=2700), reason="公布的时限写错", actor=asker, at=any_cast.at)
    assert approval.summary == "把评分规则从第 1 版改为第 2 版"
    assert queries.current_rulebook(contest.id).number == 1
    with pytest.raises(Forbidden, match="申请人不能审批自己的申请"):
        approvals.decide(approval.id, approve=True, actor=asker, at=any_cast.at)
    approvals.decide(approval.id, approve=True, actor=other, at=any_cast.at)
    current = queries.current_rulebook(contest.id)
    assert (current.number, current.reason, current.created_by) == (2, "公布的时限写错", asker.id)
    assert current.frozen_at == any_cast.at
    assert [c.change for c in queries.changes_of(contest.id)].count("rulebook") == 1


def test_a_refused_change_changes_nothing(cast: Cast) -> None:
    contest = make_contest(cast, phase="running")
    service.freeze_rulebook(contest.id, at=cast.at)
    approval = ask_rules(contest.id, lamian(broth=1500), reason="缩短", actor=cast.actor("organizer"), at=cast.at)
    approvals.decide(approval.id, approve=False, actor=cast.actor("supervisor"), at=cast.at, note="不能临时改")
    assert queries.current_rulebook(contest.id).number == 1


def test_asking_needs_a_frozen_rulebook_a_difference_and_sound_rules(cast: Cast) -> None:
    contest = make_contest(cast)
    actor = cast.actor("organizer")
    with pytest.raises(RuleBroken, match="尚未冻结"):
        service.preview_rulebook_change(contest.id, lamian(broth=1500), reason="缩短", actor=actor, at=cast.at)
    service.freeze_rulebook(contest.id, at=cast.at)
    with pytest.raises(RuleBroken, match="与现行版本相同"):
        service.preview_rulebook_change(contest.id, lamian(), reason="没变", actor=actor, at=cast.at)
    with pytest.raises(RuleBroken, match="没有保存"):
        service.preview_rulebook_change(contest.id, {"format": 1}, reason="空的", actor=actor, at=cast.at)
    with pytest.raises(RuleBroken, match="请写明理由"):
        service.preview_rulebook_change(contest.id, lamian(broth=1500), reason="", actor=actor, at=cast.at)
