"""The roster of a return: who is in it, a table sent for it, what was found, confirming and taking back."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import NotFound
from competition.core.exports import file_answer
from competition.core.formats import show_year_month
from competition.core.forms import done_or_told, tried, try_verb
from competition.core.paging import slice_page
from competition.core.tables.bounds import MOST_BYTES, MOST_ROWS
from competition.organisations.rules import WORKER_GROUPS
from competition.returns import queries_import as reads
from competition.returns import rules_import as rules
from competition.returns import service_import as service
from competition.returns.forms_import import TableForm, columns_form
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from competition.returns.pages import load_return, own_scope
from competition.returns.rules import EDITABLE, ROSTER
from competition.returns.views import blueprint
from competition.rosters.rules_columns import FIELDS, NOT_READ

Answer = Response | str | tuple[str, int]


def load_roster(return_id: UUID) -> Return:
    """A roster return of the reader's own union; else it does not exist."""
    found = reads.get_return(return_id)
    if found.kind != ROSTER or not may(current_actor(), "participation.import_roster", own_scope(found)):
        raise NotFound(_("没有找到这份上报的名册。"))
    return found


def load_import(import_id: UUID) -> tuple[ReturnImport, Return]:
    """A table and the return that it was sent for."""
    kept = get(ReturnImport, import_id)
    return kept, load_roster(kept.return_id)


def page(name: str, found: Return, **more: Any) -> str:
    """A page about a return's roster."""
    zone = current_app.extensions["settings"].zone
    can_change = found.state in EDITABLE and may(current_actor(), "participation.import_roster", own_scope(found))
    month = show_year_month(found.month)
    return render_template(f"returns/{name}.html", found=found, month=month, zone=zone, rules=rules, fields=FIELDS,
                           groups=WORKER_GROUPS, can_change=can_change, most_rows=MOST_ROWS, **more)


