"""Several people decide the same request at the same moment: one answer stands, and it is carried out once."""

import threading
import uuid
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from competition.certificates.models import Certificate
from competition.core import approvals, audit
from competition.core.approvals import Approval
from competition.core.audit import AuditRow
from competition.core.database import db, get
from competition.core.errors import RuleBroken
from competition.results import service
from competition.results.models import Publication
from tests.builders import judged_contest, open_codes
from tests.cast import Cast
from tests.certificates.given import asked, prepared, published


def together(app: Flask, verbs: list[Callable[[], object]]) -> list[str]:
    """All at once, each as a request of its own; ``done``, or the code of the refusal."""
    start, said = threading.Barrier(len(verbs)), ["" for _verb in verbs]

    def run(number: int, verb: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                verb()
                said[number] = "done"
            except RuleBroken as refused:
                said[number] = refused.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    db.session.remove()
    return said


def deciding(request_id: uuid.UUID, cast: Cast, contest_id: uuid.UUID, answers: list[bool]) -> list[Callable[[], object]]:
    """A supervisor each, with an answer each."""
    people = [cast.actor("supervisor", "contest", contest_id, name=f"监督{number}") for number in range(len(answers))]
    return [lambda who=who, yes=yes: approvals.decide(request_id, approve=yes, actor=who, at=cast.at)
            for who, yes in zip(people, answers, strict=True)]


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_results_are_published_once(any_app: Flask, any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 4, events=("basic",))
    open_codes(any_cast, contest)
    contest_id, scopes = contest.id, service.scopes(contest.id)
    asker = any_cast.actor("organizer", "contest", contest_id)
    request_id = service.ask_publish(contest_id, scopes, "成绩核对无误，申请发布。", actor=asker, at=any_cast.at).id
    verbs = deciding(request_id, any_cast, contest_id, [True, True, False])
    said = together(any_app, [*verbs, lambda: approvals.withdraw(request_id, actor=asker, at=any_cast.at)])
    assert said.count("done") == 1, said
    assert set(said) <= {"done", "already_decided", "moved", "stale"}
    state = get(Approval, request_id).state
    assert state == ("approved", "approved", "refused", "withdrawn")[said.index("done")]
    assert count(Publication) == (len(scopes) if state == "approved" else 0)
    acts = ("approval.approve", "approval.refuse", "approval.withdraw")
    decided = db.session.scalars(select(AuditRow.act).where(AuditRow.act.in_(acts), AuditRow.chain == str(contest_id))).all()
    assert len([act for act in decided if act != "approval.approve"]) == (state != "approved")
    assert list(audit.verify()) == []


def test_certificates_are_issued_once(any_app: Flask, any_cast: Cast) -> None:
    publication = published(any_cast, 5)
    batch = prepared(any_cast, publication)
    request = asked(any_cast, batch)
    request_id, contest_id = request.id, publication.contest_id
    said = together(any_app, deciding(request_id, any_cast, contest_id, [True, True, True]))
    assert said.count("done") == 1, said
    assert set(said) <= {"done", "already_decided", "moved", "stale"}
    numbers = db.session.scalars(select(Certificate.number)).all()
    assert len(numbers) == len(set(numbers)) == 5
    assert list(audit.verify()) == []
