"""What needs two people: the list, the page of one request, deciding and taking back."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from competition.core import approvals
from competition.core.access import act, current_actor
from competition.core.approvals import KINDS, Approval, is_party
from competition.core.clock import now
from competition.core.forms import BaseForm, at_most, strip, try_verb
from competition.core.paging import paginate
from competition.home.decisions import contests_of, links_of, load_approval, load_decidable, plain_payload, shown_of, waiting_for
from competition.home.queries import approvals_by, scopes_of_approvals
from competition.home.views import blueprint

Answer = Response | str | tuple[str, int]


class DecisionForm(BaseForm):
    """What the second person says."""

    note = TextAreaField(lazy_gettext("审批意见"), [at_most(500)], filters=[strip])


@blueprint.get("/approvals")
@act("home.approvals")
def approval_list() -> str:
    """Requests that wait for the reader, and the reader's own ones."""
    actor = current_actor()
    page = paginate(approvals_by(current_actor().own_id), request.args.get("page", 1, int), 20)
    waiting = waiting_for(actor, now())
    return render_template("home/approvals.html", waiting=waiting, page=page, kinds=KINDS, contests=contests_of([*waiting, *page]))


@blueprint.get("/approvals/<uuid:approval_id>")
@act("home.approvals")
def approval(approval_id: UUID) -> str:
    """What, why, who asked, and the exact content."""
    return _page(approval_id, DecisionForm(formdata=None))


def _page(approval_id: UUID, form: DecisionForm) -> str:
    actor = current_actor()
    found, right = load_approval(approval_id, actor)
    is_open = found.state == "asked" and found.expires_at > now()
    kind = KINDS.get(found.kind)
    shown = shown_of(found)
    return render_template(
        "home/approval.html", approval=found, kind=kind, form=form, payload=plain_payload(found.payload),
        contest=contests_of([found]).get(found.chain), shown=shown, links=links_of(shown, scopes_of_approvals([found])[found.id]),
        lines=kind.lines(found.payload) if kind else [],
        may_decide=right and is_open and not is_party(found, actor.id), may_withdraw=is_open and found.asked_by == actor.id,
        is_expired=found.state == "asked" and not is_open,
    )


@blueprint.post("/approvals/<uuid:approval_id>/decide")
@act("home.approvals")
def decide(approval_id: UUID) -> Answer:
    """The second person approves, and the act is carried out; or refuses and says why."""
    found, form = load_decidable(approval_id, current_actor()), DecisionForm()
    approve = request.form.get("decision") == "approve"
    if not approve and not (form.note.data or "").strip():
        form.note.errors = [_("不批准的，请写明原因，申请人据此修改。")]
        return _page(approval_id, form), 422
    if form.validate_on_submit() and try_verb(form, lambda: _decide(found, approve, form.note.data or "")):
        flash(_("已批准，并已办理。") if approve else _("已退回申请，未办理。"), "success")
        return redirect(url_for("home.approval", approval_id=approval_id), 303)
    return _page(approval_id, form), form.status


def _decide(found: Approval, approve: bool, note: str) -> Approval:
    return approvals.decide(found.id, approve=approve, actor=current_actor(), at=now(), note=note)


@blueprint.post("/approvals/<uuid:approval_id>/withdraw")
@act("home.approvals")
def withdraw(approval_id: UUID) -> Answer:
    """Who asked takes the request back."""
    found, _right = load_approval(approval_id, current_actor())
    approvals.withdraw(found.id, actor=current_actor(), at=now())
    flash(_("申请已撤回。"), "success")
    return redirect(url_for("home.approval_list"), 303)