@blueprint.route("/returns/<uuid:return_id>/roster", methods=["GET", "POST"])
@act("participation.import_roster")
def roster(return_id: UUID) -> Answer:
    """Send a table for the return; tables that were sent before."""
    found = load_roster(return_id)
    form = TableForm()
    if form.validate_on_submit():
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            form.file.errors = [_("请先选择填好的表格。")]
        else:
            data, name = sent.read(), sent.filename
            kept = try_verb(form, lambda: service.send_table(found.id, data, name, actor=current_actor(), at=now()))
            if kept:
                return redirect(url_for(".roster_import", import_id=kept.id), 303)
    answer = page("roster", found, form=form, people=reads.people_in(found), imports=reads.imports_of(found.id),
                  most_mb=MOST_BYTES // 1024 // 1024)
    return answer, form.status if form.is_submitted() else 200


@blueprint.get("/returns/<uuid:return_id>/people")
@act("participation.read_roster")
def roster_people(return_id: UUID) -> str:
    """Who is in the roster, masked, for its union and for those to whom it was handed up."""
    found = load_return(return_id)
    may_send = found.kind == ROSTER and may(current_actor(), "participation.import_roster", own_scope(found))
    return page("roster_people", found, page=reads.roster(found, request.args.get("page", 1, type=int)), may_send=may_send)


@blueprint.get("/imports/<uuid:import_id>")
@act("participation.import_roster")
def roster_import(import_id: UUID) -> str:
    """How far a table is: read, what was found, taken."""
    kept, found = load_import(import_id)
    return import_page(kept, found, columns_form(kept.summary.get("titles", ()), kept.columns))


def import_page(kept: ReturnImport, found: Return, form: Any) -> str:
    """The page of one table, with the form for its columns."""
    work, marking = reads.work_of(kept.job_id), reads.work_of(kept.marking_id)
    is_waiting = kept.state in (rules.COLUMNS, rules.CHECKED) or (kept.state == rules.TAKING and work is not None and work.is_over)
    not_read = [FIELDS[field] for field in NOT_READ if field in kept.columns]
    return page("import", found, kept=kept, not_read=not_read, work=work, marking=marking, form=form, is_waiting=is_waiting,
                can_undo=service.can_undo(kept, found), people=reads.people_in(found))


@blueprint.get("/imports/<uuid:import_id>/progress")
@act("participation.import_roster")
def import_progress(import_id: UUID) -> str:
    """How far the work is, for the page that asks every second."""
    kept, found = load_import(import_id)
    marks = "marking" in request.args
    work = reads.work_of(kept.marking_id if marks else kept.job_id)
    return page("import_progress", found, kept=kept, work=work, marks=marks)


@blueprint.post("/imports/<uuid:import_id>/columns")
@act("participation.import_roster")
def import_columns(import_id: UUID) -> Answer:
    """Read it again with the columns that were chosen, or another of its sheets."""
    kept, found = load_import(import_id)
    form = columns_form(kept.summary.get("titles", ()), kept.columns)
    sheet = request.form.get("sheet", type=int)
    if form.validate_on_submit():
        for each in form.twice():
            each.errors = [_("“%(field)s”已经选给了前面的一列。", field=FIELDS[each.data])]
        actor, at = current_actor(), now()
        if not form.errors and tried(form, lambda: service.read_otherwise(kept.id, form.chosen(), sheet, actor=actor, at=at)):
            return redirect(url_for(".roster_import", import_id=kept.id), 303)
    return import_page(kept, found, form), form.status


@blueprint.post("/imports/<uuid:import_id>/take")
@act("participation.import_roster")
def take_import(import_id: UUID) -> Response:
    """Have it taken in."""
    kept, _found = load_import(import_id)
    done_or_told(lambda: service.ask_take(kept.id, only_good=request.form.get("rows") == "good", actor=current_actor(), at=now(),
                                          keeps_others=request.form.get("others") == "keep"))
    return redirect(url_for(".roster_import", import_id=kept.id), 303)


@blueprint.post("/imports/<uuid:import_id>/stop")
@act("participation.import_roster")
def stop_import(import_id: UUID) -> Response:
    """Stop the reading or the taking."""
    kept, _found = load_import(import_id)
    service.stop_work(kept.id, actor=current_actor(), at=now())
    flash(_("已停止。上报中的名册没有改变。"), "success")
    return redirect(url_for(".roster_import", import_id=kept.id), 303)


@blueprint.post("/imports/<uuid:import_id>/undo")
@act("participation.import_roster")
def undo_import(import_id: UUID) -> Response:
    """Take the whole import back."""
    kept, found = load_import(import_id)
    if done_or_told(lambda: service.undo_import(kept.id, actor=current_actor(), at=now())):
        flash(_("已撤销这次导入，名册恢复为导入之前的样子。"), "success")
    return redirect(url_for(".roster", return_id=found.id), 303)


@blueprint.post("/imports/<uuid:import_id>/drop")
@act("participation.import_roster")
def drop_import(import_id: UUID) -> Response:
    """Give it up."""
    kept, found = load_import(import_id)
    if done_or_told(lambda: service.drop_import(kept.id, actor=current_actor(), at=now())):
        flash(_("已放弃这份表格，上传的文件已删除。"), "success")
    return redirect(url_for(".roster", return_id=found.id), 303)


@blueprint.get("/imports/<uuid:import_id>/faults")
@act("participation.import_roster")
def import_faults(import_id: UUID) -> str:
    """Every row with faults, name and number masked, each with what to change."""
    kept, found = load_import(import_id)
    if not kept.summary.get("bad"):
        raise NotFound(_("这份名册没有需要修改的行。"))
    return page("import_faults", found, kept=kept, page=slice_page(service.faults_of(kept), request.args.get("page", 1, type=int)))


@blueprint.post("/imports/<uuid:import_id>/marked.xlsx")
@act("participation.import_roster")
def marked_table(import_id: UUID) -> Response:
    """The table as it was sent, with red cells and what to change; that it was fetched is on record."""
    kept, _found = load_import(import_id)
    return file_answer(service.fetch_marked(kept.id, actor=current_actor(), at=now()), "roster-marked.xlsx")
