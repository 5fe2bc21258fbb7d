"""What a request for a second person is about, to be looked at before it is decided: the contest, and the pages that show it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from competition.accounts.service_reset import RESET
from competition.arena.service_codes import OPEN_CODES
from competition.certificates.queries import ISSUE, REPLACE, REVOKE
from competition.contests.models import Contest
from competition.contests.service_rulebooks import KIND as RULEBOOK
from competition.core.access import may_open
from competition.core.approvals import Approval
from competition.core.database import find
from competition.home.queries import events_of_approvals, scopes_of_approvals
from competition.home.rules_building import to
from competition.home.rules_facts import Link
from competition.home.rules_facts import say as _
from competition.judging.service_late import LATE
from competition.judging.service_unlock import UNLOCK, UNLOCK_OPENED
from competition.results.service_publish import CORRECT, PUBLISH
from competition.results.service_sums import SIGN


@dataclass(frozen=True)
class About:
    """The contest of a request, and the pages that the reader may open."""

    contest: Contest | None
    links: list[Link]


def about(approval: Approval) -> About:
    """What the reader can look at before deciding."""
    contest = find(Contest, id=approval.chain) if approval.chain else None
    make = PAGES.get(approval.kind)
    scope = scopes_of_approvals([approval])[approval.id]
    return About(contest, [link for link in (make(approval) if make else []) if may_open(link.endpoint, scope)])


def _rankings(approval: Approval) -> list[Link]:
    return [to("results.ranking", _("看“%(name)s”的名次和奖项", name=one["name"]), contest_id=approval.chain, scope=one["scope"])
            for one in approval.payload["scopes"]]


def _sums(approval: Approval) -> list[Link]:
    event_id = events_of_approvals([approval]).get(approval.id)
    return [to("results.sums", _("看抽查了哪些作品、核对的结果"), contest_id=approval.chain, event_id=event_id)] if event_id else []


def _draw(approval: Approval) -> list[Link]:
    return [to("arena.draws", _("看各轮抽签和锁定"), contest_id=approval.chain),
            to("results.overview", _("看成绩计算到哪一步"), contest_id=approval.chain)]


def _board(approval: Approval) -> list[Link]:
    return [to("judging.board", _("看本轮的看板"), round_id=uuid.UUID(approval.subject_id))]


def _rulebook(approval: Approval) -> list[Link]:
    return [to("contests.rulebook", _("看现在的评分规则"), contest_id=approval.chain)]


def _batch(approval: Approval) -> list[Link]:
    return [to("certificates.batch", _("看这一批的名单和预览"), contest_id=approval.chain, batch_id=uuid.UUID(approval.subject_id))]


def _register(approval: Approval) -> list[Link]:
    return [to("certificates.register", _("看证书登记簿"), contest_id=approval.chain)]


def _account(approval: Approval) -> list[Link]:
    return [to("accounts.show", _("看这个账号现有的角色"), account_id=uuid.UUID(approval.subject_id))]


PAGES: Mapping[str, Callable[[Approval], list[Link]]] = {
    PUBLISH: _rankings, CORRECT: _rankings, SIGN: _sums, OPEN_CODES: _draw, UNLOCK: _board, UNLOCK_OPENED: _board, LATE: _board,
    RULEBOOK: _rulebook, ISSUE: _batch, REVOKE: _register, REPLACE: _register, "accounts.grant": _account, RESET: _account,
}
