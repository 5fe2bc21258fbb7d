"""The rounds of a contest, its panels and seats, and the cards that open them."""

import uuid
from collections.abc import Iterable

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Contest, Event
from competition.contests.queries import contest_scope, current_rulebook, find_rulebook, load_rules, rounds_of
from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.judging import queries, service, words, words_ready
from competition.judging import queries_seats as seats_of
from competition.judging.cards import print_cards
from competition.judging.forms import PanelForm, SitterForm, StopForm
from competition.judging.models import Seat
from competition.judging.pages import Answer, blueprint, load_contest, load_panel, load_seat, rights, round_scope
from competition.judging.queries_ready import readiness_of
from competition.judging.rules import own_sheets
from competition.scoring.model import Event as ScoredEvent


@blueprint.get("/")
@act("judging.look")
def index(contest_id: uuid.UUID) -> str:
    """The rounds with where they stand, and what the reader may do there."""
    contest = load_contest(contest_id, "judging.look")
    scope = contest_scope(contest)
    rights_of = {r: rights(r, "look", "board", "enter", "panels", "paper", within=scope) for r in rounds_of(contest_id)}
    rounds = [r for r, may in rights_of.items() if may["look"]]
    progress = queries.progress_of([r.id for r in rounds])
    may = {r.id: rights_of[r] for r in rounds}
    return render_template("judging/index.html", contest=contest, rounds=rounds, progress=progress, may=may)


@blueprint.get("/panels")
@act("judging.panels")
def panels(contest_id: uuid.UUID) -> str:
    """All panels and seats."""
    contest = load_contest(contest_id, "judging.panels")
    return panels_page(contest, panel_form(contest))


def own_events(contest: Contest) -> list[Event]:
    """The events whose panels the reader may set up: all of them, or those of a chief judge of some."""
    scope = contest_scope(contest)
    return [e for e in contest.events if may(current_actor(), "judging.panels", scope | {("event", e.id)})]


def panel_form(contest: Contest) -> PanelForm:
    """The form with the judged events that the reader may set up; a part with a panel of its own is a choice by itself."""
    form, version = PanelForm(), find_rulebook(contest.id)
    rules = {event.key: event for event in load_rules(version).events} if version else {}
    form.event.choices = [choice for e in own_events(contest) if e.kind != "theory" for choice in _sheets(e, rules.get(e.key))]
    return form


def _sheets(event: Event, rules: ScoredEvent | None) -> list[tuple[str, str]]:
    """The sheets of an event that a panel can mark."""
    if rules is None:
        return [(str(event.id), event.name)]
    names = words.part_names(rules)
    common = [(str(event.id), event.name)] if rules.sheet_criteria or not rules.judged else []
    return common + [(f"{event.id}:{key}", _("%(event)s：%(name)s（单独的裁判组）", event=event.name, name=names[key]))
                     for key in own_sheets(rules)]


def _criteria(contest: Contest, event_id: uuid.UUID, key: str) -> list[str]:
    """What is on the sheet with this key; nothing named is the common one."""
    key_of = {e.id: e.key for e in contest.events}
    return [c.key for c in own_sheets(load_rules(current_rulebook(contest.id)).event(key_of[event_id]))[key]] if key else []


def panels_page(contest: Contest, form: PanelForm) -> str:
    """The page, with the form as it stands."""
    own, scope = {event.id for event in own_events(contest)}, contest_scope(contest)
    stops = {event_id: may(current_actor(), "judging.stop_device", scope | {("event", event_id)}) for event_id in own}
    found = [panel for panel in seats_of.panels_of_contest(contest.id) if panel.event_id in own]
    ids = [seat.id for panel in found for seat in panel.seats]
    ready = readiness_of([seat for panel in found for seat in panel.seats])
    return render_template("judging/panels.html", contest=contest, panels=found, sitters=seats_of.sitters_now(ids), ready=ready,
                           devices=seats_of.live_devices(ids), form=form, stops=stops, made_at=made_at, said=words_ready)


