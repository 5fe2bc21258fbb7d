"""The list of doubts about returns: each with both sides, as far as the reader may see them."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.exports import hand_out
from competition.core.forms import done_or_told, tried
from competition.core.paging import paginate
from competition.core.taken import take
from competition.organisations.queries import home_scope
from competition.participation import queries_doubts as reads
from competition.participation import rules_doubts as rules
from competition.participation import service_doubts as service
from competition.participation.export import DOUBTS, doubts_workbook
from competition.participation.forms_doubts import DecideForm, LimitsForm
from competition.participation.models_doubts import Doubt
from competition.participation.views import blueprint


def load_doubt(doubt_id: UUID) -> Doubt:
    """A doubt about the reader's own unions, any for the province; who sees neither side finds none."""
    found = db.session.scalars(reads.doubts(current_actor()).where(Doubt.id == doubt_id)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这条核查记录。"))
    return found


def _page(name: str, **values: Any) -> str:
    decides = may(current_actor(), "participation.decide_doubt", home_scope())
    return render_template(f"participation/{name}.html", kinds=rules.KINDS, decides=decides, **values)


def _one(found: Doubt, form: DecideForm) -> str:
    """The page of one as it is now: whoever decides, decides about what this page shows."""
    form.seen.data = rules.mark_of(found.state, found.inputs)
    return _page("doubt", doubt=found, seen=reads.seen_unions(current_actor(), [found]), steps=reads.steps(found.id), form=form)


@blueprint.get("/doubts")
@act("participation.doubts")
def doubts() -> str:
    """What was found, what waits first."""
    actor, state, kind = current_actor(), request.args.get("state", ""), request.args.get("kind", "")
    page = paginate(reads.doubts(actor, state, kind), request.args.get("page", 1, type=int))
    return _page("doubts", page=page, seen=reads.seen_unions(actor, list(page)), sees_all=reads.sees_all(actor))


@blueprint.get("/doubts/<uuid:doubt_id>")
@act("participation.doubts")
def doubt(doubt_id: UUID) -> str:
    """What, where, why; both sides; what became of it."""
    return _one(load_doubt(doubt_id), DecideForm())


@blueprint.post("/doubts/<uuid:doubt_id>/<any(accept, give):what>")
@act("participation.decide_doubt")
def decide_doubt(doubt_id: UUID, what: str) -> BaseResponse | tuple[str, int]:
    """Accept it as an exception, or give it to the union to mend."""
    found, form, actor, at = load_doubt(doubt_id), DecideForm(), current_actor(), now()
    check(actor, "participation.decide_doubt", home_scope())
    verb = service.accept_doubt if what == "accept" else service.give_doubt
    if form.validate_on_submit() and tried(
            form, lambda: verb(found.id, form.reason.data or "", actor=actor, at=at, seen=form.seen.data or "")):
        flash(_("已作为例外保留，数字不变就不再提出。") if what == "accept" else _("已交给工会改正，列入该工会的待办。"), "success")
        return redirect(url_for("participation.doubt", doubt_id=found.id), 303)
    return _one(found, form), form.status


@blueprint.post("/doubts/look")
@act("participation.decide_doubt")
def look() -> BaseResponse:
    """Look through everything now."""
    check(current_actor(), "participation.decide_doubt", home_scope())
    if done_or_told(lambda: service.ask_look(actor=current_actor(), at=now())):
        flash(_("核查已开始，完成后刷新本页即可看到。"), "success")
    return redirect(url_for("participation.doubts"), 303)


@blueprint.route("/doubts/limits", methods=["GET", "POST"])
@act("participation.decide_doubt")
def doubt_limits() -> str | BaseResponse | tuple[str, int]:
    """From when on something is doubted."""
    check(current_actor(), "participation.decide_doubt", home_scope())
    form = LimitsForm(data=reads.limits() if request.method == "GET" else None)
    if form.validate_on_submit() and tried(form, lambda: service.set_limits(
            {name: form[name].data for name in rules.BOUNDS}, actor=current_actor(), at=now())):
        flash(_("标准已保存，下一次核查按它进行。"), "success")
        return redirect(url_for("participation.doubts"), 303)
    return _page("doubt_limits", form=form), form.status if form.is_submitted() else 200


@blueprint.route("/doubts/export", methods=["GET", "POST"])
@act("participation.doubts")
def doubts_export() -> BaseResponse | tuple[str, int]:
    """The list as a workbook: counts alone, of unions that the reader may see."""
    actor, at = current_actor(), now()
    rows = list(db.session.scalars(reads.doubts(actor)))
    seen = reads.seen_unions(actor, rows)

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(DOUBTS, purpose=purpose, rows=len(rows), subject=("doubts", "all"), actor=actor, at=at,
                     zone=current_app.extensions["settings"].zone)
        return doubts_workbook(rows, seen, taken), _("核查清单.xlsx")

    return hand_out(DOUBTS, rows=len(rows), back=url_for("participation.doubts"), make=make)
