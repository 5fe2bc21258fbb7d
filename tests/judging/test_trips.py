"""Rounds are judged on an arena machine and come home: equal table by table, once, and never in two places."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.accounts.models import Account, Grant, Person
from competition.arena.work_queries import list_works
from competition.contests.models import Contest, Round
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.audit import AuditRow, prove
from competition.core.database import Model, atomic, db
from competition.core.errors import RuleBroken
from competition.judging import queries, queries_paper, queries_trips, rules_trips, service, service_trips, service_trips_back
from competition.judging.models import MarkEvent, RoundState
from competition.judging.models_paper import PaperKeying
from competition.judging.models_trips import ArenaTrip
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import judge_round, make_panel, round_of, whole_marks, works
from tests.judging.pages import base, page, post
from tests.judging.trips import PASSPHRASE, at_the_arena, carried, drawn, judged_there, lend, opened_there, packed
from tests.judging.trips import REASON as REASON


@pytest.fixture
def broth(any_cast: Cast) -> Round:
    return drawn(any_cast)


def test_a_whole_turn(broth: Round, arena: Flask, any_cast: Cast) -> None:
    back = judged_there(arena, carried(lend(broth, any_cast)), any_cast)
    assert queries.marks_of_event(broth.event_id) == []
    done = service_trips_back.take_home(back, actor=SYSTEM, at=any_cast.at)
    db.session.expire_all()
    assert not done.again
    marks = queries.marks_of_event(broth.event_id)
    assert len(marks) == 3 * 2 * 5
    with at_the_arena(arena):
        assert queries.marks_of_event(broth.event_id) == marks
    here = rules_trips.sums(queries_trips.judged_rows(queries_trips.Load.of(broth.contest, [broth])))
    assert here == {name: back["sums"][name] for name in here}
    assert here["mark_event"][0] == 2 * 3 * 6
    state = db.session.get_one(RoundState, broth.id)
    assert state.state == "locked"
    assert state.version > back["versions"][str(broth.id)]
    assert all(proof.broken is None for proof in prove()), "both chains are whole"
    attached = select(func.count()).select_from(AuditRow).where(AuditRow.chain == back["trip"])
    assert db.session.scalar(attached) == back["sums"]["audit_row"][0]
    # The same file once more: said, and nothing changes.
    assert service_trips_back.take_home(back, actor=SYSTEM, at=any_cast.at).again
    with pytest.raises(RuleBroken, match="已经取回"):
        service_trips_back.take_home(back | {"packed_at": (any_cast.at + timedelta(hours=1)).isoformat()}, actor=SYSTEM, at=any_cast.at)


def test_paper_and_an_unfinished_round_come_home_too(broth: Round, arena: Flask, any_cast: Cast) -> None:
    content = carried(lend(broth, any_cast))
    with at_the_arena(arena):
        round_ = opened_there(content, any_cast)
        paper = queries_paper.printed(round_, list_works(round_.id)[:1], queries.seats_of_round(round_.id)[:1])[0]
        typed = {box.field: whole_marks(paper.seat, paper.work, line.criterion) for line in paper.lines for box in line.boxes}
        for name in ("测试甲", "测试乙"):
            known = db.session.scalars(select(Account).where(Account.display_name == name)).one()
            service.key_sheet(round_.id, str(paper.number), typed, actor=Actor("account", known.id, name=name), at=any_cast.at)
        back = packed(round_, any_cast)
    service_trips_back.take_home(back, actor=SYSTEM, at=any_cast.at)
    db.session.expire_all()
    assert db.session.get_one(RoundState, broth.id).state == "open"
    assert len(queries.marks_of_event(broth.event_id)) == 5
    assert db.session.scalar(select(func.count()).select_from(PaperKeying)) == 2
    judge_round(broth, at=any_cast.at)  # the other seats go on at home
    assert len(queries.marks_of_event(broth.event_id)) == 30


def test_who_and_what_is_on_the_arena_machine(broth: Round, arena: Flask, any_cast: Cast) -> None:
    content = carried(lend(broth, any_cast))
    text = json.dumps(content, ensure_ascii=False)
    assert not {"person", "entry", "entrant", "code", "answer_key", "outcome"} & content["tables"].keys()
    assert "测试加密" not in text
    assert all(seat["card_hash"] is None for seat in content["tables"]["seat"])
    with at_the_arena(arena):
        service_trips.take_in(content, actor=SYSTEM, at=any_cast.at)
        assert service_trips.take_in(content, actor=SYSTEM, at=any_cast.at).again
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0
        names = set(db.session.scalars(select(Account.display_name).join(Grant, Grant.account_id == Account.id)))
        assert {"测试裁判长", "测试甲", "测试乙"} <= names
        assert db.session.scalars(select(Account).where(Account.display_name == "测试甲")).one().password_hash
        assert [w.code for w in list_works(broth.id)] == [row["code"] for row in sorted(
            content["tables"]["work"], key=lambda row: int(row["position"]))]


def test_home_does_not_judge_what_is_away(broth: Round, any_cast: Cast) -> None:
    content = lend(broth, any_cast)
    assert lend(broth, any_cast)["trip"] == content["trip"], "the same trip once more"
    with pytest.raises(RuleBroken, match="已交给赛场主机“赛场一号”"):
        lend(broth, any_cast, "赛场二号")
    work = list_works(broth.id)[0]
    for verb in (
        lambda: service.open_round(broth.id, actor=SYSTEM, at=any_cast.at),
        lambda: service.record_figures(work.id, {"time_s": "30:00"}, source="timed", actor=SYSTEM, at=any_cast.at),
        lambda: service.excuse(broth.id, seat_id=None, work_id=work.id, reason=REASON, actor=SYSTEM, at=any_cast.at),
        lambda: make_panel(broth, 2, name="测试二组", at=any_cast.at),
    ):
        with pytest.raises(RuleBroken, match="已交给赛场主机“赛场一号”"):
            verb()
    assert queries_trips.begun_or_away([broth.id]) == {broth.id}, "it is not drawn anew either"
    other = round_of(broth.contest, "bowl")
    works(other, 1, at=any_cast.at)
    make_panel(other, 1, name="测试三组", at=any_cast.at)
    service.open_round(other.id, actor=SYSTEM, at=any_cast.at)


def test_an_open_round_does_not_travel(broth: Round, any_cast: Cast) -> None:
    service.open_round(broth.id, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="已在这里开放评分"):
        lend(broth, any_cast)
    with pytest.raises(RuleBroken, match="请写明赛场主机的名称"):
        lend(broth, any_cast, " ")


def test_a_home_that_changed_takes_nothing(broth: Round, arena: Flask, any_cast: Cast) -> None:
    back = judged_there(arena, carried(lend(broth, any_cast)), any_cast)
    with atomic():
        list_works(broth.id)[0].station = 7
        audit.record("test.station", actor=SYSTEM, subject=("round", broth.id), at=any_cast.at, chain=broth.contest_id)
    with pytest.raises(RuleBroken, match="交出之后，本机的内容又有变化（work）"):
        service_trips_back.take_home(back, actor=SYSTEM, at=any_cast.at)
    assert db.session.scalar(select(func.count()).select_from(MarkEvent)) == 0


def test_two_people_take_rounds_back_without_a_file(broth: Round, arena: Flask, any_cast: Cast) -> None:
    back = judged_there(arena, carried(lend(broth, any_cast)), any_cast)
    request = service_trips.ask_take_back(broth.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=any_cast.at)
    assert service_trips.open_take_back(broth.id, any_cast.at) is not None
    with pytest.raises(RuleBroken):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("chief_judge"), at=any_cast.at)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    service.open_round(broth.id, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="已由两人办理收回"):
        service_trips_back.take_home(back, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="没有交给赛场主机"):
        service_trips.ask_take_back(broth.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=any_cast.at)


def forged(sealed: bytes, change: Any) -> bytes:
    """A file that somebody who knows the passphrase wrote himself."""
    content = rules_trips.unseal(sealed, PASSPHRASE)
    change(content)
    return rules_trips.seal(content, PASSPHRASE)


def test_a_file_that_was_touched_is_not_read(broth: Round, arena: Flask, any_cast: Cast) -> None:
    sealed = rules_trips.seal(lend(broth, any_cast), PASSPHRASE)
    assert b"TAA01" not in sealed
    for wrong in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:], sealed[:-20]):
        with pytest.raises(RuleBroken, match="密码不对，或文件被改动过"):
            rules_trips.unseal(wrong, PASSPHRASE)
    with pytest.raises(RuleBroken, match="密码不对"):
        rules_trips.unseal(sealed, "另一个密码，也有十二个字符")
    for wrong in (b"", b"PK\x03\x04" + sealed, rules_trips.MAGIC):
        with pytest.raises(RuleBroken, match="这不是赛场主机的交接文件"):
            rules_trips.unseal(wrong, PASSPHRASE)
    with pytest.raises(RuleBroken, match="密码至少"):
        rules_trips.seal({}, "short")
    with at_the_arena(arena):
        for change, words in (
            (lambda c: c["tables"]["work"][0].update(code="XXXXX"), "与登记的校验值不符（work）"),
            (lambda c: resum(c, "work", lambda row: row.pop("code")), "与本机的程序版本不符"),
            (lambda c: resum(c, "work", lambda row: row.update(station="three; DROP TABLE work")), "与本机的程序版本不符"),
        ):
            with pytest.raises(RuleBroken, match=words):
                service_trips.take_in(rules_trips.unseal(forged(sealed, change), PASSPHRASE), actor=SYSTEM, at=any_cast.at)
            db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Contest)) == 0


def resum(content: dict[str, Any], name: str, change: Any) -> None:
    change(content["tables"][name][0])
    content["sums"] = rules_trips.sums(content["tables"])


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_trips, "MOST_PLAIN", 1000)
    salt, nonce = b"s" * rules_trips.SALT, b"n" * rules_trips.NONCE
    key = rules_trips._key(PASSPHRASE, salt)
    packed = gzip.compress(json.dumps({"kind": "out", "pad": "0" * 100_000}).encode())
    bomb = rules_trips.MAGIC + salt + nonce + AESGCM(key).encrypt(nonce, packed, rules_trips.MAGIC + salt)
    with pytest.raises(RuleBroken, match="这不是赛场主机的交接文件"):
        rules_trips.unseal(bomb, PASSPHRASE)


def test_every_table_of_judging_has_its_place() -> None:
    """A new table of judging comes home, is a setting, or is named among those that do not travel."""
    own = {str(m.local_table.name) for m in Model.registry.mappers  # type: ignore[attr-defined]
           if m.class_.__module__.startswith("competition.judging.")}
    places = {*queries_trips.SETTING, *queries_trips.LEFT, *queries_trips.judged_tables()}
    assert own <= places
    for name in queries_trips.judged_tables():
        assert name in queries_trips.HANGING or "round_id" in queries_trips.table(name).c, name


def test_the_commands_say_what_they_did(broth: Round, arena: Flask, any_app: Flask, any_cast: Cast, tmp_path: Path) -> None:
    code, out, home = broth.contest.code, str(tmp_path / "out.trip"), str(tmp_path / "home.trip")
    db.session.remove()
    env = {"COMP_TRIP_PASSPHRASE": PASSPHRASE}
    runner = any_app.test_cli_runner(env=env)
    said = runner.invoke(args=["pack", f"{code}/broth", out, "--machine", "赛场一号"])
    assert said.exit_code == 0, said.output
    assert "work" in said.output
    assert f"已装好 1 轮：{out}" in said.output
    assert f"（{code}/broth）" in said.output, "which rounds these are"
    assert "取回之前本机不再评分" in said.output
    assert "没有覆盖" in runner.invoke(args=["pack", f"{code}/broth", out, "--machine", "赛场一号"]).output
    assert "没有代号为" in runner.invoke(args=["pack", "NIL", out + "x", "--machine", "赛场一号"]).output
    assert "要在赛场主机上读取" in runner.invoke(args=["unpack", out]).output
    there = arena.test_cli_runner(env=env)
    with at_the_arena(arena):
        assert "逐表核对" in there.invoke(args=["unpack", out]).output
        assert "以前已经读取" in there.invoke(args=["unpack", out]).output
        assert "请带回办公室主机" in there.invoke(args=["pack", code, home]).output
    assert "逐表核对" in runner.invoke(args=["unpack", home]).output
    assert "以前已经读取" in runner.invoke(args=["unpack", home]).output
    (tmp_path / "other").write_text("x" * 20 + "\n", "utf-8")
    assert "密码不对" in runner.invoke(args=["unpack", home, "--passphrase-file", str(tmp_path / "other")]).output
    assert "No such option" in runner.invoke(args=["unpack", home, "--passphrase", PASSPHRASE]).output, "never a word of the command"
    assert db.session.scalars(select(ArenaTrip)).one().end_code == "returned"


def test_one_round_of_an_event_is_named_by_its_number(broth: Round, any_cast: Cast) -> None:
    code = broth.contest.code
    with atomic() as session:
        final = Round(stage_id=broth.stage_id, contest_id=broth.contest_id, event_id=broth.event_id, position=2, name="决赛")
        session.add(final)
        audit.record("test.round", actor=SYSTEM, subject=("round", broth.id), at=any_cast.at)
    named = {target: [round_.name for round_ in service_trips.find_target(f"{code}{target}")[1]]
             for target in ("", "/broth", "/broth/1", "/broth/2")}
    assert named == {"": [broth.name, "决赛", round_of(broth.contest, "bowl").name], "/broth": [broth.name, "决赛"],
                     "/broth/1": [broth.name], "/broth/2": ["决赛"]}
    for wrong in ("/broth/3", "/broth/0", "/broth/x"):
        with pytest.raises(RuleBroken, match="只有 2 轮"):
            service_trips.find_target(f"{code}{wrong}")


def test_the_board_says_where_the_round_is(client: FlaskClient, cast: Cast) -> None:
    found = round_of(make_contest(cast, phase="running", events=("broth",)), "broth")
    works(found, 1, at=cast.at)
    make_panel(found, 1, at=cast.at)
    lend(found, cast)
    cast.sign_in(client, cast.account("chief_judge"))
    board, back = f"{base(found)}/rounds/{found.id}", f"{base(found)}/rounds/{found.id}/take-back"
    assert "本轮已交给赛场主机“赛场一号”" in (shown := page(client, board))
    assert "开放本轮评分" not in shown
    assert "申请收回" in page(client, back)
    post(client, back, 422, reason="")
    post(client, back, reason=REASON)
    assert "等待另一人批准" in page(client, back)
    cast.sign_in(client, cast.account("scorekeeper"))
    post(client, back, 403, reason=REASON)