@blueprint.post("/panels")
@act("judging.panels")
def create_panel(contest_id: uuid.UUID) -> Answer:
    """A new panel with its seats."""
    contest = load_contest(contest_id, "judging.panels")
    form = panel_form(contest)
    if form.validate_on_submit():
        chosen, _colon, part = form.event.data.partition(":")
        event_id, count = uuid.UUID(chosen), form.seats.data or 0
        check(current_actor(), "judging.panels", round_scope(contest, [event_id]))
        made = try_verb(form, lambda: service.create_panel(
            event_id, name=form.name.data or "", seats=count, criteria=_criteria(contest, event_id, part), actor=current_actor(), at=now()))
        if made:
            flash(_("已建立裁判组“%(name)s”，共 %(n)s 个座位。下一步：安排裁判员，再打印座位卡。", name=made.name, n=count), "success")
            return redirect(url_for("judging.panels", contest_id=contest_id), 303)
    return panels_page(contest, form), form.status


@blueprint.post("/panels/<uuid:panel_id>/cards")
@act("judging.panels")
def panel_cards(contest_id: uuid.UUID, panel_id: uuid.UUID) -> Answer:
    """New cards for all seats of a panel, as PDF; the old ones are void."""
    panel = load_panel(contest_id, panel_id, "judging.panels")
    return cards_of(contest_id, list(panel.seats), url_for("judging.panels", contest_id=contest_id))


