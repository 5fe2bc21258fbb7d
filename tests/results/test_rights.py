"""Who holds one event: its figures are open to him, those of other events, totals and the whole contest are not."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.contests.models import Contest
from competition.core import approvals
from competition.core.approvals import Approval
from competition.core.database import db
from competition.results import service
from tests.builders import judged_contest, open_codes, publish_all
from tests.cast import Cast
from tests.judges import whole_marks

BASE = "/manage/contests/<uuid:contest_id>/results"
OWN, OTHER, TOTAL = "basic", "broth", "practical"
LOOK, DECIDE, SUMS, ASK, BOOK, RULES = "look", "decide", "sums", "ask", "book", "rules"

# Address, method, what it is about (own: the reader's part of the contest), who of an event may do it on the own one.
ADDRESSES: list[tuple[str, str, str, str]] = [
    ("", "GET", "own", LOOK),
    ("/decisions", "GET", "own", LOOK),
    ("/scopes/<scope>", "GET", "ranking", LOOK),
    ("/scopes/<scope>/<who>", "GET", "ranking", LOOK),
    ("/published/<scope>/<int:version>", "GET", "ranking", LOOK),
    ("/decisions/<key>", "GET", "ranking", DECIDE),
    ("/decisions/<key>", "POST", "ranking", DECIDE),
    ("/sums/<uuid:event_id>", "GET", "event", LOOK),
    ("/sums/<uuid:event_id>/draw", "POST", "event", SUMS),
    ("/sums/<uuid:event_id>/check", "POST", "event", SUMS),
    ("/sums/<uuid:event_id>/sign", "POST", "event", SUMS),
    ("/sums/<uuid:event_id>/works/<uuid:work_id>", "GET", "event", LOOK),
    ("/sums/<uuid:event_id>/works/<uuid:work_id>", "POST", "event", SUMS),
    ("/publish", "GET", "whole", ASK),
    ("/publish", "POST", "whole", ASK),
    ("/correct", "GET", "whole", ASK),
    ("/correct", "POST", "whole", ASK),
    ("/rulebook-changes/<uuid:preview_id>", "GET", "whole", LOOK),
    ("/rulebook-changes/<uuid:preview_id>/ask", "POST", "whole", RULES),
    ("/rulebook-changes/<uuid:preview_id>/confirm", "POST", "whole", RULES),
    ("/rulebook-changes/<uuid:preview_id>/renew", "POST", "whole", RULES),
    ("/rulebook-changes/<uuid:preview_id>/scopes/<scope>/<who>", "GET", "whole", LOOK),
    ("/rulebook-changes/<uuid:preview_id>/list.xlsx", "GET", "whole", BOOK),
    ("/rulebook-changes/<uuid:preview_id>/list.xlsx", "POST", "whole", BOOK),
    ("/book", "GET", "whole", BOOK),
    ("/book", "POST", "whole", BOOK),
    ("/book/<scope>", "GET", "ranking", BOOK),
    ("/book/<scope>/sheets", "GET", "ranking", BOOK),
    ("/book/<scope>/sheets/<uuid:row_id>", "GET", "ranking", BOOK),
    ("/book/<uuid:job_id>.pdf", "GET", "whole", BOOK),
    ("/book.xlsx", "GET", "whole", BOOK),
    ("/book.xlsx", "POST", "whole", BOOK),
    ("/live", "GET", "whole", BOOK),
    ("/live", "POST", "whole", BOOK),
    ("/live/<uuid:job_id>.xlsx", "GET", "whole", BOOK),
]
ACTS = {"chief_judge": {LOOK, DECIDE, ASK, BOOK, RULES}, "scorekeeper": {LOOK, SUMS, BOOK}}
DONE = {200, 303, 409, 422}


def every_tie(document: dict[str, Any]) -> dict[str, Any]:
    """Equal marks share no rank anywhere, and nothing separates them."""
    for rule in (*document["events"], *document["totals"]):
        if rule["key"] in (OWN, OTHER, TOTAL):
            rule["ranking"] = {"ties": [], "shared": "forbidden"}
    return document


@pytest.fixture
def contest(cast: Cast) -> Contest:
    """Ties in two events and a total, all decided by the contest's chief judge; everything is published."""
    made = judged_contest(cast, 3, events=("theory", OWN, OTHER), twist=every_tie, marking=whole_marks)
    open_codes(cast, made)
    chief = cast.actor("chief_judge", "contest", made.id)
    for question in service.questions(service.compute(made.id)):
        service.decide_tie(made.id, question.key, question.ids, "抽签决定", actor=chief, at=cast.at)
    publish_all(cast, made)
    for event in made.events:
        if event.key != "theory":
            service.draw_sample(event.id, actor=cast.actor("scorekeeper", "contest", made.id), at=cast.at)
    return made


def filled(contest: Contest, path: str, key: str) -> str:
    """The address about one event, or about the total."""
    computed = service.compute(contest.id)
    scope = f"total:{TOTAL}" if key == TOTAL else f"event:{key}"
    known = {question.scope: question.key for question in service.questions(computed)}
    values = {"<scope>": scope, "<who>": computed.rows(scope)[0].entry, "<int:version>": "1", "<key>": known.get(scope, ""),
              "<uuid:job_id>": str(uuid.uuid4()), "<uuid:preview_id>": str(uuid.uuid4())}
    if key != TOTAL:
        side = computed.sides[key]
        values |= {"<uuid:event_id>": str(side.event.id), "<uuid:work_id>": str(next(iter(side.works)))}
    for name, value in values.items():
        path = path.replace(name, value)
    return f"/manage/contests/{contest.id}/results{path}"


