"""The ranking, one subject explained, what is given by hand, the indicators, what was locked."""

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import NotFound
from competition.core.exports import hand_out
from competition.core.files import discard, send_stored
from competition.core.forms import BaseForm, tried, try_verb
from competition.core.paging import slice_page
from competition.core.taken import take
from competition.evaluation import queries, rules, service
from competition.evaluation.export import RANKING, workbook
from competition.evaluation.forms import SPARE, LockForm, ScoreForm, SetForm, VetoForm
from competition.evaluation.models import Given, LockedEvaluation
from competition.organisations.queries import home_scope, union_scope

blueprint = Blueprint("evaluation", __name__, url_prefix="/evaluation")
Answer = Response | str | tuple[str, int]


def today() -> date:
    """The day in the application's zone."""
    return now().astimezone(ZoneInfo(current_app.extensions["settings"].zone)).date()


def chosen() -> tuple[str, int, str]:
    """``?kind=&year=&level=``: what is evaluated, when, and which unions are compared."""
    year, kind, level = request.args.get("year", type=int) or today().year, request.args.get("kind", ""), request.args.get("level", "")
    return kind if kind in rules.SUBJECTS else rules.UNION, min(max(year, 2000), 2100), level if level in rules.LEVELS else "prefecture"


def page(template: str, **values: Any) -> str:
    """A page with the tables of words that all of them need."""
    kind, year, level = chosen()
    return render_template(f"evaluation/{template}.html", rules=rules, **{
        "kind": kind, "year": year, "level": level, "may_conduct": may(current_actor(), "evaluation.conduct", home_scope()), **values})


def form_page(template: str, form: BaseForm, **values: Any) -> Answer:
    """The same with a form, and the status of its refusal."""
    shown = page(template, form=form, **values)
    return (shown, form.status) if form.errors else shown


@blueprint.get("/")
@act("evaluation.look")
def index() -> str:
    """The ranking as it stands now, and what was locked of it."""
    kind, year, level = chosen()
    rows = queries.ranking(kind, year, level, today())
    return page("index", page=slice_page(rows, request.args.get("page", 1, type=int)), indicators=queries.set_of(year),
                locks=queries.locks_of(year, kind), level_of=queries.level_of, years=range(today().year + 1, today().year - 5, -1))


@blueprint.route("/export", methods=["GET", "POST"])
@act("evaluation.look")
def export() -> Response | tuple[str, int]:
    """The ranking as a workbook."""
    (kind, year, level), actor, at = chosen(), current_actor(), now()
    rows = queries.ranking(kind, year, level, today())

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(RANKING, purpose=purpose, rows=len(rows), subject=("year", str(year)), actor=actor, at=at,
                     zone=current_app.extensions["settings"].zone, details={"kind": kind})
        return workbook(rows, queries.document_of(year), year, taken), _("竞赛绩效评估-%(year)s.xlsx", year=year)

    return hand_out(RANKING, rows=len(rows), back=url_for("evaluation.index", kind=kind, year=year, level=level), make=make)


def sees_evidence(kind: str, subject_id: uuid.UUID) -> bool:
    """Is the reader of the union that is evaluated (or holds the contest), or of one above? Scores are for all who watch, what proves
    them is not: evidence names people."""
    scope = union_scope(subject_id) if kind == rules.UNION else contest_scope(get(Contest, subject_id))
    return may(current_actor(), "evaluation.look", scope)


@blueprint.get("/<any(union, contest):kind>/<uuid:subject_id>")
@act("evaluation.look")
def subject(kind: str, subject_id: uuid.UUID) -> str:
    """Every figure with its formula, the numbers put in, where they come from, and who gave what."""
    year = chosen()[1]
    return page("subject", kind=kind, one=queries.one_of(kind, subject_id, year, today()), document=queries.document_of(year),
                indicators=queries.set_of(year), history=queries.history_of(subject_id, year), veto=queries.VETO,
                sees_evidence=sees_evidence(kind, subject_id))


