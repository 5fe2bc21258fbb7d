"""What comes home from an arena machine meets a home that went on: other rounds, other judges, other files."""

import copy
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.accounts.models import Account
from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core import approvals, audit, files
from competition.core.actors import SYSTEM, Actor
from competition.core.approvals import Approval
from competition.core.audit import AuditRow
from competition.core.database import atomic, db, find
from competition.core.errors import RuleBroken
from competition.judging import queries, queries_trips, rules_trips, service, service_trips, service_trips_back
from competition.judging.models import Device, DeviceReport, MarkEvent, Sheet, Sitter
from competition.judging.queries_close import tablets_of_round
from competition.judging.rules_endings import CAME_HOME
from tests.cast import Cast
from tests.judges import fill_figures, judge_round, make_panel, sit_down, works
from tests.judging.handing import handed, register
from tests.judging.trips import REASON, at_the_arena, carried, drawn, judged_there, lend, opened_there, packed, seated_there

Content = dict[str, Any]


def two_rounds(cast: Cast) -> tuple[Round, Round]:
    """Two rounds that one panel judges, both drawn."""
    final = drawn(cast)
    with atomic() as session:
        first = Round(stage_id=final.stage_id, contest_id=final.contest_id, event_id=final.event_id, position=2, name="测试预赛")
        session.add(first)
        session.flush()
        panel = queries.seats_of_round(final.id)[0].panel
        session.add(queries_trips.RoundPanel(round_id=first.id, panel_id=panel.id))
        audit.record("test.round", actor=SYSTEM, subject=("round", first.id), at=cast.at, chain=first.contest_id)
    with atomic():
        for n, work in enumerate(works(first, 2, at=cast.at)):
            work.code = f"UZ{n}"
        audit.record("test.codes", actor=SYSTEM, subject=("round", first.id), at=cast.at, chain=first.contest_id)
    return final, first


def test_a_seat_that_is_open_at_home_judges_another_round_meanwhile(any_cast: Cast, arena: Flask) -> None:
    cast = any_cast
    final, first = two_rounds(cast)
    seats = queries.seats_of_round(final.id)
    at_home = sit_down(seats[0], at=cast.at)
    content = carried(lend(final, cast))
    assert content["tables"]["device"] == [], "home's tablets stay at home"
    service.open_round(first.id, actor=SYSTEM, at=cast.at)
    judge_round(first, at=cast.at)
    fill_figures(first, at=cast.at)
    service.seat_judge(seats[2].id, name="测试替补裁判", actor=SYSTEM, at=cast.at)
    marks_of_first = queries.marks_of_event(final.event_id)
    back = judged_there(arena, content, cast)
    assert service_trips_back.take_home(back, actor=SYSTEM, at=cast.at + timedelta(hours=9)).again is False
    db.session.expire_all()
    came = list(db.session.scalars(select(Device).where(Device.end_code == CAME_HOME)))
    assert len(came) == 3
    assert all(device.replaced_at is not None for device in came)
    assert db.session.scalar(select(func.count()).select_from(DeviceReport).where(DeviceReport.device_id.in_([d.id for d in came]))) == 3
    assert [one.why for one in tablets_of_round(final.id, seats) if one.device in came] == ["", "", ""], "proved empty there, proved here"
    live = list(db.session.scalars(select(Device).where(Device.replaced_at.is_(None), Device.seat_id == seats[0].id)))
    assert len(live) == 1
    assert live[0].opened_at == at_home.device.opened_at
    assert len(queries.marks_of_event(final.event_id)) == len(marks_of_first) + 30
    now_there = {sitter.name for sitter in db.session.scalars(select(Sitter).where(Sitter.to_at.is_(None)))}
    assert now_there == {"测试裁判1", "测试裁判2", "测试替补裁判"}
    assert db.session.scalar(select(func.count()).select_from(Sitter).where(Sitter.seat_id == seats[2].id)) == 2


