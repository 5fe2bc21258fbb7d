"""An issue is made ready before the database is held: what happens meanwhile either changes nothing of it, or it is made anew."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select

from competition.certificates.models import Batch, Certificate, NumberSeries
from competition.certificates.queries import ISSUE
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.database import atomic, db, get
from competition.core.errors import Moved, RuleBroken
from competition.registration.models import Entry
from tests.builders import make_field
from tests.cast import Cast
from tests.certificates.given import asked, certificates, demo_contest, prepared, publish


def ready(cast: Cast, request: uuid.UUID) -> Callable[[], None]:
    """Everything is computed, nothing is held; what is given writes it."""
    supervisor, carry_out = cast.actor("supervisor"), approvals.KINDS[ISSUE].prepared(get(Approval, request))
    db.session.rollback()

    def write() -> None:
        with atomic():
            carry_out(get(Approval, request), supervisor, cast.at)

    return write


def approve(cast: Cast, request: uuid.UUID) -> None:
    approvals.decide(request, approve=True, actor=cast.actor("supervisor"), at=cast.at)


def test_what_judges_write_meanwhile_neither_waits_nor_has_it_made_anew(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    batch = prepared(any_cast, publish(any_cast, contest, make_field(any_cast, contest, persons=3)))
    batch_id, write = batch.id, ready(any_cast, asked(any_cast, batch).id)
    with atomic():
        audit.record("judging.mark", actor=SYSTEM, subject=("sheet", uuid.uuid4()), at=any_cast.at, chain=contest.id)
    write()
    found = certificates(get(Batch, batch_id))
    assert [one.serial for one in found] == [1, 2, 3]
    assert {(one.state, one.issued_at) for one in found} == {("issued", any_cast.at)}
    assert all(one.data["证书编号"] == one.number and one.data["姓名"] == one.name for one in found)


def test_somebody_whose_data_change_meanwhile_is_not_issued_what_was_read_before(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    entries = make_field(any_cast, contest, persons=2)
    changed = entries[1].id
    request = asked(any_cast, prepared(any_cast, publish(any_cast, contest, entries))).id
    write = ready(any_cast, request)
    with atomic():
        get(Entry, changed).employer = "换了的单位"
        audit.record("test.change", actor=SYSTEM, subject=("entry", changed), at=any_cast.at, chain=contest.id)
    with pytest.raises(Moved):
        write()
    # Made anew it says something else than what was approved.
    with pytest.raises(RuleBroken, match="与批准的内容不一致") as refused:
        approve(any_cast, request)
    assert refused.value.code == "plan_changed"
    assert db.session.scalars(select(Certificate)).all() == []
    assert db.session.scalars(select(NumberSeries)).all() == [], "no number is used up"


def test_numbers_that_another_batch_took_meanwhile_are_not_used_twice(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    entries = make_field(any_cast, contest, persons=2)
    first, second = (asked(any_cast, prepared(any_cast, publish(any_cast, contest, entries, scope=scope))).id
                     for scope in ("event:basic", "event:theory"))
    late = ready(any_cast, second)
    approve(any_cast, first)
    with pytest.raises(Moved):
        late()
    approve(any_cast, second)
    assert sorted(db.session.scalars(select(Certificate.serial))) == [1, 2, 3, 4]
    assert db.session.scalars(select(NumberSeries.next_serial)).one() == 5