@blueprint.route("/<any(union, contest):kind>/<uuid:subject_id>/give/<key>", methods=["GET", "POST"])
@act("evaluation.conduct")
def give(kind: str, subject_id: uuid.UUID, key: str) -> Answer:
    """Give a score by hand, or say whether a veto holds."""
    check(current_actor(), "evaluation.conduct", home_scope())
    year = chosen()[1]
    one, title = queries.one_of(kind, subject_id, year, today()), _title(year, key)
    form = VetoForm() if key.startswith(queries.VETO) else ScoreForm()
    if form.validate_on_submit() and try_verb(form, lambda: _give(form, kind, subject_id, year, key)):
        flash(_("已保存，按新的评分重新计算。"), "success")
        return redirect(url_for("evaluation.subject", kind=kind, subject_id=subject_id, year=year), 303)
    return form_page("give", form, kind=kind, one=one, title=title, now_given=one.given.get(key))


def _title(year: int, key: str) -> str:
    document = queries.document_of(year)
    words = {queries.VETO + veto: veto for veto in document["vetoes"]}
    words |= {row["key"]: row["name"] for row in document["indicators"] if row["kind"] == rules.MANUAL}
    if key not in words:
        raise NotFound(_("这一项现在不在评估指标里，请刷新页面。"))
    return str(words[key])


def _give(form: Any, kind: str, subject_id: uuid.UUID, year: int, key: str) -> Given:
    sent = form.file.data
    upload = service.evidence(sent.read(), name=sent.filename or "") if sent else None
    try:
        return service.give(kind, subject_id, year, key, form.score.data or "", form.note.data or "", upload,
                            actor=current_actor(), at=now())
    except Exception:
        if upload:
            discard(upload)
        raise


@blueprint.get("/files/<uuid:given_id>")
@act("evaluation.look")
def file(given_id: uuid.UUID) -> Response:
    """The evidence of a score."""
    found = get(Given, given_id)
    if found.file is None or not sees_evidence(found.subject_kind, found.subject_id):
        raise NotFound(_("没有找到这个文件。"))
    return send_stored(found.file)


@blueprint.route("/indicators", methods=["GET", "POST"])
@act("evaluation.conduct")
def indicators() -> Answer:
    """The indicators of a year: at first our example, then what was set."""
    check(current_actor(), "evaluation.conduct", home_scope())
    year = chosen()[1]
    document = queries.document_of(year)
    form = SetForm.of(min(len(document["indicators"]) + SPARE, rules.MOST + SPARE))()
    if not form.is_submitted():
        form.show(document)
    elif form.validate() and tried(form, lambda: service.set_indicators(
            year, form.document(queries.keys_of(year)), form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("指标已保存为新的一版。"), "success")
        return redirect(url_for("evaluation.index", year=year), 303)
    return form_page("indicators", form, sets=queries.sets_of(year))


@blueprint.route("/lock", methods=["GET", "POST"])
@act("evaluation.conduct")
def lock() -> Answer:
    """Keep the evaluation as it stands."""
    check(current_actor(), "evaluation.conduct", home_scope())
    (kind, year, level), form = chosen(), LockForm()
    rows = queries.ranking(kind, year, level, today())
    if form.validate_on_submit():
        made = try_verb(form, lambda: service.lock(kind, year, rows, form.reason.data or "", actor=current_actor(), at=now()))
        if made:
            flash(_("评估已锁定为第 %(number)s 版。", number=made.number), "success")
            return redirect(url_for("evaluation.locked", lock_id=made.id), 303)
    return form_page("lock", form, count=len(rows), incomplete=sum(one.rank is None for one in rows),
                     number=len(queries.locks_of(year, kind)) + 1)


@blueprint.get("/locked/<uuid:lock_id>")
@act("evaluation.look")
def locked(lock_id: uuid.UUID) -> str:
    """What was locked, as it was then."""
    found = get(LockedEvaluation, lock_id)
    return page("locked", kind=found.subject_kind, year=found.year, found=found, compared=rules.LEVELS.get(queries.level_of(found), ""))