@blueprint.post("/seats/<uuid:seat_id>/card")
@act("judging.panels")
def seat_card(contest_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """A new card for one seat."""
    back = url_for("judging.seat", contest_id=contest_id, seat_id=seat_id)
    return cards_of(contest_id, [load_seat(contest_id, seat_id, "judging.panels")], back)


def made_at(seats: Iterable[Seat]) -> str:
    """When the newest card of these seats was made, as a page carries it; "" where there is none."""
    return max((seat.card_made_at.isoformat() for seat in seats if seat.card_made_at), default="")


def cards_of(contest_id: uuid.UUID, seats: list[Seat], back: str) -> Answer:
    """Make and print cards in one go: their secrets are kept nowhere.

    A page that does not know the newest cards has not asked whether they may become void: it is shown anew instead.
    """
    contest = load_contest(contest_id, "judging.panels")
    if request.form.get("seen", made_at(seats)) != made_at(seats):
        flash(_("座位卡已经制作过，没有再次制作，已下载的卡仍然有效。确实要换的，请在下面重新制作。"), "warning")
        return redirect(back, 303)
    cards = service.make_cards([seat.id for seat in seats], actor=current_actor(), at=now())
    base = current_app.extensions["settings"].public_url or request.url_root
    pdf = print_cards(contest, cards, seats_of.sitters_now([seat.id for seat in seats]), base)
    answer = make_response(pdf)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="seat-cards.pdf"'
    flash(_("已制作 %(n)s 张座位卡，已下载为 seat-cards.pdf。卡号和 PIN 只在这份文件里，请马上打印。", n=len(cards)), "success")
    return answer


def sitter_form(seat: Seat, *, sent: bool = True) -> SitterForm:
    """Who sits here, with the accounts that hold the judge's role; not ``sent``: another form of the page was."""
    now_there = seats_of.sitters_now([seat.id]).get(seat.id)
    held = {"account": str(now_there.account_id or ""), "name": now_there.name, "employer": now_there.employer} if now_there else {}
    form = SitterForm(data=held) if sent else SitterForm(formdata=None, data=held)
    return form.offer(seats_of.judge_choices(seat.panel.contest_id, seat.panel.event_id))


def chosen_name(form: SitterForm, seat: Seat) -> str:
    """The name as written; the account's when none was, or when only another account was chosen beside the old name."""
    before = seats_of.sitters_now([seat.id]).get(seat.id)
    is_left_over = before is not None and form.name.data == before.name and form.account.data not in ("", str(before.account_id))
    return form.account_name() if is_left_over or not form.name.data else form.name.data


def seat_page(contest_id: uuid.UUID, seat: Seat, form: SitterForm, stop: StopForm | None = None) -> str:
    """A seat with its history and its tablets."""
    contest = load_contest(contest_id, "judging.panels")
    may_stop = may(current_actor(), "judging.stop_device", round_scope(contest, [seat.panel.event_id]))
    devices = seats_of.devices_of(seat.id)
    live = next((pair for pair in devices if pair[0].replaced_at is None), None)
    return render_template("judging/seat.html", contest=contest, seat=seat, form=form, may_stop=may_stop, live=live,
                           stop=stop or StopForm(formdata=None), sitters=seats_of.sitters_of(seat.id), devices=devices,
                           endings=words.ENDINGS, made_at=made_at, ready=readiness_of([seat])[seat.id], said=words_ready)


@blueprint.get("/seats/<uuid:seat_id>")
@act("judging.panels")
def seat(contest_id: uuid.UUID, seat_id: uuid.UUID) -> str:
    """One seat."""
    found = load_seat(contest_id, seat_id, "judging.panels")
    return seat_page(contest_id, found, sitter_form(found))


@blueprint.post("/seats/<uuid:seat_id>")
@act("judging.panels")
def seat_judge(contest_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """Who sits here from now on."""
    found = load_seat(contest_id, seat_id, "judging.panels")
    form, had_card = sitter_form(found), found.card_made_at is not None
    if form.validate_on_submit():
        account = uuid.UUID(form.account.data) if form.account.data else None
        name = chosen_name(form, found)
        made = try_verb(form, lambda: service.seat_judge(
            seat_id, name=name, employer=form.employer.data or "", account_id=account, actor=current_actor(), at=now()))
        if made:
            flash(_("%(n)s 号座位已安排 %(name)s。", n=found.number, name=made.name), "success")
            if had_card and found.card_made_at is None:
                flash(_("原来的座位卡已作废，原平板已停用。请为 %(name)s 重新制作座位卡。", name=made.name), "warning")
                return redirect(url_for("judging.seat", contest_id=contest_id, seat_id=seat_id), 303)
            return redirect(url_for("judging.panels", contest_id=contest_id), 303)
    return seat_page(contest_id, found, form), form.status


@blueprint.post("/seats/<uuid:seat_id>/closed")
@act("judging.panels")
def close_seat(contest_id: uuid.UUID, seat_id: uuid.UUID) -> Response:
    """Close the seat to new tablets, or open it again."""
    found = load_seat(contest_id, seat_id, "judging.panels")
    closed = request.form.get("closed") == "yes"
    service.close_seat(seat_id, closed, actor=current_actor(), at=now())
    flash(_("%(n)s 号座位已停止新的登录，正在使用的平板不受影响。", n=found.number) if closed
          else _("%(n)s 号座位已恢复登录。", n=found.number), "success")
    return redirect(url_for("judging.seat", contest_id=contest_id, seat_id=seat_id), 303)


@blueprint.post("/seats/<uuid:seat_id>/devices/<uuid:device_id>/stop")
@act("judging.stop_device")
def stop_device(contest_id: uuid.UUID, seat_id: uuid.UUID, device_id: uuid.UUID) -> Answer:
    """Lock this tablet out."""
    found = load_seat(contest_id, seat_id, "judging.stop_device")
    seats_of.get_device(seat_id, device_id)
    form = StopForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.stop_device(
            device_id, reason=form.stop_reason.data or "", actor=current_actor(), at=now())):
        flash(_("%(n)s 号座位的平板已停用，它之后上传的内容另存。座位卡同时作废，请重新制作。", n=found.number), "success")
        return redirect(url_for("judging.seat", contest_id=contest_id, seat_id=seat_id), 303)
    return seat_page(contest_id, found, sitter_form(found, sent=False), form), form.status
