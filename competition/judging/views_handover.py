"""What tablets without a network hand over: files brought by hand, or codes read by this device's camera."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.forms import try_verb
from competition.core.pictures import qr
from competition.judging import device_keys, queries, service
from competition.judging import queries_handover as handed
from competition.judging.forms import HandoverForm, ReasonForm, TakeHandoverForm
from competition.judging.handover_file import MOST_BYTES
from competition.judging.handover_receipt import receipt
from competition.judging.models import Device, Seat
from competition.judging.models_handover import Handover
from competition.judging.pages import Answer, blueprint, guard, load_contest, round_scope
from competition.judging.queries_seats import sitters_now
from competition.judging.words import part_names
from competition.judging.words_handover import KINDS, RESULTS, SIGNED, brought_words, counts_words, state_words

# One folder after an event: more are taken in several goes.
MOST_FILES = 60


@dataclass(frozen=True)
class Line:
    """What became of one file: the row, or why there is none."""

    name: str
    found: Handover | None
    why: str = ""


def own_events(contest: Contest, act_name: str) -> frozenset[uuid.UUID]:
    """The events of the contest for which the reader holds the right."""
    scope, actor = contest_scope(contest), current_actor()
    return frozenset(e.id for e in contest.events if may(actor, act_name, scope | {("event", e.id)}))


def load_handover(contest_id: uuid.UUID, handover_id: uuid.UUID, act_name: str) -> Handover:
    """A file of the contest, for who may do the act on its event."""
    contest = load_contest(contest_id, act_name)
    found = handed.get_handover(contest_id, handover_id)
    guard(round_scope(contest, [found.seat.panel.event_id]), act_name, _("没有找到这份交接文件，它可能已被移走，或您无权查看。"))
    return found


@blueprint.get("/handovers")
@act("judging.handovers")
def handovers(contest_id: uuid.UUID) -> str:
    """The files that were brought, and the form for more."""
    return handovers_page(load_contest(contest_id, "judging.handovers"), HandoverForm(formdata=None), [])


def handovers_page(contest: Contest, form: HandoverForm, lines: list[Line]) -> str:
    """The list, with what became of the files that were just read or taken."""
    found = handed.handovers_of(contest.id, own_events(contest, "judging.handovers"))
    return render_template("judging/handovers.html", contest=contest, found=found, form=form, lines=lines,
                           ready=[one for one in found if one.is_ready],
                           may_carry=bool(own_events(contest, "judging.carry")), max_mb=MOST_BYTES // 1024 // 1024,
                           signed=SIGNED, state_words=state_words)


@blueprint.post("/handovers")
@act("judging.carry")
def read_handovers(contest_id: uuid.UUID) -> Answer:
    """Read files; nothing is taken yet. One good file leads to its page, several to a line for each."""
    contest = load_contest(contest_id, "judging.carry")
    form = HandoverForm()
    if not form.validate_on_submit():
        return handovers_page(contest, form, []), form.status
    uploads: list[FileStorage] = form.files.data
    if len(uploads) > MOST_FILES:
        form.refuse(RuleBroken(_("一次最多选 %(n)s 份文件，请分几次上传。", n=MOST_FILES), status=422, field="files"))
        return handovers_page(contest, form, []), form.status
    lines = [_read(contest, upload, "camera" if form.way.data == "camera" else "file") for upload in uploads]
    if len(lines) == 1:
        return _one(contest, form, lines[0])
    return handovers_page(contest, form, lines), 200 if all(line.found for line in lines) else 422


def _read(contest: Contest, upload: FileStorage, way: str) -> Line:
    name = upload.filename or ""
    data = upload.stream.read(MOST_BYTES + 1)
    upload.close()
    return tried(name, lambda: service.read_handover(
        contest.id, data, way=way, file_name=name, events=own_events(contest, "judging.carry"), actor=current_actor(), at=now()))


def tried(name: str, verb: Callable[[], Handover]) -> Line:
    """The line of a file: what the verb gave, or why it refused."""
    try:
        return Line(name, verb())
    except RuleBroken as error:
        return Line(name, None, error.message)


def _one(contest: Contest, form: HandoverForm, line: Line) -> Answer:
    if line.found is not None:
        return to_page(line.found)
    form.refuse(RuleBroken(line.why, status=422, field="files"))
    return handovers_page(contest, form, []), form.status


@blueprint.get("/handovers/camera")
@act("judging.carry")
def handover_camera(contest_id: uuid.UUID) -> str:
    """The camera that reads the moving codes of a tablet; what it has read goes the way of a file."""
    contest = load_contest(contest_id, "judging.carry")
    return render_template("judging/handover_camera.html", contest=contest, form=HandoverForm(formdata=None, data={"way": "camera"}))


@blueprint.post("/handovers/all")
@act("judging.carry")
def take_handovers(contest_id: uuid.UUID) -> Answer:
    """Take every file that is ready, each with a line of its own. What was refused before stays refused."""
    contest = load_contest(contest_id, "judging.carry")
    found = handed.handovers_of(contest.id, own_events(contest, "judging.carry"))
    ready = [(one.file_name or one.code, one.id) for one in found if one.is_ready]
    lines = [tried(name, partial(service.take_handover, key, stuck=False, actor=current_actor(), at=now())) for name, key in ready]
    return handovers_page(contest, HandoverForm(formdata=None), lines)


@blueprint.get("/handovers/<uuid:handover_id>")
@act("judging.handovers")
def handover(contest_id: uuid.UUID, handover_id: uuid.UUID) -> str:
    """What a file brings, beside what is there; once taken, what became of it."""
    return handover_page(load_handover(contest_id, handover_id, "judging.handovers"))


def handover_page(found: Handover, form: TakeHandoverForm | None = None, ask: ReasonForm | None = None) -> str:
    """The page of a file, with its forms as they stand."""
    seat, lines = found.seat, found.results.get("lines", [])
    contest = seat.panel.event.contest
    known = [queries.rules_of_round(round_, queries.state_row(round_.id))[1] for round_ in queries.rounds_of_panel(seat.panel_id)]
    names = {key: name for event in known for key, name in part_names(event).items()}
    return render_template(
        "judging/handover.html", contest=contest, found=found, seat=seat, preview=handed.preview(found),
        form=form or TakeHandoverForm(formdata=None), ask=ask or ReasonForm(formdata=None),
        waiting=service.open_handover_request(found.id, now()), lines=lines, results=RESULTS, kinds=KINDS, signed=SIGNED,
        codes=handed.works_by_id({uuid.UUID(line["work"]) for line in lines}), counts_words=counts_words, state_words=state_words,
        receipt=receipt_of(found), sitter=sitters_now([seat.id]).get(seat.id), names=names,
        thumbprint=thumbprint(found.device), changed_at=key_changed(found.device),
        brought=partial(brought_words, criteria=[one for event in known for one in event.criteria]), **rights_on(seat))


def receipt_of(found: Handover) -> Markup | None:
    """What the tablet's camera reads of a file that was taken."""
    if found.state != "taken":
        return None
    return qr(receipt(found.device.token_hash, found.code, found.results.get("counts", {})))