def test_who_sat_down_in_the_arena_sits_there_at_home(cast: Cast, arena: Flask) -> None:
    broth = drawn(cast)
    content = carried(lend(broth, cast))
    with at_the_arena(arena):
        service_trips.take_in(content, actor=SYSTEM, at=cast.at)
        seat = queries.seats_of_round(broth.id)[1]
        service.seat_judge(seat.id, name="测试赛场裁判", actor=SYSTEM, at=cast.at)
        back = packed(broth, cast)
    service_trips_back.take_home(back, actor=SYSTEM, at=cast.at)
    names = {s.name: s.to_at for s in db.session.scalars(select(Sitter).where(Sitter.seat_id == seat.id))}
    assert names.keys() == {"测试裁判2", "测试赛场裁判"}
    assert names["测试赛场裁判"] is None
    assert names["测试裁判2"] is not None


def test_what_a_tablet_still_held_comes_home_by_file_and_is_kept_aside(cast: Cast, arena: Flask) -> None:
    broth = drawn(cast)
    content = carried(lend(broth, cast))
    with at_the_arena(arena):
        _round, judge = seated_there(content, cast)
        key = register(judge)
        work = list_works(broth.id)[0]
        judge.send(judge.event(work, criterion="taste", value="30"))
        back = packed(broth, cast)
        late = judge.event(work, criterion="aroma", value="19")
        with pytest.raises(RuleBroken, match="内容留在平板上"):
            judge.send(late)
        file = handed(judge, key, [late])
    service_trips_back.take_home(back, actor=SYSTEM, at=cast.at)
    found = service.read_handover(broth.contest_id, file, way="file", file_name="a.json", events=[broth.event_id], actor=SYSTEM, at=cast.at)
    assert found.signed == "signed"
    taken = service.take_handover(found.id, stuck=False, actor=SYSTEM, at=cast.at)
    assert taken.results["counts"] == {"quarantined": 1}
    assert [event.quarantine_code for event in queries.quarantined(broth.id)] == ["device.came_home"]
    assert [one.why for one in tablets_of_round(broth.id, queries.seats_of_round(broth.id))] == ["unheard"], "an open round asks for it"


# ---- files that somebody wrote himself -------------------------------------------------------------------------


def resummed(content: Content, change: Callable[[Content], object]) -> Content:
    """The file after a change by who knows the passphrase."""
    forged = copy.deepcopy(content)
    change(forged)
    return forged | {"sums": rules_trips.sums(forged["tables"])}


def first(name: str, **values: Any) -> Callable[[Content], object]:
    return lambda content: content["tables"][name][0].update(values)


def add(name: str, row: dict[str, Any]) -> Callable[[Content], object]:
    return lambda content: content["tables"][name].append(row)


