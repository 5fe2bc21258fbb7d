"""Tokens of other systems: the list, a new one (shown once), taking one away."""

from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor, table
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import Forbidden
from competition.core.forms import choices, done_or_told, try_verb
from competition.organisations.models import Union
from competition.organisations.queries import union_scope
from competition.returns import queries_api as reads
from competition.returns import service_api as service
from competition.returns.forms_tokens import TokenForm
from competition.returns.models_api import ApiToken
from competition.returns.pages import manages_tokens
from competition.returns.rules_api import STATES, USUAL_DAYS
from competition.returns.views import blueprint

ACT = "participation.tokens"


def _roles() -> frozenset[str]:
    return table(current_app)[ACT].roles


def _check_any() -> None:
    """Is there any union for which the reader manages tokens?"""
    if not manages_tokens():
        raise Forbidden(_("访问令牌由工会的组委会办公室或系统管理员管理。"))


def load_token(token_id: UUID) -> ApiToken:
    """A token of a union that is the reader's to manage."""
    found = get(ApiToken, token_id)
    check(current_actor(), ACT, union_scope(found.union_id))
    return found


@blueprint.get("/tokens")
@act(ACT)
def tokens() -> str:
    """Which systems have one, and when they last used it."""
    _check_any()
    return render_template("returns/tokens.html", lines=reads.list_tokens(current_actor(), _roles(), now()), states=STATES)


@blueprint.route("/tokens/new", methods=["GET", "POST"])
@act(ACT)
def new_token() -> str | BaseResponse | tuple[str, int]:
    """A new one; its text is shown in the answer and nowhere else."""
    _check_any()
    asked = request.args.get("q", "").strip()
    unions = reads.choosable_unions(current_actor(), _roles(), asked)
    form = TokenForm(data={"days": USUAL_DAYS})
    form.union.choices = choices((union.id, _named(union)) for union in unions)
    if form.validate_on_submit():
        union = get(Union, UUID(form.union.data))
        check(current_actor(), ACT, union_scope(union.id))
        made = try_verb(form, lambda: service.make_token(
            form.title.data or "", union.id, can_report=form.right.data == "report", days=form.days.data or 0,
            actor=current_actor(), at=now()))
        if made:
            return make_response(render_template("returns/token_made.html", token=made[0], text=made[1], union=union))
    page = render_template("returns/token_new.html", form=form, q=asked, has_unions=bool(unions))
    return page, form.status if form.is_submitted() else 200


def _named(union: Union) -> str:
    if union.level != "grassroots" or union.parent is None:
        return union.name
    return str(_("%(name)s（%(above)s）", name=union.name, above=union.parent.name))


@blueprint.post("/tokens/<uuid:token_id>/revoke")
@act(ACT)
def revoke_token(token_id: UUID) -> BaseResponse:
    """It opens nothing from now on."""
    found = load_token(token_id)
    if done_or_told(lambda: service.revoke_token(found.id, actor=current_actor(), at=now())):
        flash(_("已撤销，这个令牌不能再使用。"), "success")
    return redirect(url_for("returns.tokens"), 303)