def enter(cast: Cast, client: FlaskClient, contest: Contest, role: str) -> FlaskClient:
    event = next(event for event in contest.events if event.key == OWN)
    return cast.sign_in(client, cast.account(role, "event", event.id))


def answer(client: FlaskClient, method: str, address: str) -> int:
    return client.open(address, method=method, data={} if method == "POST" else None).status_code


def test_the_table_names_every_staff_address(app: Flask) -> None:
    known = {(BASE + path, method) for path, method, _about, _who in ADDRESSES}
    served = {(rule.rule, method) for rule in app.url_map.iter_rules() if rule.rule.startswith(BASE)
              for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}}
    assert served == known


@pytest.mark.parametrize("role", ["chief_judge", "scorekeeper"])
def test_an_events_own_people_stay_in_their_event(client: FlaskClient, cast: Cast, contest: Contest, role: str) -> None:
    enter(cast, client, contest, role)
    wrong = []
    for path, method, about, who in ADDRESSES:
        # Who holds no role of the act is told so before anything is looked up; who does finds nothing outside the event.
        foreign = {404} if who in ACTS[role] else {403, 404}
        wanted = {OWN: foreign if about == "whole" or who == BOOK else DONE if who in ACTS[role] else {403}}
        wanted |= {"event": {OTHER: foreign}, "ranking": {OTHER: foreign, TOTAL: foreign}}.get(about, {})
        for key, statuses in wanted.items():
            found = answer(client, method, filled(contest, path, key))
            if found not in statuses:
                wrong.append((method, path, key, found, statuses))
    assert wrong == []


@pytest.mark.parametrize("role", ["chief_judge", "scorekeeper"])
def test_the_same_people_of_the_whole_contest_reach_everything_of_theirs(
    client: FlaskClient, cast: Cast, contest: Contest, role: str
) -> None:
    cast.sign_in(client, cast.account(role, "contest", contest.id))
    for path, method, about, who in ADDRESSES:
        for key in {"event": (OWN, OTHER), "ranking": (OWN, OTHER, TOTAL)}.get(about, (OWN,)):
            found = answer(client, method, filled(contest, path, key))
            # The file of a job that never was is not found by anybody, nor is a line that nobody has.
            if not {"<uuid:job_id>", "<uuid:row_id>", "<uuid:preview_id>"} & set(re.findall(r"<[^>]*>", path)):
                assert found in (DONE if who in ACTS[role] else {403}), (method, path, key, found)


@pytest.mark.parametrize("role", ["chief_judge", "scorekeeper"])
def test_what_is_shown_is_the_own_event_alone(client: FlaskClient, cast: Cast, contest: Contest, role: str) -> None:
    asked = contest_request(cast, contest)
    enter(cast, client, contest, role)
    for path in ("", "/decisions"):
        text = client.get(filled(contest, path, OWN)).get_data(as_text=True).split("<main", 1)[1]
        assert "手工拉面基本功" in text
        for hidden in ("牛肉汤", "理论知识", "实操综合成绩", "总成绩", str(asked.id), "/publish\"", "/book\"", "/correct\""):
            assert hidden not in text, (path, hidden)
    has_button = "重新决定" in client.get(filled(contest, "/decisions", OWN)).get_data(as_text=True)
    assert has_button == (role == "chief_judge")


def contest_request(cast: Cast, contest: Contest) -> Approval:
    """An open request about the contest as a whole."""
    return approvals.ask("results.publish", subject=("contest", contest.id), payload={"contest": str(contest.id), "rulebook": "",
                         "scopes": [], "unchecked": []}, reason="核对无误", actor=cast.actor("organizer"), at=cast.at, chain=contest.id)


@pytest.mark.parametrize("role", ["chief_judge", "scorekeeper", "organizer", "supervisor"])
def test_nobody_of_one_event_decides_what_is_asked_of_the_contest(
    client: FlaskClient, cast: Cast, contest: Contest, role: str
) -> None:
    """Publication and correction are of the whole contest, whatever role is held for one event; the sums of an event are
    signed by a supervisor of the contest or of that very event."""
    keeper = cast.actor("scorekeeper", "contest", contest.id)
    event = next(event for event in contest.events if event.key == OWN)
    sample = next(s.sample for s in service.sum_states(service.compute(contest.id)) if s.event_id == event.id)
    assert sample is not None
    service.check_sums(sample.id, [uuid.UUID(w["work"]) for w in sample.works], is_right=True, actor=keeper, at=cast.at)
    publication = contest_request(cast, contest)
    signature = service.ask_signature(sample.id, reason="核对完毕", actor=keeper, at=cast.at)
    keys = [publication.id, signature.id]
    enter(cast, client, contest, role)
    assert client.get(f"/approvals/{signature.id}").status_code == (200 if role == "supervisor" else 404)
    for key in keys[:1] if role == "supervisor" else keys:
        assert client.get(f"/approvals/{key}").status_code == 404
        assert client.post(f"/approvals/{key}/decide", data={"decision": "approve"}).status_code == 404
    db.session.expire_all()
    assert [db.session.get_one(Approval, key).state for key in keys] == ["asked", "asked"]


def test_an_event_of_another_contest_opens_nothing(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    other = judged_contest(cast, 2, events=(OWN,), seats=2)
    event = other.events[0]
    cast.sign_in(client, cast.account("scorekeeper", "event", event.id))
    assert answer(client, "GET", f"/manage/contests/{other.id}/results/sums/{event.id}") == 200
    for path, method, _about, _who in ADDRESSES:
        assert answer(client, method, filled(contest, path, OWN)) in (403, 404), (method, path)
    address = f"/manage/contests/{contest.id}/results/sums/{event.id}"
    assert answer(client, "GET", address) == 404
    assert answer(client, "POST", f"{address}/draw") == 404
