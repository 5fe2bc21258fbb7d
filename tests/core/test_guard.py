"""Nothing silently changed: a write needs an act, an act needs an audit row, an audit row stays as it is."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, Table, insert, select, text, update

from competition.core import audit, guard
from competition.core.actors import SYSTEM
from competition.core.audit import AuditChain, AuditRow, AuditSalt
from competition.core.database import Base, UnauditedChange, WriteOutsideAtomic, atomic, db
from competition.core.statements import Statement
from competition.organisations.models import Employer, Region, Union, UnionClosure
from tests.cast import AT, Cast

ROOT = Path(__file__).resolve().parents[2]
EMPLOYER = Employer.__table__
assert isinstance(EMPLOYER, Table)


def behind_the_back() -> Connection:
    """A connection that the guard lets through, as somebody with a tool of the database has it."""
    return db.engine.execution_options(unguarded=True).connect()


def names() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Employer.name)))


def new_row() -> dict[str, object]:
    return {c.name: c.default.arg if c.default is not None and c.default.is_scalar else None
            for c in EMPLOYER.columns if c.nullable or (c.default is not None and c.default.is_scalar)} | {
                "id": uuid.uuid4(), "name": "测试单位"}


WAYS: dict[str, Callable[[], object]] = {
    "orm": lambda: (db.session.add(Employer(name="测试单位")), db.session.flush()),
    "bulk": lambda: db.session.execute(insert(Employer), [new_row()]),
    "core": lambda: db.session.execute(EMPLOYER.insert().values(**new_row())),
    "connection": lambda: db.session.connection().execute(EMPLOYER.insert().values(**new_row())),
    "text": lambda: db.session.execute(text("UPDATE employer SET name = '改写'")),
    "driver": lambda: db.session.connection().exec_driver_sql("DELETE FROM employer"),
    "statement": lambda: Statement(EMPLOYER.insert()).write(db.session.connection(), new_row()),
    "with": lambda: db.session.execute(text(
        "WITH x AS (SELECT id FROM employer) UPDATE employer SET name = '改写' WHERE id IN (SELECT id FROM x)")),
}


@pytest.fixture
def known(any_app: Flask) -> str:
    """An employer, made with its audit row."""
    with atomic() as session:
        session.add(Employer(name="已有单位"))
        audit.record("test.make", actor=SYSTEM, subject=("employer", "x"), at=AT)
    return "已有单位"


@pytest.mark.parametrize("way", WAYS)
def test_a_change_without_audit_row_is_refused_and_taken_back(known: str, way: str) -> None:
    with pytest.raises(UnauditedChange, match="Employer"), atomic():
        WAYS[way]()
    assert names() == [known]


@pytest.mark.parametrize("way", WAYS)
def test_a_write_outside_of_an_act_is_refused(known: str, way: str) -> None:
    with pytest.raises(WriteOutsideAtomic):
        WAYS[way]()
    assert names() == [known]


@pytest.mark.parametrize("way", WAYS)
def test_with_its_audit_row_a_change_is_kept(known: str, way: str) -> None:
    with atomic():
        WAYS[way]()
        audit.record("test.change", actor=SYSTEM, subject=("employer", "x"), at=AT)
    assert names() != [known]
    assert list(audit.verify()) == []


def test_an_audit_row_of_the_act_before_covers_nothing(known: str) -> None:
    with atomic():
        audit.record("test.look", actor=SYSTEM, subject=("employer", "x"), at=AT)
    with pytest.raises(UnauditedChange), atomic() as session:
        session.add(Employer(name="测试单位"))
    assert names() == [known]


def test_an_audit_row_that_was_taken_back_covers_nothing(known: str) -> None:
    def change_and_take_back_the_row() -> None:
        with atomic() as session:
            session.add(Employer(name="测试单位"))
            session.flush()
            inner = session.begin_nested()
            audit.record("test.half", actor=SYSTEM, subject=("employer", "x"), at=AT)
            session.flush()
            inner.rollback()

    with pytest.raises(UnauditedChange):
        change_and_take_back_the_row()
    assert names() == [known]


def test_a_commit_around_the_session_is_refused_as_well(known: str) -> None:
    with pytest.raises(UnauditedChange), db.engine.execution_options(immediate=True).begin() as connection:
        connection.execute(update(EMPLOYER).values(name="改写"))
    with pytest.raises(WriteOutsideAtomic), db.engine.begin() as connection:
        connection.execute(update(EMPLOYER).values(name="改写"))
    assert names() == [known]


@pytest.mark.parametrize("statement", ["UPDATE audit_row SET line = 'x'", "DELETE FROM audit_row", 'DELETE FROM "audit_row" WHERE seq > 1'])
def test_an_audit_row_is_never_changed_or_removed(known: str, statement: str) -> None:
    before = audit.head_digest(None)
    with pytest.raises(guard.AuditRowChanged), atomic() as session:
        session.execute(text(statement))
    assert list(audit.verify()) == []
    assert audit.head_digest(None) == before


def test_what_is_not_audited_needs_no_row(any_app: Flask) -> None:
    with atomic() as session:
        session.add(Region(code="990000", name="测试省", level=1, parent_code=None))
    assert db.session.get(Region, "990000") is not None


@pytest.mark.parametrize(("statement", "written"), [
    ("SELECT 1", ()), ("SELECT * FROM entry FOR UPDATE OF entry", ()),
    ("INSERT OR REPLACE INTO entry VALUES (1)", (("INSERT", "entry"),)), ('INSERT INTO public."entry" VALUES (1)', (("INSERT", "entry"),)),
    ("/* a note */ UPDATE ONLY entry SET a = 1", (("UPDATE", "entry"),)), ("delete from Entry", (("DELETE", "entry"),)),
    ("INSERT INTO entry VALUES (1) ON CONFLICT DO UPDATE SET a = 1", (("INSERT", "entry"),)),
    ("WITH a AS (DELETE FROM team RETURNING id) INSERT INTO entry SELECT id FROM a", (("DELETE", "team"), ("INSERT", "entry"))),
    ("TRUNCATE TABLE entry", (("TRUNCATE", "entry"),)), ("PRAGMA foreign_keys=ON", ()),
])
def test_the_tables_that_a_statement_writes(statement: str, written: tuple[tuple[str, str], ...]) -> None:
    assert guard.targets(statement) == written


def test_every_table_is_audited_or_says_why_not(app: Flask) -> None:
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    assert models.keys() == set(db.metadata.tables), "a table without a model is watched by nobody"
    free = {name: model.__unaudited__ for name, model in models.items() if model.__unaudited__ is not None}
    assert all(len(why) > 20 for why in free.values()), "a reason, in a sentence"
    # The page for reviewers names each: whoever adds a table without audit writes it down there, with the reason.
    page = (ROOT / "docs" / "decisions" / "0009-what-is-audited.md").read_text("utf-8")
    said = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|$", page, re.MULTILINE))
    assert said == free


# ---- the proof of the chains -----------------------------------------------------------------


def _forged(connection: Connection, after: int) -> None:
    """A row that was never acted, whose hash follows from the row before; those after it move up."""
    table = AuditRow.__table__
    for seq in range(8, after, -1):
        connection.execute(text("UPDATE audit_row SET seq = seq + 1 WHERE chain = 'system' AND seq = :seq"), {"seq": seq})
    row = dict(connection.execute(select(table).where(table.c.chain == "system", table.c.seq == after)).mappings().one())
    line = row["line"].replace(f'"seq":{after}', f'"seq":{after + 1}')
    connection.execute(insert(AuditRow).values(row | {"seq": after + 1, "line": line, "digest": audit.link(row["digest"], line)}))


def _swapped(connection: Connection, one: int, other: int) -> None:
    for old, new in ((one, 9999), (other, one), (9999, other)):
        connection.execute(text("UPDATE audit_row SET seq = :new WHERE chain = 'system' AND seq = :old"), {"old": old, "new": new})


def _sql(statement: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(text(statement))


TAMPERED: dict[str, tuple[Callable[[Connection], object], int, str]] = {
    "a changed line": (_sql("UPDATE audit_row SET line = replace(line, 'test.act', 'test.not') WHERE chain = 'system' AND seq = 3"), 3,
                       "该行内容与其校验值不符"),
    "a changed column": (_sql("UPDATE audit_row SET subject_id = 'other' WHERE chain = 'system' AND seq = 4"), 4, "该行的列与其内容不一致"),
    "a deleted row": (_sql("DELETE FROM audit_row WHERE chain = 'system' AND seq = 5"), 5, "缺少一行"),
    "the first row deleted": (_sql("DELETE FROM audit_row WHERE chain = 'system' AND seq = 1"), 1, "缺少一行"),
    "two rows swapped": (lambda connection: _swapped(connection, 2, 6), 2, "该行内容与其校验值不符"),
    "a row put in": (lambda connection: _forged(connection, 4), 6, "该行内容与其校验值不符"),
    "a row put at the end": (lambda connection: _forged(connection, 8), 9, "链尾与登记不符"),
    "the tail cut off, the head kept": (_sql("DELETE FROM audit_row WHERE chain = 'system' AND seq > 6"), 7, "链尾与登记不符"),
    "all rows deleted, the head kept": (_sql("DELETE FROM audit_row WHERE chain = 'system'"), 1, "链尾与登记不符"),
    "the head deleted, the rows kept": (_sql("DELETE FROM audit_chain WHERE chain = 'system'"), 1, "没有登记链尾"),
    "the head set back": (_sql("UPDATE audit_chain SET seq = 7 WHERE chain = 'system'"), 8, "链尾与登记不符"),
}


@pytest.fixture
def eight(any_app: Flask) -> None:
    """Eight acts in the system's chain."""
    for number in range(8):
        with atomic():
            audit.record("test.act", actor=SYSTEM, subject=("thing", number), at=AT, personal={"name": "试选手"})


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found_and_the_first_broken_row_named(any_app: Flask, eight: None, name: str) -> None:
    act, seq, why = TAMPERED[name]
    runner = any_app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    with behind_the_back() as connection:
        act(connection)
        connection.commit()
    db.session.rollback()
    answer = runner.invoke(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert f"链 system 第 {seq} 行：{why}" in answer.output


def test_the_rest_of_the_table_may_be_erased(any_app: Flask, eight: None) -> None:
    with atomic() as session:
        session.execute(AuditSalt.__table__.delete())  # type: ignore[attr-defined]
    assert list(audit.verify()) == []


def test_a_whole_chain_says_how_long_it_is(any_app: Flask, any_cast: Cast) -> None:
    head = db.session.get_one(AuditChain, audit.SYSTEM_CHAIN)
    answer = any_app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0
    assert f"1 条链、{head.seq} 行" in answer.output
    assert db.session.scalar(select(Union.id).limit(1)) is not None
    assert UnionClosure.__unaudited__
