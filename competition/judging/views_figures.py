"""Times, theory marks and deductions: entered one by one on a phone, or brought in from a workbook."""

import uuid

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import Forbidden
from competition.core.forms import try_verb
from competition.judging import queries, queries_answers, service, words
from competition.judging.forms import FigureFields, ImportForm, TakeForm, figure_form
from competition.judging.pages import Answer, blueprint, load_round, rights
from competition.judging.rules_figures import FigureKey, figure_keys, lacking, shown
from competition.scoring.paper import ANSWERS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def keys_for(round_: Round) -> list[FigureKey]:
    """The figures of the round that the reader may enter: times, or theory and deductions, or all."""
    may = rights(round_, "times", "figures")
    _version, event = queries.rules_of_round(round_, queries.state_row(round_.id))
    return [key for key in figure_keys(event) if may["times" if key.kind == "time" else "figures"]]


@blueprint.get("/rounds/<uuid:round_id>/figures")
@act("judging.enter")
def figures(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """The works with what was entered; a tap leads to one work."""
    return figures_page(load_round(contest_id, round_id, "judging.enter"), ImportForm(formdata=None))


def figures_page(round_: Round, form: ImportForm) -> str:
    """The list, with the form of the import as it stands."""
    keys, current = keys_for(round_), queries.current_figures(round_.id)
    values = {(work_id, key): figure.value for (work_id, key), figure in current.items() if figure.value}
    works = list_works(round_.id)
    held: dict[uuid.UUID, set[str]] = {}
    for work_id, key in values:
        held.setdefault(work_id, set()).add(key)
    excused = {x.work_id for x in queries.excusals_of_round(round_.id) if x.seat_id is None}
    missing = sum(bool(lacking(keys, held.get(work.id, set()))) for work in works
                  if work.away is None and work.id not in excused and None not in excused)
    return render_template("judging/figures.html", contest=round_.contest, round=round_, works=works, keys=keys, values=values,
                           shown=shown, away=words.AWAY, lacking=missing, info=queries.round_state(round_.id), form=form,
                           may=rights(round_, "figures", "board", "answer_key"))


@blueprint.get("/rounds/<uuid:round_id>/figures/<uuid:work_id>")
@act("judging.enter")
def figure(contest_id: uuid.UUID, round_id: uuid.UUID, work_id: uuid.UUID) -> str:
    """The figures of one work."""
    round_ = load_round(contest_id, round_id, "judging.enter")
    work = queries.get_work(round_id, work_id)
    keys, current = keys_for(round_), queries.current_figures(round_id)
    held = {key.key: queries_answers.as_typed(round_, key, current[work_id, key.key].value) for key in keys
            if (work_id, key.key) in current and current[work_id, key.key].value}
    return figure_page(round_, work, keys, figure_form(keys)(formdata=None, data=held))


def figure_page(round_: Round, work: Work, keys: list[FigureKey], form: FigureFields) -> str:
    """The form of one work, with what was entered before."""
    labels = {key.key: key for key in keys}
    history = [f for f in queries.figures_of_work(work.id) if f.key in labels]
    paper = queries_answers.paper_of(round_)
    sections = {ANSWERS + one.key: one for one in paper.sections} if paper is not None else {}
    return render_template("judging/figure.html", contest=round_.contest, round=round_, work=work, keys=keys, form=form,
                           history=history, labels=labels, sections=sections, shown=shown, away=words.AWAY,
                           info=queries.round_state(round_.id))


@blueprint.post("/rounds/<uuid:round_id>/figures/<uuid:work_id>")
@act("judging.enter")
def record(contest_id: uuid.UUID, round_id: uuid.UUID, work_id: uuid.UUID) -> Answer:
    """Write what was entered, and go on with the next work."""
    round_ = load_round(contest_id, round_id, "judging.enter")
    work, keys = queries.get_work(round_id, work_id), keys_for(round_)
    form = figure_form(keys)()
    if form.validate_on_submit():
        values = {key.key: form[key.key].data or "" for key in keys}
        source = "timed" if all(key.kind == "time" for key in keys) else "keyed"
        written = try_verb(form, lambda: service.record_figures(
            work_id, values, source=source, actor=current_actor(), at=now(), reason=form.reason.data or ""))
        if written is not None:
            flash(_("%(code)s 已记录。", code=work.code) if written else _("%(code)s 没有变化。", code=work.code), "success")
            return redirect(url_for("judging.figures", contest_id=contest_id, round_id=round_id, _anchor=f"work-{work_id}"), 303)
    return figure_page(round_, work, keys, form), form.status


@blueprint.get("/rounds/<uuid:round_id>/figures.xlsx")
@act("judging.figures")
def template(contest_id: uuid.UUID, round_id: uuid.UUID) -> FlaskResponse:
    """A workbook to fill in."""
    load_round(contest_id, round_id, "judging.figures")
    return workbook(service.template_of(round_id), "figures.xlsx")


def workbook(data: bytes, name: str) -> FlaskResponse:
    """A workbook to be kept."""
    answer = make_response(data)
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post("/rounds/<uuid:round_id>/figures")
@act("judging.figures")
def preview(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Read a filled-in workbook; nothing is taken over yet."""
    round_ = load_round(contest_id, round_id, "judging.figures")
    if len(keys_for(round_)) == 0:
        raise Forbidden(_("您没有录入本轮这些项目的权限。"))
    form = ImportForm()
    if form.validate_on_submit():
        upload = form.file.data
        made = try_verb(form, lambda: service.preview_figures(
            round_id, upload.read(), file_name=upload.filename or "", actor=current_actor(), at=now()))
        if made:
            return redirect(url_for("judging.imported", contest_id=contest_id, round_id=round_id, import_id=made.id), 303)
    return figures_page(round_, form), form.status


@blueprint.get("/rounds/<uuid:round_id>/imports/<uuid:import_id>")
@act("judging.figures")
def imported(contest_id: uuid.UUID, round_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """What the workbook says beside what stands."""
    round_ = load_round(contest_id, round_id, "judging.figures")
    return import_page(round_, import_id, TakeForm(formdata=None))


def import_page(round_: Round, import_id: uuid.UUID, form: TakeForm) -> str:
    """The preview by kind of row: faulty, changed, new, the same."""
    found = queries.get_import(round_.id, import_id)
    rows = {"faulty": [r for r in found.rows if r["error"]],
            "changed": [r for r in found.rows if not r["error"] and r["before"] and r["before"] != r["value"]],
            "new": [r for r in found.rows if not r["error"] and not r["before"]],
            "same": [r for r in found.rows if not r["error"] and r["before"] == r["value"]]}
    keys = {key.key: key for key in keys_for(round_)}
    return render_template("judging/import.html", contest=round_.contest, round=round_, found=found, rows=rows, form=form,
                           labels={key: each.label for key, each in keys.items()}, fault=words.fault_words,
                           shown=lambda key, value: shown(keys[key].kind if key in keys else "", value) if value else "")


@blueprint.get("/rounds/<uuid:round_id>/imports/<uuid:import_id>/faulty.xlsx")
@act("judging.figures")
def faulty(contest_id: uuid.UUID, round_id: uuid.UUID, import_id: uuid.UUID) -> FlaskResponse:
    """The lines that are refused, with the cells to be changed in red."""
    load_round(contest_id, round_id, "judging.figures")
    return workbook(service.faulty_of(queries.get_import(round_id, import_id)), "faulty.xlsx")


@blueprint.post("/rounds/<uuid:round_id>/imports/<uuid:import_id>")
@act("judging.figures")
def take(contest_id: uuid.UUID, round_id: uuid.UUID, import_id: uuid.UUID) -> Answer | Response:
    """Take the preview over."""
    round_ = load_round(contest_id, round_id, "judging.figures")
    queries.get_import(round_id, import_id)
    form = TakeForm()
    if form.validate_on_submit():
        count = try_verb(form, lambda: service.take_figures(
            import_id, reason=form.reason.data or "", actor=current_actor(), at=now()))
        if count is not None:
            flash(_("已导入 %(n)s 项。", n=count), "success")
            return redirect(url_for("judging.figures", contest_id=contest_id, round_id=round_id), 303)
    return import_page(round_, import_id, form), form.status
