"""Unlocking what names or results already stand on: said plainly, and decided by a supervisor alone."""

import pytest

from competition.contests.models import Contest, Round
from competition.core import approvals
from competition.core.access import may
from competition.core.approvals import KINDS
from competition.core.errors import RuleBroken
from competition.judging import hooks, queries, service
from competition.results import for_judging
from tests.builders import judged_contest, open_codes, publish_all
from tests.cast import Cast
from tests.judges import round_of

REASON = "测试：漏扣分"


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    return judged_contest(any_cast, 3, events=("theory", "broth"), seats=3)


@pytest.fixture
def broth(contest: Contest) -> Round:
    return round_of(contest, "broth")


def ask(round_: Round, cast: Cast) -> approvals.Approval:
    return service.ask_unlock(round_.id, reason=REASON, actor=cast.actor("chief_judge"), at=cast.at)


def approve(request: approvals.Approval, cast: Cast) -> approvals.Approval:
    return approvals.decide(request.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)


def test_a_round_on_which_nothing_stands_is_unlocked_as_ever(broth: Round, any_cast: Cast) -> None:
    request = ask(broth, any_cast)
    assert (request.kind, request.payload["standing"], KINDS[request.kind].lines(request.payload)) == ("judging.unlock", {}, [])
    assert service.open_unlock(broth.id, any_cast.at) is request
    approve(request, any_cast)
    assert queries.round_state(broth.id).state == "open"
    assert service.open_unlock(broth.id, any_cast.at) is None


def test_after_opening_the_request_says_so_and_needs_a_supervisor(broth: Round, contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    request = ask(broth, any_cast)
    assert (request.kind, sorted(request.payload["standing"])) == ("judging.unlock_opened", ["codes_opened"])
    assert "解密" in request.summary
    act = KINDS[request.kind].act
    roles = ("chief_judge", "organizer", "supervisor", "administrator")
    assert [role for role in roles if may(any_cast.actor(role), act)] == ["supervisor"]
    approve(request, any_cast)
    assert queries.round_state(broth.id).state == "open"


def test_after_publishing_every_ranking_that_rests_on_it_is_named(broth: Round, contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    published = publish_all(any_cast, contest)
    request = ask(broth, any_cast)
    standing = request.payload["standing"]
    assert "published:event:broth:1" in standing
    assert "published:event:theory:1" not in standing
    totals = [scope for scope in published if scope.startswith("total:")]
    assert totals
    assert {f"published:{scope}:1" for scope in totals} <= standing.keys()
    lines = KINDS[request.kind].lines(request.payload)
    assert f"作品号已解密，已有 {len(standing) - 1} 份成绩发布，须由监督仲裁批准" in request.summary
    assert any("成绩已发布（第 1 版）" in line for line in lines)
    assert "更正" in lines[-1]


def test_a_request_from_before_the_opening_is_refused(broth: Round, contest: Contest, any_cast: Cast) -> None:
    request = ask(broth, any_cast)
    open_codes(any_cast, contest)
    with pytest.raises(RuleBroken) as error:
        approve(request, any_cast)
    assert error.value.code == "round_moved"
    assert queries.round_state(broth.id).state == "locked"
    again = ask(broth, any_cast)
    assert (again.kind, service.open_unlock(broth.id, any_cast.at)) == ("judging.unlock_opened", again)


def test_a_request_from_before_publishing_is_refused(broth: Round, contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    request = ask(broth, any_cast)
    publish_all(any_cast, contest)
    with pytest.raises(RuleBroken) as error:
        approve(request, any_cast)
    assert (error.value.code, "发布" in error.value.message) == ("round_moved", True)
    assert queries.round_state(broth.id).state == "locked"


def test_an_expired_request_stands_in_nobodys_way(broth: Round, any_cast: Cast) -> None:
    request = ask(broth, any_cast)
    later = request.expires_at
    assert service.open_unlock(broth.id, later) is None
    assert service.ask_unlock(broth.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=later).id != request.id


def test_a_second_application_in_one_process_answers_once() -> None:
    hooks.add(for_judging.stands_on)
    assert hooks.standing_on.count(for_judging.stands_on) == 1
