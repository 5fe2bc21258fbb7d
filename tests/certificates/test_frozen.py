"""What is issued stays as it is: every service is tried, and the register guards itself."""

from typing import Any

import pytest
from sqlalchemy import select

from competition.certificates import service
from competition.certificates.models import CHANGING, Batch, Certificate, FrozenChanged, NumberSeries, Template
from competition.certificates.queries import ready_template
from competition.certificates.rules_numbers import Numbering
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import Forbidden, RuleBroken
from competition.core.pictures import text_of
from competition.registration.models import Entry
from tests.builders import make_field
from tests.cast import Cast
from tests.certificates.given import asked, certificates, demo_contest, issued, prepared, print_all, publish


def frozen(certificate: Certificate) -> dict[str, Any]:
    """Everything that a line of the register holds for ever."""
    return {column.name: getattr(certificate, column.name) for column in Certificate.__table__.columns if column.name not in CHANGING}


def test_no_service_changes_what_was_issued(cast: Cast) -> None:
    contest = demo_contest(cast)
    entries = make_field(cast, contest, persons=2)
    office, second, at = cast.actor("organizer"), cast.actor("supervisor"), cast.at
    batch = issued(cast, publish(cast, contest, entries))
    print_all(batch)
    one, other = certificates(batch)
    before = {each.id: (frozen(each), each.file.read() if each.file else b"") for each in (one, other)}

    with atomic():
        entry = get(Entry, entries[0].id)
        entry.name, entry.employer = "改了的名字", "改了的单位"
        audit.record("test.change", actor=SYSTEM, subject=("entry", entry.id), at=at)
    publish(cast, contest, entries, awards={1: "铜奖", 2: "铜奖"})
    service.set_numbering(contest.host_union_id, Numbering("OTHER"), actor=office, at=at)
    service.ensure_ready_templates(at)
    print_all(batch)
    for verb in (lambda: service.discard_batch(batch.id, actor=office, at=at),
                 lambda: service.restart_printing(batch.id, actor=office, at=at),
                 lambda: service.issue_certificates(batch.id, "0" * 64, actor=second, at=at),
                 lambda: service.ask_replace(one.id, {"奖项": "金奖"}, "改奖项。", actor=office, at=at)):
        with pytest.raises(RuleBroken):
            verb()
    replacing = service.ask_replace(one.id, {"姓名": "更正的名字"}, "姓名写错。", actor=office, at=at)
    approvals.decide(replacing.id, approve=True, actor=second, at=at)
    revoking = service.ask_revoke(other.id, "颁错了人。", actor=office, at=at)
    approvals.decide(revoking.id, approve=True, actor=second, at=at)
    for ended in (one, other):
        with pytest.raises(RuleBroken, match="不能再办理"):
            service.ask_revoke(ended.id, "再来一次。", actor=office, at=at)

    db.session.expire_all()
    assert [get(Certificate, each.id).state for each in (one, other)] == ["superseded", "revoked"]
    for key, kept in before.items():
        now = get(Certificate, key)
        assert (frozen(now), now.file.read() if now.file else b"") == kept


def test_a_newer_template_issues_and_prints_nothing_anew(cast: Cast) -> None:
    contest = demo_contest(cast)
    batch = issued(cast, publish(cast, contest, make_field(cast, contest, persons=2)))
    print_all(batch)
    used = get(Template, batch.template_id)
    before = [(each.number, each.file_id, each.data_digest) for each in certificates(batch)]
    with atomic() as session:
        session.add(Template(key=used.key, version=used.version + 1, kind=used.kind, digest="f" * 64, name_zh=used.name_zh,
                             layout={**used.layout, "blocks": used.layout["blocks"][:-1]}, created_at=cast.at))
        audit.record("test.template", actor=SYSTEM, subject=("template", used.id), at=cast.at)
    service.ensure_ready_templates(cast.at)
    print_all(batch)
    assert [(each.number, each.file_id, each.data_digest) for each in certificates(batch)] == before
    assert get(Batch, batch.id).template_id == used.id
    assert all(problem["holds"] for problem in prepared(cast, batch.publication).settings["problems"])
    assert ready_template("award").id == used.id


