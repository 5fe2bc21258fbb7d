"""The floor that everything stands on: transactions, audit, keys, tree."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.crypto import seal, unseal
from competition.core.database import UnauditedChange, WriteOutsideAtomic, atomic, db
from competition.core.errors import RuleBroken
from competition.organisations.models import Employer, Union
from competition.organisations.queries import ancestors
from tests.cast import AT, Cast


def test_tree_has_53_unions_of_the_province_and_one_per_other_province(any_cast: Cast) -> None:
    assert len(list(db.session.scalars(select(Union)))) >= 53 + 30
    assert [u.name_zh for u in ancestors(any_cast.county.id)] == ["化隆回族自治县总工会", "海东市总工会", "青海省总工会"]


def test_a_write_outside_of_atomic_raises(app: Flask) -> None:
    db.session.add(Employer(name="测试单位"))
    with pytest.raises(WriteOutsideAtomic):
        db.session.flush()
    db.session.rollback()


def test_a_change_without_audit_row_is_refused(any_app: Flask) -> None:
    with pytest.raises(UnauditedChange), atomic() as session:
        session.add(Employer(name="测试单位"))
    assert db.session.scalars(select(Employer)).all() == []


def test_an_error_takes_everything_back(any_app: Flask) -> None:
    def act_and_fail() -> None:
        with atomic() as session:
            session.add(Employer(name="测试单位"))
            audit.record("test", actor=SYSTEM, subject=("employer", "x"), at=AT)
            raise RuleBroken("不行")

    with pytest.raises(RuleBroken):
        act_and_fail()
    assert db.session.scalars(select(Employer)).all() == []
    assert audit.head_digest(None) == audit.GENESIS


def test_a_sealed_value_belongs_to_its_row(app: Flask, cast: Cast) -> None:
    sealed = seal("990000", "person", "document", cast.county.id)
    assert unseal(sealed, "person", "document", cast.county.id) == "990000"
    with pytest.raises(ValueError, match="does not belong"):
        unseal(sealed, "person", "document", cast.province.id)
