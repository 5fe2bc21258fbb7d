"""What the second person is shown: of a changed rulebook every figure that is another one, of a contest called off whom it concerns."""

import uuid
from collections.abc import Mapping
from typing import Any

from competition.contests import hooks, queries, rules
from competition.contests.rules_told import told_differences
from competition.core.approvals import Approval
from competition.core.errors import NotFound
from competition.core.formats import show_date
from competition.core.shown import Behind, Shown, Table
from competition.core.words import say as _


def rulebook(approval: Approval) -> Shown:
    """What is different from the version that it was asked for."""
    contest_id, new = uuid.UUID(approval.payload["contest"]), approval.payload["document"]
    try:
        old = queries.get_rulebook(contest_id, approval.payload["from"]).document
    except NotFound:
        old = {}
    links = [Behind(_("现行规则"), "contests.rulebook", {"contest_id": contest_id})]
    more = next((show(approval) for show in hooks.preview_shown), Shown())
    return Shown(facts=more.facts, tables=[table_of(old, new), *more.tables], links=[*more.links, *links], warnings=more.warnings)


def table_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> Table:
    """Every place in which two documents differ, in words."""
    rows = told_differences(dict(old), dict(new))
    return Table(_("改动（%(n)s 处）", n=len(rows)), [_("内容"), _("原来"), _("改为")], rows)


def cancelling(approval: Approval) -> Shown:
    """What is called off, and for how many."""
    contest_id = uuid.UUID(approval.payload["contest"])
    contest, heard = queries.get_contest(contest_id), hooks.heard(contest_id)
    facts = [
        (_("比赛日期"), _("%(first)s 至 %(last)s", first=show_date(contest.starts_on), last=show_date(contest.ends_on))),
        (_("状态"), rules.state_words(contest)),
        (_("已有报名"), _("%(n)s 份报名", n=heard.themselves + heard.through_others + heard.not_at_all)),
        (_("会收到消息"), _("%(n)s 个账号", n=len(hooks.accounts_concerned(contest_id)))),
    ]
    warnings = [_("批准以后赛事不再举行，不能恢复。只是暂停的，请不批准，改为中止或延期。")]
    if heard.not_at_all:
        warnings.append(_("%(n)s 人没有账号，也没有经办人，请组委会另行通知。", n=heard.not_at_all))
    return Shown(facts=facts, links=[Behind(_("赛事概况"), "contests.overview", {"contest_id": contest_id})], warnings=warnings)


def said_differences(old: Any, new: Any) -> list[str]:
    """Each difference as one sentence, by the names on the way to it."""
    return [_("%(place)s：%(before)s → %(after)s", place=place, before=before, after=after)
            for place, before, after in told_differences(old, new)]