def test_a_file_writes_nothing_that_is_not_its_own(cast: Cast, arena: Flask) -> None:
    final, other = two_rounds(cast)
    live = sit_down(queries.seats_of_round(final.id)[0], at=cast.at)
    content = carried(lend(final, cast))
    stranger = make_panel(queries.get_round(final.contest_id, _bowl(final).id), 1, name="测试别组", at=cast.at).seats[0]
    service.open_round(other.id, actor=SYSTEM, at=cast.at)
    work = list_works(other.id)[0]
    live.send(live.event(work, criterion="taste", value="30"))
    sheet = db.session.scalars(select(Sheet)).one()
    back = judged_there(arena, content, cast)
    mine = {"id": str(uuid.uuid4()), "kind": "judging.unlock", "subject_kind": "round", "subject_id": str(final.id),
            "chain": str(final.contest_id), "payload": {"round": str(final.id)}, "payload_digest": "0", "summary": "伪造", "reason": "伪造",
            "state": "approved", "asked_by": str(uuid.uuid4()), "asked_name": "伪造", "asked_at": cast.at.isoformat(),
            "expires_at": cast.at.isoformat(), "decided_by": None, "decided_name": None, "decided_at": None, "note": None}
    photo = {"id": str(uuid.uuid4()), "sha256": "a" * 64, "size": 1, "media_type": "image/jpeg", "name": "x.jpg", "sensitivity": "internal",
             "owner_id": None, "keep_until": None, "created_at": cast.at.isoformat()}
    before = counted()
    for change, words in (
        (add("approval", mine | {"state": "asked"}), "approval"), (add("approval", mine | {"subject_id": str(other.id)}), "approval"),
        (add("approval", mine | {"kind": "results.publish"}), "approval"), (add("approval", mine | {"chain": None}), "approval"),
        (add("approval", mine | {"payload": {"round": str(other.id)}}), "approval"),
        (first("sitter", id=str(uuid.uuid4()), seat_id=str(stranger.id)), "sitter"),
        (first("sitter", id=str(sitter_of(stranger.id).id)), "sitter"),
        (first("sheet", id=str(sheet.id)), "sheet"), (first("sheet", work_id=str(work.id)), "sheet"),
        (first("mark_event", round_id=str(other.id)), "mark_event"), (first("mark_event", seat_id=str(stranger.id)), "mark_event"),
        (first("figure", work_id=str(work.id)), "figure"), (first("device", seat_id=str(stranger.id)), "device"),
        (lambda c: (add("device", c["tables"]["device"][0] | {"id": str(live.device.id)})(c),
                    c["tables"]["mark_event"][0].update(device_id=str(live.device.id))), "mark_event"),
        (add("stored_file", photo), "stored_file"), (lambda c: c["files"].update({"a" * 64: "eA=="}), "stored_file"),
        (lambda c: c.update(rounds=[*c["rounds"], str(other.id)]), "round"), (lambda c: c["versions"].update({str(other.id): 1}), "round"),
        (add("round_state", back["tables"]["round_state"][0] | {"round_id": str(other.id)}), "round"),
        (lambda c: c["tables"]["audit_row"].pop(0), "操作记录不完整"), (first("audit_row", act="judging.nothing"), "操作记录不完整"),
        (lambda c: c["tables"].update(audit_row=[]), "操作记录不完整"),
        (lambda c: c.pop("packed_at"), "与本机的程序版本不符"), (lambda c: c.update(rounds=["x"]), "与本机的程序版本不符"),
        (first("mark_event", seq="1"), "与本机的程序版本不符"), (first("mark_event", id=str(uuid.UUID(int=1)), device_seq=2), "冲突"),
    ):
        with pytest.raises(RuleBroken, match=words):
            service_trips_back.take_home(resummed(back, change), actor=SYSTEM, at=cast.at)
        assert counted() == before, words
    assert not files.path_of("a" * 64).exists()
    service_trips_back.take_home(back, actor=SYSTEM, at=cast.at)


def _bowl(round_: Round) -> Round:
    return next(r for r in db.session.scalars(select(Round).where(Round.contest_id == round_.contest_id)) if r.event.key == "bowl")


def sitter_of(seat_id: uuid.UUID) -> Sitter:
    return db.session.scalars(select(Sitter).where(Sitter.seat_id == seat_id)).one()


def counted() -> list[Any]:
    """Rows of what a forged file aims at, and the marks of all sheets."""
    db.session.expire_all()
    models = (Approval, Sitter, MarkEvent, Device, AuditRow, files.StoredFile)
    rows = [db.session.scalar(select(func.count()).select_from(model)) for model in models]
    return [*rows, [sheet.marks for sheet in db.session.scalars(select(Sheet))]]


def test_what_two_people_decided_there_comes_home(cast: Cast, arena: Flask) -> None:
    broth = drawn(cast)
    content = carried(lend(broth, cast))
    with at_the_arena(arena):
        opened_there(content, cast)
        judge_round(broth, at=cast.at, lock=True)
        one, other = (Actor("account", find(Account, display_name=name).id, name=name) for name in ("测试裁判长", "测试甲"))  # type: ignore[union-attr]
        request = service.ask_unlock(broth.id, reason=REASON, actor=one, at=cast.at)
        approvals.decide(request.id, approve=True, actor=other, at=cast.at)
        service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=cast.at)
        done, waiting = request.id, service.ask_unlock(broth.id, reason=REASON, actor=one, at=cast.at).id
        back = packed(broth, cast)
    service_trips_back.take_home(back, actor=SYSTEM, at=cast.at)
    assert find(Approval, id=done) is not None
    assert find(Approval, id=waiting) is None, "an open request stays where it was asked"
