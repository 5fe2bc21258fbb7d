"""Two acts are both the first of a new chain, on PostgreSQL, where the second is not kept from beginning."""

import threading
import uuid

from flask import Flask
from sqlalchemy import text

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from tests.cast import AT


def test_two_first_rows_of_a_chain_follow_from_one_another(postgres_app: Flask) -> None:
    chain, faults = uuid.uuid4(), list[Exception]()
    begun, waits = threading.Event(), threading.Event()

    def act(number: int) -> None:
        audit.record("test.first", actor=SYSTEM, subject=("test", number), at=AT, chain=chain)

    def second() -> None:
        try:
            with postgres_app.app_context(), atomic() as session:
                # It has its snapshot of nothing: the first act has not committed.
                assert not session.execute(text("SELECT 1 FROM audit_chain WHERE chain = :chain"), {"chain": str(chain)}).all()
                begun.set()
                act(2)
        except Exception as fault:
            faults.append(fault)
        waits.set()

    with postgres_app.app_context():
        other = threading.Thread(target=second)
        with atomic():
            act(1)
            other.start()
            assert begun.wait(30)
            assert not waits.wait(0.3), "it waits for the head of the first"
        other.join(30)
        assert faults == []
        db.session.rollback()
        proof = next(one for one in audit.prove() if one.chain == str(chain))
        assert (proof.rows, proof.broken) == (2, None)
        db.session.remove()
