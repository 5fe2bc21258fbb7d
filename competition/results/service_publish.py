"""Publishing and correcting: one asks, another approves exactly what would be published; nothing is ever changed."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert

from competition.contests.models import Contest
from competition.contests.queries import current_rulebook, load_rules
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.notices.service import tell
from competition.results import queries, rules
from competition.results.drafting import Draft, DraftRow, differences, draft
from competition.results.gathering import compute
from competition.results.models import Publication, PublishedRow
from competition.results.service_sums import sum_states
from competition.results.standing import Computed

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
    with atomic():
        get(Contest, contest_id, lock=True)
        computed = _compute(contest_id, names)
        check_known(computed, names)
        published = queries.current_publications(contest_id)
        again = [computed.scopes[name].name for name in names if name in published]
        if again:
            raise RuleBroken(_("“%(names)s”已经发布。内容有变化时请申请更正。", names="、".join(again)), code="already_published")
        made = checked_drafts(computed, names)
        check_parts(made, published)
        new = [one for scope, one in made.items() if scope not in published]
        return _ask(PUBLISH, computed, new, {one.scope: 1 for one in new}, reason, actor, at)


def ask_correct(contest_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to publish the next version of everything published that is different now.

    Raises RuleBroken like :func:`ask_publish`, and nothing_changed.
    """
    with atomic():
        get(Contest, contest_id, lock=True)
        published = queries.current_publications(contest_id)
        computed = _compute(contest_id, published)
        made = checked_drafts(computed, published)
        new = [one for scope, one in made.items() if scope in published and one.digest != published[scope].payload_digest]
        if not new:
            raise RuleBroken(_("现在的成绩与已发布的完全相同，不需要更正。"), code="nothing_changed")
        versions = {one.scope: published[one.scope].version + 1 for one in new}
        return _ask(CORRECT, computed, new, versions, reason, actor, at)


def _ask(
    kind: str, computed: Computed, new: Sequence[Draft], versions: Mapping[str, int], reason: str, actor: Actor, at: datetime
) -> Approval:
    contest_id = computed.contest.id
    if approvals.open_request(PUBLISH if kind == CORRECT else CORRECT, contest_id):
        raise RuleBroken(_("这项赛事的成绩已有另一项申请在等待审批，请先处理它。"), code="already_asked")
    events = {key for one in new for key in computed.scopes[one.scope].events}
    payload = {
        "contest": str(contest_id), "rulebook": computed.version.digest,
        "scopes": [{"scope": d.scope, "name": d.name, "version": versions[d.scope], "rows": len(d.rows), "digest": d.digest} for d in new],
        "unchecked": [state.name for state in sum_states(computed) if state.key in events and state.needs_check and not state.is_signed],
    }
    return approvals.ask(kind, subject=("contest", contest_id), payload=payload, reason=reason, actor=actor, at=at, chain=contest_id)


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
    odd = differences(made)
    if odd:
        raise RuleBroken(_("复核发现 %(n)s 处合计不符，不能发布：%(first)s", n=len(odd), first="；".join(odd[:NAMED])),
                         code="totals_differ", differences=odd)
    return made


def check_ready(computed: Computed, names: Sequence[str]) -> None:
    """Raise unless these scopes, parts included, are locked, opened, complete, and no error of a sum is open."""
    sides = {side.event.key: side for name in names for side in computed.sides_of(name) if side is not None}
    if computed.contest.condition == "cancelled" or computed.contest.phase == "draft":
        raise RuleBroken(_("赛事尚未公布或已取消，不能发布成绩。"), code="contest_halted")
    unlocked = [side.event.name for side in sides.values() if not side.is_locked]
    if unlocked:
        raise RuleBroken(_("“%(names)s”的评分还没有锁定，不能发布。", names="、".join(unlocked)), code="rounds_open")
    closed = [side.event.name for side in sides.values() if not side.is_open]
    if closed:
        raise RuleBroken(_("“%(names)s”还没有解密，不能发布。", names="、".join(closed)), code="codes_closed")
    lacking = [computed.say(problem) for problem in computed.problems(names) if problem.blocking]
    lacking += [_("“%(name)s”还有 %(n)s 名参赛者没有编码", name=s.event.name, n=s.uncoded) for s in sides.values() if s.uncoded]
    if lacking:
        raise RuleBroken(_("还有 %(n)s 项没有解决，不能发布：%(first)s", n=len(lacking), first="；".join(lacking[:NAMED])),
                         code="scores_incomplete", problems=lacking)
    wrong = [state.name for state in sum_states(computed) if state.key in sides and state.blocks]
    if wrong:
        raise RuleBroken(_("“%(names)s”的统分抽查发现错误，还没有处理完，不能发布。", names="、".join(wrong)), code="sums_wrong")


def _compute(contest_id: uuid.UUID, wanted: Iterable[str]) -> Computed:
    """Explained figures of what is wanted alone: the shorter the database is held, the better."""
    known = rules.scopes_of(load_rules(current_rulebook(contest_id)))
    events = {event for scope in wanted if scope in known for event in known[scope].events}
    return compute(contest_id, explained=True, events=events)