def rights_on(seat: Seat) -> dict[str, bool]:
    """What the reader may do with a seat's files; marks are seen by those alone who may see sheets."""
    contest, event_id = seat.panel.event.contest, seat.panel.event_id
    return {"may_carry": event_id in own_events(contest, "judging.carry"), "sees_marks": event_id in own_events(contest, "judging.sheets")}


def thumbprint(device: Device) -> str | None:
    """What the tablet's key of today is called."""
    return device_keys.thumbprint(device.public_key) if device.public_key else None


def key_changed(device: Device) -> datetime | None:
    """When the tablet was opened with another key than it had."""
    return datetime.fromisoformat(device.former_keys[-1]["until"]) if device.former_keys else None


def to_page(found: Handover) -> Response:
    """The file's page."""
    return redirect(url_for("judging.handover", contest_id=found.contest_id, handover_id=found.id), 303)


@blueprint.post("/handovers/<uuid:handover_id>")
@act("judging.carry")
def take_handover(contest_id: uuid.UUID, handover_id: uuid.UUID) -> Answer:
    """Take a file."""
    found = load_handover(contest_id, handover_id, "judging.carry")
    form = TakeHandoverForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.take_handover(
            handover_id, stuck=form.stuck.data, actor=current_actor(), at=now())):
        flash(_("已办完这份交接文件，结果见下表。"), "success")
        return to_page(found)
    return handover_page(found, form=form), form.status


@blueprint.post("/handovers/<uuid:handover_id>/approval")
@act("judging.carry")
def ask_handover(contest_id: uuid.UUID, handover_id: uuid.UUID) -> Answer:
    """Ask a second person about a file without a signature."""
    found = load_handover(contest_id, handover_id, "judging.carry")
    form = ReasonForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.ask_handover(
            handover_id, reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已提出申请，等待另一人批准。"), "success")
        return to_page(found)
    return handover_page(found, ask=form), form.status
