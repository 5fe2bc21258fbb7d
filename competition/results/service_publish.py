"""Publishing and correcting: one asks, another approves exactly what would be published; nothing is ever changed."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import insert

from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval, CarryOut
from competition.core.database import ReadyJson, db, prepared
from competition.core.errors import RuleBroken
from competition.core.formats import joined, together
from competition.notices.service import tell
from competition.results import queries, rules, shown
from competition.results.drafting import Draft, DraftRow, differences, draft
from competition.results.gathering import compute
from competition.results.inputs import Settled, settle, take_mark
from competition.results.models import Publication, PublishedRow
from competition.results.service_sums import sum_states
from competition.results.standing import Computed, Who
from competition.scoring.wording import Wording

PUBLISH, CORRECT = "results.publish", "results.correct"
NAMED = 3


def scopes(contest_id: uuid.UUID) -> list[str]:
    """Every scope that a contest can publish, in the rulebook's order."""
    computed = compute(contest_id)
    return [scope for scope in computed.scopes if all(side is not None for side in computed.sides_of(scope))]


def ask_publish(
    contest_id: uuid.UUID, wanted: str | Sequence[str], reason: str, *, actor: Actor, at: datetime
) -> Approval:
    """Ask a second person to publish one or several scopes; what a total stands on is published with it.

    Raises RuleBroken: already_published, rounds_open, codes_closed, scores_incomplete, totals_differ, sums_wrong,
    parts_moved.
    """
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    def prepare() -> Callable[[], Approval]:
        settled = settle(take_mark(contest_id), names, to_publish=True)
        computed = settled.computed
        check_known(computed, names)
        published = queries.current_publications(contest_id)
        again = [computed.wording.name(computed.scopes[name].name) for name in names if name in published]
        if again:
            raise RuleBroken(_("“%(names)s”已经发布。内容有变化时请申请更正。", names=joined(again)), code="already_published")
        made = checked_drafts(computed, names)
        check_parts(made, published, computed.wording)
        new = [one for scope, one in made.items() if scope not in published]
        return _ask(PUBLISH, settled, new, {one.scope: 1 for one in new}, reason, actor, at)

    return prepared(prepare)


