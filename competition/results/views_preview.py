"""The page on which a change of a frozen rulebook is looked at: every figure that would be another one; asking; confirming."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.contests import rules_explain
from competition.contests import service as contests
from competition.contests.hooks import as_it_is
from competition.contests.models import Contest, RulebookPreview
from competition.contests.queries import get_rulebook, names_of, newest_preview
from competition.contests.shown import table_of
from competition.core.access import act, current_actor
from competition.core.approvals import Approval, is_party
from competition.core.clock import now
from competition.core.database import find
from competition.core.errors import NotFound, RuleBroken
from competition.core.exports import hand_out
from competition.core.paging import slice_page
from competition.core.taken import take
from competition.results import rules, rules_effects
from competition.results.effects_book import LIST, workbook
from competition.results.effects_words import Named, said_problems
from competition.results.for_pages import compute_for_page
from competition.results.pages import BASE, Answer, blueprint, common, load_whole, may_on
from competition.results.queries_previews import asked_preview, get_preview
from competition.results.rules_effects import Kept

CHANGE = f"{BASE}/rulebook-changes/<uuid:preview_id>"


@dataclass(frozen=True)
class Seen:
    """A preview as its page shows it. ``newest``: as it was last computed, while a second person has not decided; ``moved``: that is
    another list than what was asked for; ``old``: something has happened since it was computed, so that it may be another list."""

    kept: RulebookPreview
    approval: Approval | None
    newest: RulebookPreview
    lines: Sequence[Kept]
    old: bool

    @property
    def content(self) -> Mapping[str, Any]:
        """What the page lists."""
        return self.newest.content

    @property
    def moved(self) -> bool:
        """Is it another list than what was asked for?"""
        return self.newest.digest != self.kept.digest


def address(contest_id: uuid.UUID, preview_id: uuid.UUID) -> str:
    """Where a preview is looked at. A job asks too, which knows no request."""
    return f"/manage/contests/{contest_id}/results/rulebook-changes/{preview_id}"


def _seen(contest_id: uuid.UUID, preview_id: uuid.UUID) -> Seen:
    kept = get_preview(contest_id, preview_id)
    approval = find(Approval, id=kept.approval_id) if kept.approval_id else None
    asked = kept
    if approval is not None and kept.stage in ("renewed", "confirmed"):
        asked = asked_preview(approval.id) or kept
    is_asked = approval is not None and approval.state == "asked" and asked.stage == "asked"
    # What was decided is shown as it was seen; what is open as it was last computed.
    newest = (newest_preview(approval.id) or kept) if approval is not None and is_asked else kept
    is_open = (is_asked or kept.stage == "draft") and _is_next(kept)
    return Seen(asked, approval, newest, rules_effects.since(newest.content["lines"], asked.content["lines"]),
                is_open and as_it_is(newest) is None)


def _is_next(kept: RulebookPreview) -> bool:
    return compute_for_page(kept.contest_id).version.number == kept.from_number


@blueprint.get(CHANGE)
@act("results.look")
def rulebook_change(contest_id: uuid.UUID, preview_id: uuid.UUID) -> Answer:
    """What the change does: how many figures, which, problems, what is published; and the button to ask or to confirm."""
    contest = load_whole(contest_id, "results.look")
    seen = _seen(contest_id, preview_id)
    named = Named.of(compute_for_page(contest_id), seen.kept.document)
    wanted = [kept for kept in seen.lines if _is_wanted(kept, named, request.args)]
    actor, approval = current_actor(), seen.approval
    allowed = may_on(contest, "contests.rulebook", "contests.approve_rulebook")
    is_second = approval is not None and approval.state == "asked" and allowed["approve_rulebook"] and not is_party(approval, actor.id)
    return render_template(
        "results/rulebook_change.html", **common(contest, named.to), seen=seen, content=seen.content, named=named,
        page=slice_page(wanted, request.args.get("page", 1, int), 20), counts=rules_effects.count_of(kept.line for kept in seen.lines),
        scopes=[(line["scope"], named.to.name(line["name"])) for line in {k.line["scope"]: k.line for k in seen.lines}.values()],
        problems=said_problems(seen.content["problems"], named), document=_documents(contest, seen.kept), names=names_of([seen.kept.by_id]),
        may_ask=seen.kept.stage == "draft" and seen.kept.by_id == actor.id and allowed["rulebook"] and _is_next(seen.kept),
        may_confirm=is_second and seen.moved and not contests.is_confirmed(seen.kept.approval_id, actor.id, seen.newest.digest),
        is_second=is_second, is_next=_is_next(seen.kept),
        may_renew=seen.old and (is_second or (seen.kept.stage == "draft" and seen.kept.by_id == actor.id and allowed["rulebook"])),
    )


def _documents(contest: Contest, kept: RulebookPreview) -> Any:
    return table_of(get_rulebook(contest.id, kept.from_number).document, kept.document)


def _is_wanted(kept: Kept, named: Named, args: Mapping[str, str]) -> bool:
    line, what, text = kept.line, args.get("what"), (args.get("q") or "").strip().lower()
    return ((not args.get("scope") or line["scope"] == args["scope"])
            and (not what or any(change["what"] == what for change in line["changes"]))
            and (not args.get("new") or kept.is_new)
            and (not text or text in named.label(line).lower()))


@blueprint.post(f"{CHANGE}/ask")
@act("contests.rulebook")
def ask_rulebook_change(contest_id: uuid.UUID, preview_id: uuid.UUID) -> Answer:
    """Ask a second person, for exactly what was seen."""
    load_whole(contest_id, "contests.rulebook")
    asked = contests.ask_rulebook_change(get_preview(contest_id, preview_id).id, actor=current_actor(), at=now())
    flash(_("已提出修改申请。另一位有权限的人看过同一份清单并批准后，新版本才生效。"), "success")
    return redirect(url_for("home.approval", approval_id=asked.id), 303)


@blueprint.post(f"{CHANGE}/confirm")
@act("contests.approve_rulebook")
def confirm_rulebook_change(contest_id: uuid.UUID, preview_id: uuid.UUID) -> Answer:
    """The second person has seen what is new since it was asked for."""
    load_whole(contest_id, "contests.approve_rulebook")
    kept = get_preview(contest_id, preview_id)
    if kept.approval_id is None:
        raise RuleBroken(_("这项改动还没有提出申请。"), code="not_asked")
    contests.confirm_rulebook_change(kept.approval_id, seen=request.form.get("seen", ""), actor=current_actor(), at=now())
    flash(_("已确认看过新的清单，现在可以批准。"), "success")
    return redirect(url_for("home.approval", approval_id=kept.approval_id), 303)


@blueprint.post(f"{CHANGE}/renew")
@act("contests.approve_rulebook")
def renew_preview(contest_id: uuid.UUID, preview_id: uuid.UUID) -> Answer:
    """Have it computed again, because something has happened since."""
    load_whole(contest_id, "contests.approve_rulebook")
    job = contests.renew_preview(get_preview(contest_id, preview_id).id, actor=current_actor(), at=now())
    return redirect(url_for("home.job", job_id=job.id), 303)


@blueprint.get(f"{CHANGE}/scopes/<scope>/<who>")
@act("results.look")
def explain_change(contest_id: uuid.UUID, preview_id: uuid.UUID, scope: str, who: str) -> Answer:
    """How one line would come about under the new rulebook, with the marks as they are now."""
    contest = load_whole(contest_id, "results.look")
    kept = get_preview(contest_id, preview_id)
    computed = compute_for_page(contest_id, explained=True, proposed=kept)
    lines = {name: row for name in computed.scopes for row in computed.rows(name) if row.entry == who}
    if scope not in lines:
        raise NotFound(_("这项成绩中没有这个编号。"))
    row, known, to = lines[scope], computed.scopes[scope], computed.wording
    below = {name.partition(":")[2]: found.derivation for name, found in lines.items()}
    names = {key: found.name for key, found in computed.people.items() if found.name} if known.kind == "team" else None
    return render_template(
        "results/explain.html", **common(contest, to), scope=known, row=row, label=computed.label(who), who=computed.people.get(who),
        award=rules.award_words(known.rule, row.awards, to), version=computed.version, back=address(contest_id, preview_id),
        sections=rules_explain.sections(known.key, row.derivation, below, to, names),
        standing=rules_explain.standing_lines(row.standing, to))


@blueprint.route(f"{CHANGE}/list.xlsx", methods=["GET", "POST"])
@act("results.book")
def rulebook_change_list(contest_id: uuid.UUID, preview_id: uuid.UUID) -> Answer:
    """The list as a workbook."""
    contest, actor, at = load_whole(contest_id, "results.book"), current_actor(), now()
    seen = _seen(contest_id, preview_id)
    number = seen.kept.from_number + 1

    def make(purpose: str) -> tuple[bytes, str]:
        named = Named.of(compute_for_page(contest_id), seen.kept.document)
        lines = [one.line for one in seen.lines]
        taken = take(LIST, purpose=purpose, rows=len(lines), subject=("contest", contest.id), actor=actor, at=at, zone=contest.zone,
                     chain=contest.id)
        return workbook(contest, number, lines, seen.content["same"], seen.newest.digest, named, taken)

    return hand_out(LIST, rows=len(seen.lines), back=address(contest_id, preview_id), make=make, contest=contest)