@pytest.mark.parametrize("column", ["data", "name", "number", "kind", "scope", "subject_id", "data_digest", "code_hash", "position"])
def test_the_register_refuses_a_change_of_what_it_holds(cast: Cast, column: str) -> None:
    one = _one(cast)
    values: dict[str, Any] = {"data": {**one.data, "姓名": "别人"}, "position": 99, "subject_id": None}

    def spoil() -> None:
        with atomic():
            setattr(get(Certificate, one.id), column, values.get(column, "别的"))

    with pytest.raises(FrozenChanged, match=column):
        spoil()


def test_an_ended_certificate_does_not_come_back_and_none_is_removed(cast: Cast) -> None:
    one = _one(cast)
    revoking = service.ask_revoke(one.id, "颁错了人。", actor=cast.actor("organizer"), at=cast.at)
    approvals.decide(revoking.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)

    def revive() -> None:
        with atomic():
            get(Certificate, one.id).state = "issued"

    def remove() -> None:
        with atomic() as session:
            session.delete(get(Certificate, one.id))

    for verb in (revive, remove):
        with pytest.raises(FrozenChanged):
            verb()
    assert db.session.scalars(select(Certificate.state)).one() == "revoked"


def test_a_version_of_a_template_is_never_changed_or_removed(cast: Cast) -> None:
    key = _one(cast).batch.template_id

    def change() -> None:
        with atomic():
            get(Template, key).layout = {**get(Template, key).layout, "language": "zh-bo"}

    def remove() -> None:
        with atomic() as session:
            session.delete(get(Template, key))

    for verb in (change, remove):
        with pytest.raises(FrozenChanged, match="template"):
            verb()


def test_who_prepared_a_batch_does_not_approve_it_whoever_asked(any_cast: Cast) -> None:
    batch = prepared(any_cast, publish(any_cast, contest := demo_contest(any_cast), make_field(any_cast, contest, persons=1)))
    with atomic():
        get(Batch, batch.id).prepared_by = any_cast.actor("supervisor").id
        audit.record("test.prepared", actor=SYSTEM, subject=("batch", batch.id), at=any_cast.at, chain=contest.id)
    request = asked(any_cast, batch)
    with pytest.raises(Forbidden, match="由您准备"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert certificates(batch) == []
    assert db.session.scalars(select(NumberSeries)).all() == [], "no number is used up"


@pytest.mark.parametrize("what", ["dated_on", "pictures", "letters", "template"])
def test_what_is_altered_between_asking_and_approving_is_not_issued(any_cast: Cast, what: str) -> None:
    batch = prepared(any_cast, publish(any_cast, contest := demo_contest(any_cast), make_field(any_cast, contest, persons=1)))
    request = asked(any_cast, batch)
    changed = {"dated_on": "2026-05-31", "pictures": {"seal1": "0" * 64}, "letters": {"fonts": {"x": "0" * 64}, "glyphs": {}}}
    with atomic():
        row = get(Batch, batch.id)
        row.settings = {**row.settings, what: changed[what]} if what in changed else row.settings
        row.template_id = ready_template("team").id if what == "template" else row.template_id
        audit.record("test.alter", actor=SYSTEM, subject=("batch", batch.id), at=any_cast.at, chain=contest.id)
    db.session.expire_all()
    with pytest.raises(RuleBroken, match="不一致"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert certificates(batch) == []


def test_what_was_revoked_before_it_was_printed_is_not_printed_and_not_bound(cast: Cast) -> None:
    contest = demo_contest(cast)
    batch = issued(cast, publish(cast, contest, make_field(cast, contest, persons=3)))
    first, second, _third = certificates(batch)
    for one in (first, second):
        request = service.ask_revoke(one.id, "颁错了人。", actor=cast.actor("organizer"), at=cast.at)
        approvals.decide(request.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    print_all(batch)
    db.session.expire_all()
    assert [one.file_id is not None for one in certificates(batch)] == [False, False, True]
    done = get(Batch, batch.id)
    assert (done.state, done.merged is not None and text_of(done.merged.read()).count("J-")) == ("issued", 1)


def _one(cast: Cast) -> Certificate:
    contest = demo_contest(cast)
    return certificates(issued(cast, publish(cast, contest, make_field(cast, contest, persons=1))))[0]
