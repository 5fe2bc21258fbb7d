"""One page on which the seats of a panel are filled all at once."""

import uuid
from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.formats import joined
from competition.core.forms import choices, try_verb
from competition.judging import queries_seats as seats_of
from competition.judging import service
from competition.judging.forms import SittersFields, sitters_form
from competition.judging.models import Panel, Sitter
from competition.judging.pages import Answer, blueprint, load_contest, load_panel
from competition.judging.service_sitters import Seating

Sitting = Mapping[uuid.UUID, Sitter]


@blueprint.route("/panels/<uuid:panel_id>/judges", methods=["GET", "POST"])
@act("judging.panels")
def panel_judges(contest_id: uuid.UUID, panel_id: uuid.UUID) -> Answer:
    """Who sits in each seat from now on; seats that are left as they are stay so."""
    panel = load_panel(contest_id, panel_id, "judging.panels")
    sitting = seats_of.sitters_now([seat.id for seat in panel.seats])
    form = _form(panel, sitting)
    if form.validate_on_submit():
        carded = [seat for seat in panel.seats if seat.card_made_at]
        made = try_verb(form, lambda: service.seat_judges(panel.id, _seatings(panel, form), actor=current_actor(), at=now()))
        if made:
            flash(_("已安排 %(n)s 个座位的裁判员。", n=len(made)), "success")
            if void := [str(seat.number) for seat in carded if seat.card_made_at is None]:
                words = _("%(numbers)s 号座位换了裁判员：原来的座位卡已作废，原平板已停用，请重新制作座位卡。", numbers=joined(void))
                flash(words, "warning")
            return redirect(url_for("judging.panels", contest_id=contest_id), 303)
    page = render_template("judging/panel_judges.html", contest=load_contest(contest_id, "judging.panels"), panel=panel, form=form,
                           sitters=sitting)
    return (page, form.status) if form.is_submitted() else page


def _form(panel: Panel, sitting: Sitting) -> SittersFields:
    """The form with who sits there now and the accounts to choose from; who sits there stays a choice, judge or not any more."""
    held: dict[str, str] = {}
    for seat in panel.seats:
        held |= {f"{what}_{seat.number}": words for what, words in _said(sitting.get(seat.id)).items()}
    form = sitters_form([seat.number for seat in panel.seats])(data=held)
    judges = seats_of.judge_choices(panel.contest_id, panel.event_id)
    for seat in panel.seats:
        known = {account for account, _name in judges}
        own = [(account, held[f"name_{seat.number}"]) for account in (held[f"account_{seat.number}"],) if account and account not in known]
        form[f"account_{seat.number}"].choices = choices([*judges, *own], empty=_("没有账号，只登记姓名"))
    return form


def _said(sitter: Sitter | None) -> dict[str, str]:
    """A sitter as the form has him."""
    if sitter is None:
        return dict.fromkeys(("account", "name", "employer", "seen"), "")
    return {"account": str(sitter.account_id or ""), "name": sitter.name, "employer": sitter.employer, "seen": str(sitter.id)}


def _seatings(panel: Panel, form: SittersFields) -> list[Seating]:
    """What was changed on the page, seat by seat, against what the page showed; what stands there by now is checked later."""
    found, shown = [], seats_of.sitters_of_panel(panel.id)
    for seat in panel.seats:
        values = {what: form[f"{what}_{seat.number}"].data or "" for what in _said(None)}
        before = shown.get(values["seen"])
        if values == _said(before):
            continue
        offered = {str(choice.value): str(choice.label) for choice in form[f"account_{seat.number}"].choices}
        name = values["name"]
        # Another account chosen beside the old name, or beside none: the name is that account's.
        if values["account"] and (not name or (before is not None and name == before.name and values["account"] != str(before.account_id))):
            name = offered[values["account"]]
        found.append(Seating(seat.id, name, values["employer"], uuid.UUID(values["account"]) if values["account"] else None,
                             before.id if before else None, (f"account_{seat.number}", f"name_{seat.number}")))
    return found