def ask_correct(contest_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to publish the next version of everything published that is different now.

    Raises RuleBroken like :func:`ask_publish`, and nothing_changed.
    """
    def prepare() -> Callable[[], Approval]:
        mark, published = take_mark(contest_id), queries.current_publications(contest_id)
        settled = settle(mark, published, to_publish=True)
        made = checked_drafts(settled.computed, published)
        new = [one for scope, one in made.items() if scope in published and one.digest != published[scope].payload_digest]
        if not new:
            raise RuleBroken(_("现在的成绩与已发布的完全相同，不需要更正。"), code="nothing_changed")
        versions = {one.scope: published[one.scope].version + 1 for one in new}
        return _ask(CORRECT, settled, new, versions, reason, actor, at)

    return prepared(prepare)


def _ask(
    kind: str, settled: Settled, new: Sequence[Draft], versions: Mapping[str, int], reason: str, actor: Actor, at: datetime
) -> Callable[[], Approval]:
    computed, contest_id = settled.computed, settled.computed.contest.id
    events = {key for one in new for key in computed.scopes[one.scope].events}
    payload = {
        "contest": str(contest_id), "rulebook": computed.version.digest,
        "scopes": [{"scope": d.scope, "name": d.name, "version": versions[d.scope], "rows": len(d.rows), "digest": d.digest} for d in new],
        "unchecked": [state.name for state in sum_states(computed) if state.key in events and state.needs_check and not state.is_signed],
    }

    def act() -> Approval:
        asked = approvals.ask(kind, subject=("contest", contest_id), payload=payload, reason=reason, actor=actor, at=at, chain=contest_id)
        # Requests come before the chain's head wherever both are held: so it is checked now, and once nobody else can ask.
        settled.check()
        if approvals.open_request(PUBLISH if kind == CORRECT else CORRECT, contest_id):
            raise RuleBroken(_("这项赛事的成绩已有另一项申请在等待审批，请先处理它。"), code="already_asked")
        return asked

    return act


def check_known(computed: Computed, names: Sequence[str]) -> None:
    """Raise unless something is wanted and all of it can be computed at all."""
    if not names:
        raise RuleBroken(_("请选择要发布的成绩。"), code="nothing_chosen", status=422, field="scopes")
    for name in names:
        if name not in computed.scopes or any(side is None for side in computed.sides_of(name)):
            raise RuleBroken(_("评分规则或赛事中没有这一项，不能发布。"), code="unknown_scope", status=422, field="scopes")


def checked_drafts(computed: Computed, wanted: Iterable[str]) -> dict[str, Draft]:
    """What would be published, once everything stands in its place and adds up; raises the first reason why not."""
    names = rules.with_parts(computed.scopes, wanted)
    check_ready(computed, names)
    made = draft(computed, names)
    odd = differences(made, computed)
    if odd:
        raise RuleBroken(_("发布前另行计算了一遍，有 %(n)s 处不一致，不能发布：%(first)s", n=len(odd), first=together(*odd[:NAMED])),
                         code="totals_differ", differences=odd)
    return made


def check_ready(computed: Computed, names: Sequence[str]) -> None:
    """Raise unless these scopes, parts included, are locked, opened, complete, and no error of a sum is open."""
    sides = {side.event.key: side for name in names for side in computed.sides_of(name) if side is not None}
    if computed.contest.condition == "cancelled" or computed.contest.phase == "draft":
        raise RuleBroken(_("赛事尚未公布或已取消，不能发布成绩。"), code="contest_halted")
    name = computed.wording.name
    unlocked = [name(side.event.name) for side in sides.values() if not side.is_locked]
    if unlocked:
        raise RuleBroken(_("“%(names)s”的评分还没有锁定，不能发布。", names=joined(unlocked)), code="rounds_open")
    closed = [name(side.event.name) for side in sides.values() if not side.is_open]
    if closed:
        raise RuleBroken(_("“%(names)s”还没有解密，不能发布。", names=joined(closed)), code="codes_closed")
    lacking = [computed.say(problem) for problem in computed.problems(names) if problem.blocking]
    lacking += [_("“%(name)s”还有 %(n)s 个参赛者没有编码。", name=name(s.event.name), n=s.uncoded) for s in sides.values() if s.uncoded]
    if lacking:
        raise RuleBroken(_("还有 %(n)s 项没有解决，不能发布：%(first)s", n=len(lacking), first=together(*lacking[:NAMED])),
                         code="scores_incomplete", problems=lacking)
    wrong = [name(state.name) for state in sum_states(computed) if state.key in sides and state.blocks]
    if wrong:
        raise RuleBroken(_("“%(names)s”的统分抽查发现错误，还没有处理完，不能发布。", names=joined(wrong)), code="sums_wrong")


def check_parts(made: Mapping[str, Draft], published: Mapping[str, Publication], to: Wording) -> None:
    """A total may stand only on parts that are published as they are now."""
    moved = [to.name(one.name) for scope, one in made.items() if scope in published and published[scope].payload_digest != one.digest]
    if moved:
        raise RuleBroken(_("“%(names)s”在发布之后又有变化，请先申请更正。", names=joined(moved)), code="parts_moved")


def _describe(payload: dict[str, Any]) -> str:
    said = [_("%(name)s（第 %(version)s 版，%(rows)s 行）", name=one["name"], version=one["version"], rows=one["rows"])
            for one in payload["scopes"]]
    if not payload["unchecked"]:
        return str(_("发布成绩：%(said)s。", said=joined(said)))
    unchecked = joined(payload["unchecked"])
    return str(_("发布成绩：%(said)s。注意：%(names)s的统分抽查还没有完成。", said=joined(said), names=unchecked))


def _prepare(approval: Approval) -> CarryOut:
    """Everything but the writing: it is agreed still, these are the lines, and these people are told."""
    contest_id, agreed = uuid.UUID(approval.payload["contest"]), {one["scope"]: one for one in approval.payload["scopes"]}
    settled = settle(take_mark(contest_id), agreed, to_publish=True)
    computed, published = settled.computed, queries.current_publications(contest_id)
    made = checked_drafts(computed, agreed)
    check_parts({scope: one for scope, one in made.items() if scope not in agreed}, published, computed.wording)
    moved = [computed.wording.name(one["name"]) for scope, one in agreed.items() if not _is_agreed(one, made[scope], published.get(scope))]
    if moved:
        raise RuleBroken(_("“%(names)s”在提出申请之后又有变化，没有发布。请撤回后重新申请。", names=joined(moved)),
                         code="results_moved")
    new = [_columns(settled, made[scope], one["version"]) for scope, one in agreed.items()]
    lines = [_line(columns["id"], row) for columns in new for row in made[columns["scope"]].rows]
    concerned = _concerned([made[scope] for scope in agreed], published)

    def publish(approval: Approval, actor: Actor, at: datetime) -> None:
        settled.check()
        said = {"asked_by": approval.asked_by, "approved_by": actor.id, "published_at": at}
        reasons = [approval.reason if columns["version"] > 1 else "" for columns in new]
        db.session.execute(insert(Publication), [{**columns, **said, "reason": why} for columns, why in zip(new, reasons, strict=True)])
        if lines:
            db.session.execute(insert(PublishedRow), lines)
        audit.record(approval.kind, actor=actor, subject=("contest", contest_id), at=at, chain=contest_id, reason=approval.reason,
                     details={"asked_by": str(approval.asked_by), "inputs": settled.mark.digest,
                              "scopes": {columns["scope"]: [columns["version"], columns["payload_digest"]] for columns in new}})
        _tell(computed.contest.name, concerned, at, is_correction=any(columns["version"] > 1 for columns in new))

    return publish


def _is_agreed(agreed: Mapping[str, Any], now: Draft, published: Publication | None) -> bool:
    """Exactly what was asked for, and the next version still."""
    return bool(agreed["digest"] == now.digest and agreed["version"] == (published.version if published else 0) + 1)


def _columns(settled: Settled, made: Draft, version: int) -> dict[str, Any]:
    """A publication, but for who and when."""
    computed = settled.computed
    return {
        "id": uuid.uuid4(), "contest_id": computed.contest.id, "scope": made.scope, "scope_name": made.name, "version": version,
        "rulebook_id": computed.version.id, "rulebook_digest": computed.version.digest, "inputs_digest": settled.mark.digest,
        "payload": ReadyJson.of(made.payload), "payload_digest": made.digest, "parts": ReadyJson.of(made.parts),
        "position": list(computed.scopes).index(made.scope),
    }


def _line(publication_id: uuid.UUID, row: DraftRow) -> dict[str, Any]:
    names = ("position", "rank", "value", "status", "award", "award_name", "public_name", "team_name", "delegation_name", "region_name")
    said = {"members": list(row.members), "figures": dict(row.figures), "derivation": row.derivation, "standing": row.standing}
    return {"id": uuid.uuid4(), "publication_id": publication_id, "entry_id": row.person.entry_id, "team_id": row.person.team_id,
            **{name: getattr(row, name) for name in names}, **{name: ReadyJson.of(value) for name, value in said.items()}}


def _concerned(made: Sequence[Draft], published: Mapping[str, Publication]) -> list[Who]:
    """Everybody with a line; at a correction, those whose line is another one."""
    before = {one.scope: {line["who"]: line for line in published[one.scope].payload["rows"]} for one in made if one.scope in published}
    return [row.person for one in made for row in one.rows if one.scope not in before or _is_new(row, before[one.scope])]


def _tell(contest: str, people: Sequence[Who], at: datetime, *, is_correction: bool) -> None:
    accounts = queries.accounts_of({p.entry_id for p in people if p.entry_id}, {p.team_id for p in people if p.team_id})
    if is_correction:
        title = lazy_gettext("成绩已更正")
        body = lazy_gettext("“%(name)s”的成绩已更正，您的名次、成绩或奖项有变化，请查看。", name=contest)
    else:
        title = lazy_gettext("成绩已发布")
        body = lazy_gettext("“%(name)s”的成绩已发布，可以查看您的成绩和计算过程。", name=contest)
    tell(accounts, kind="results.published", title=title, body=body, link="/my/results", at=at)


def _is_new(row: DraftRow, before: Mapping[str, Any]) -> bool:
    was = before.get(row.who)
    return was is None or any(was[key] != getattr(row, key) for key in ("rank", "value", "award_name", "status"))


approvals.register(approvals.Kind(
    PUBLISH, lazy_gettext("发布成绩"), "results.approve", _describe, prepare=_prepare, show=shown.publication))
approvals.register(approvals.Kind(
    CORRECT, lazy_gettext("更正已发布的成绩"), "results.approve", _describe, prepare=_prepare, show=shown.publication))