def check_parts(made: Mapping[str, Draft], published: Mapping[str, Publication]) -> None:
    """A total may stand only on parts that are published as they are now."""
    moved = [one.name for scope, one in made.items() if scope in published and published[scope].payload_digest != one.digest]
    if moved:
        raise RuleBroken(_("“%(names)s”在发布之后又有变化，请先申请更正。", names="、".join(moved)), code="parts_moved")


def _describe(payload: dict[str, Any]) -> str:
    said = "、".join(f"{one['name']}（第 {one['version']} 版，{one['rows']} 行）" for one in payload["scopes"])
    text = _("发布成绩：%(said)s。", said=said)
    if payload["unchecked"]:
        text += _("注意：%(names)s 的统分抽查还没有完成。", names="、".join(payload["unchecked"]))
    return str(text)


def _publish(approval: Approval, actor: Actor, at: datetime) -> None:
    contest_id = uuid.UUID(approval.payload["contest"])
    with atomic():
        get(Contest, contest_id, lock=True)
        published = queries.current_publications(contest_id)
        agreed = {one["scope"]: one for one in approval.payload["scopes"]}
        computed = _compute(contest_id, agreed)
        made = checked_drafts(computed, agreed)
        check_parts({scope: one for scope, one in made.items() if scope not in agreed}, published)
        moved = [one["name"] for scope, one in agreed.items() if not _is_agreed(one, made[scope], published.get(scope))]
        if moved:
            raise RuleBroken(_("“%(names)s”在提出申请之后又有变化，没有发布。请撤回后重新申请。", names="、".join(moved)),
                             code="results_moved")
        head = audit.head_digest(contest_id)
        new = [_write(computed, made[scope], one["version"], head, approval, actor, at) for scope, one in agreed.items()]
        audit.record(approval.kind, actor=actor, subject=("contest", contest_id), at=at, chain=contest_id, reason=approval.reason,
                     details={"asked_by": str(approval.asked_by), "inputs": head,
                              "scopes": {p.scope: [p.version, p.payload_digest] for p in new}})
        _tell(computed, [made[scope] for scope in agreed], published, at)


def _is_agreed(agreed: Mapping[str, Any], now: Draft, published: Publication | None) -> bool:
    """Exactly what was asked for, and the next version still."""
    return bool(agreed["digest"] == now.digest and agreed["version"] == (published.version if published else 0) + 1)


def _write(
    computed: Computed, made: Draft, version: int, head: str, approval: Approval, actor: Actor, at: datetime
) -> Publication:
    publication = Publication(
        id=uuid.uuid4(), contest_id=computed.contest.id, scope=made.scope, scope_name=made.name, version=version,
        rulebook_id=computed.version.id, rulebook_digest=computed.version.digest, inputs_digest=head, payload=made.payload,
        payload_digest=made.digest, parts=made.parts, reason=approval.reason if version > 1 else "", asked_by=approval.asked_by,
        approved_by=actor.id, published_at=at, position=list(computed.scopes).index(made.scope),
    )
    db.session.add(publication)
    db.session.flush()
    if made.rows:
        db.session.execute(insert(PublishedRow), [_columns(publication.id, row) for row in made.rows])
    return publication


def _columns(publication_id: uuid.UUID, row: DraftRow) -> dict[str, Any]:
    names = ("position", "rank", "value", "status", "award", "award_name", "public_name", "team_name", "delegation_name",
             "region_name", "derivation", "standing")
    return {"id": uuid.uuid4(), "publication_id": publication_id, "entry_id": row.person.entry_id, "team_id": row.person.team_id,
            "figures": dict(row.figures), "members": list(row.members), **{name: getattr(row, name) for name in names}}


def _tell(computed: Computed, made: Sequence[Draft], published: Mapping[str, Publication], at: datetime) -> None:
    """Everybody with a line is told once; at a correction, those whose line is another one."""
    is_correction = any(one.scope in published for one in made)
    people = [row.person for one in made for row in one.rows if one.scope not in published or _is_new(one, row, published[one.scope])]
    accounts = queries.accounts_of({p.entry_id for p in people if p.entry_id}, {p.team_id for p in people if p.team_id})
    name = computed.contest.name
    if is_correction:
        title, body = _("成绩已更正"), _("“%(name)s”的成绩已更正，您的名次、成绩或奖项有变化，请查看。", name=name)
    else:
        title, body = _("成绩已发布"), _("“%(name)s”的成绩已发布，可以查看您的成绩和计算过程。", name=name)
    tell(accounts, kind="results.published", title=title, body=body, link="/my/results", at=at)


def _is_new(made: Draft, row: DraftRow, before: Publication) -> bool:
    known: Mapping[str, Any] = {line["who"]: line for line in before.payload["rows"]}
    was = known.get(row.who)
    return was is None or any(was[key] != getattr(row, key) for key in ("rank", "value", "award_name", "status"))


approvals.register(approvals.Kind(PUBLISH, "发布成绩", "results.approve", _describe, _publish))
approvals.register(approvals.Kind(CORRECT, "更正已发布的成绩", "results.approve", _describe, _publish))
