"""Score sheets of paper: printed, and keyed by two people."""

import uuid
from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound, RuleBroken
from competition.core.forms import choices, try_verb
from competition.judging import papers, queries, queries_paper, rules_paper, service, words
from competition.judging.forms import NumberForm, PaperFields, PrintForm, ReasonForm, paper_form
from competition.judging.models_paper import PaperKeying, PaperSheet
from competition.judging.pages import Answer, blueprint, load_round, rights
from competition.judging.queries_paper import OnPaper
from competition.judging.service_paper import check_keyable, check_turn, has_tablet_marks

BASE = "/rounds/<uuid:round_id>/paper"


@blueprint.get(BASE)
@act("judging.paper")
def paper(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """Which sheets wait, the field for the next one's number, and the printing."""
    return paper_page(load_round(contest_id, round_id, "judging.paper"), NumberForm(formdata=None))


def paper_page(round_: Round, form: NumberForm) -> str:
    """The page, with the number as it was typed."""
    unfinished = queries_paper.unfinished(round_.id)
    return render_template(
        "judging/paper.html", contest=round_.contest, round=round_, form=form, choose=offer_print(PrintForm(formdata=None), round_),
        unfinished=unfinished, aside=queries_paper.set_aside(round_.id), number_of=queries_paper.numbers(unfinished),
        counts=queries_paper.counts(round_.id), state_words=words.PAPER, last=queries_paper.last_keyings,
        info=queries.round_state(round_.id), may=rights(round_, "key_paper", "board", "sheets", "decide"), actor=current_actor())


def offer_print(form: PrintForm, round_: Round) -> PrintForm:
    """The batches and seats of the round as choices."""
    batches = sorted({work.batch for work in list_works(round_.id)})
    form.batch.choices = choices([(n, _("第 %(n)s 批", n=n)) for n in batches], empty=_("全部批次"))
    form.seat.choices = choices([(s.number, _("%(n)s 号", n=s.number)) for s in queries.seats_of_round(round_.id)], empty=_("全部座位"))
    return form


@blueprint.get(f"{BASE}/sheets", defaults={"suffix": ""})
@blueprint.get(f"{BASE}/sheets.<any(pdf):suffix>")
@act("judging.paper")
def paper_sheets(contest_id: uuid.UUID, round_id: uuid.UUID, suffix: str) -> Answer:
    """The sheets of a round, of one batch or one seat where asked, as a page to print or as PDF."""
    round_ = load_round(contest_id, round_id, "judging.paper")
    batch, seat, work = (request.args.get(name, type=kind) for name, kind in (("batch", int), ("seat", int), ("work", uuid.UUID)))
    works = [w for w in list_works(round_id) if batch in (None, w.batch) and work in (None, w.id)]
    seats = [s for s in queries.seats_of_round(round_id) if seat in (None, s.number)]
    sheets = queries_paper.printed(round_, works, seats)
    try:
        check_print(sheets, suffix)
    except RuleBroken as error:
        flash(error.message, "error")
        return redirect(url_for("judging.paper", contest_id=contest_id, round_id=round_id), 303)
    if not suffix:
        return make_response(papers.sheets_page(round_.contest, round_, sheets))
    return make_response(papers.sheets_pdf(round_.contest, round_, sheets), 200, {
        "Content-Type": "application/pdf", "Content-Disposition": f"inline; filename={round_.contest.code}-sheets.pdf"})


def check_print(sheets: Sequence[OnPaper], suffix: str) -> None:
    """Raise when there is nothing to print, or more than one answer can wait for."""
    if not sheets or not sheets[0].lines:
        raise RuleBroken(_("没有可打印的评分表。请先抽签，并设置裁判组和座位。"), code="nothing_to_print")
    if suffix and len(sheets) > papers.MOST_PDF:
        raise RuleBroken(_("这次选了 %(n)s 张，一个 PDF 最多 %(most)s 张。请按批次或座位分开下载，或用“看网页”直接打印。",
                           n=len(sheets), most=papers.MOST_PDF), code="too_many_sheets")


@blueprint.post(BASE)
@act("judging.key_paper")
def find_paper(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Lead from a scanned or typed number to the sheet."""
    round_ = load_round(contest_id, round_id, "judging.key_paper")
    form = NumberForm()
    if form.validate_on_submit():
        found = try_verb(form, lambda: openable(round_, form.number.data or ""))
        if found is not None:
            return redirect(url_for("judging.paper_sheet", contest_id=contest_id, round_id=round_id, number=str(found.number)), 303)
    return paper_page(round_, form), form.status


def openable(round_: Round, number: str) -> OnPaper:
    """The sheet of a number, where the reader may key it now; raises RuleBroken."""
    found = queries_paper.sheet_of(round_, number)
    check_openable(found)
    return found


def check_openable(found: OnPaper) -> None:
    """Raise unless the reader may key the sheet now."""
    check_keyable(found, queries.state_row(found.round.id))
    sheet = queries_paper.find_open(found.seat.id, found.work.id)
    if sheet is not None:
        check_turn(sheet, current_actor())


@blueprint.get(f"{BASE}/sheets/<number>")
@act("judging.key_paper")
def paper_sheet(contest_id: uuid.UUID, round_id: uuid.UUID, number: str) -> Answer:
    """One sheet to be keyed; who may not key it now hears why."""
    round_ = load_round(contest_id, round_id, "judging.key_paper")
    found = find_or_404(round_, number)
    try:
        check_openable(found)
    except RuleBroken as error:
        flash(error.message, "error")
        return redirect(url_for("judging.paper", contest_id=contest_id, round_id=round_id), 303)
    return sheet_page(round_, found)


def find_or_404(round_: Round, number: str) -> OnPaper:
    """The sheet of an address."""
    try:
        return queries_paper.sheet_of(round_, number)
    except RuleBroken as error:
        raise NotFound(error.message) from error


def both(sheet: PaperSheet | None) -> tuple[PaperKeying | None, PaperKeying | None]:
    """The reader's own keying and the other person's, once both have keyed: until then nobody sees anything."""
    last = queries_paper.last_keyings(sheet) if sheet is not None else []
    if len(last) < 2:
        return None, None
    own = next((one for one in last if one.by_id == current_actor().id), None)
    return own, next((one for one in last if one is not own), None)


def sheet_page(round_: Round, found: OnPaper, form: PaperFields | None = None) -> str:
    """The boxes, with what was typed or keyed last; where two keyings differ a mark, never the other person's figure: whoever
    sees it may copy it, and two keyings would be one."""
    sheet = queries_paper.find_open(found.seat.id, found.work.id)
    own, other = both(sheet)
    if form is None:
        form = paper_form(found.lines)(formdata=None, data=rules_paper.typed_of(found.lines, own.marks) if own else {})
    differing = rules_paper.differing(own.marks, other.marks) if own and other else []
    return render_template(
        "judging/paper_sheet.html", contest=round_.contest, round=round_, found=found, form=form, sheet=sheet, own=own, other=other,
        differing=differing, most_keyings=rules_paper.MOST_KEYINGS, limits=words.limits_words, levels=words.levels_words,
        has_tablet_marks=has_tablet_marks(queries.find_sheet(found.seat.id, found.work.id)))


@blueprint.post(f"{BASE}/sheets/<number>")
@act("judging.key_paper")
def key_paper(contest_id: uuid.UUID, round_id: uuid.UUID, number: str) -> Answer:
    """Take what was keyed; a wrong box keeps all that was typed."""
    round_ = load_round(contest_id, round_id, "judging.key_paper")
    found = find_or_404(round_, number)
    form = paper_form(found.lines)()
    if form.validate_on_submit():
        typed = {box.field: form[box.field].data or "" for line in found.lines for box in line.boxes}
        sheet = try_verb(form, lambda: service.key_sheet(round_id, number, typed, actor=current_actor(), at=now()))
        if sheet is not None:
            tell(sheet, found)
            again = sheet.state == rules_paper.DIFFERS
            to = url_for("judging.paper_sheet", contest_id=contest_id, round_id=round_id, number=str(found.number)) if again else url_for(
                "judging.paper", contest_id=contest_id, round_id=round_id)
            return redirect(to, 303)
    return sheet_page(round_, found, form), form.status


def tell(sheet: PaperSheet, found: OnPaper) -> None:
    """Say what became of a keying."""
    facts = {"work": found.work.code, "n": found.seat.number}
    if sheet.state == rules_paper.WAITING:
        flash(_("%(work)s · %(n)s 号裁判：第一遍已录入，请另一人录入第二遍。", **facts), "success")
    elif sheet.state == rules_paper.DIFFERS:
        flash(_("%(work)s · %(n)s 号裁判：两人录入不一致，请对照纸面核对下面标出的格子。", **facts), "error")
    elif sheet.state == rules_paper.DROPPED:
        flash(_("%(work)s · %(n)s 号裁判：两人录入相差太多，已作废。请两人各自对照纸面，从头再录。", **facts), "error")
    elif sheet.state == rules_paper.ASIDE:
        flash(_("%(work)s · %(n)s 号裁判：两遍一致，但平板上已有评分，已另存，请裁判长处理。", **facts), "warning")
    else:
        held = queries.find_sheet(found.seat.id, found.work.id)
        flash(_("%(work)s · %(n)s 号裁判：两遍一致，已计入并提交，核对码 %(code)s。", code=held.check_code if held else "", **facts),
              "success")


@blueprint.post(f"{BASE}/sheets/<number>/drop")
@act("judging.decide")
def drop_paper(contest_id: uuid.UUID, round_id: uuid.UUID, number: str) -> Answer:
    """Let the keying of a sheet begin anew, with a reason."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    found = find_or_404(round_, number)
    sheet = queries_paper.find_open(found.seat.id, found.work.id)
    if sheet is None:
        raise NotFound(_("没有找到正在录入的这张表，它可能已经录完。"))
    form = ReasonForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.drop_paper(
            sheet.id, reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已作废这张表的录入，可以重新录入。原来录入的内容留在记录里。"), "success")
        return redirect(url_for("judging.paper", contest_id=contest_id, round_id=round_id), 303)
    return render_template("judging/paper_drop.html", contest=round_.contest, round=round_, found=found, form=form), form.status


@blueprint.get(f"{BASE}/sheets/<number>/drop")
@act("judging.decide")
def ask_drop(contest_id: uuid.UUID, round_id: uuid.UUID, number: str) -> str:
    """What beginning anew means, and why."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    return render_template("judging/paper_drop.html", contest=round_.contest, round=round_, found=find_or_404(round_, number),
                           form=ReasonForm(formdata=None))
