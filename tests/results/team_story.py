"""A contest with an event of teams and one of persons, and the browser at which its people sit in turn."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from competition.accounts.models import Account
from competition.contests import service as contests
from competition.contests.models import Contest, Event, Round
from competition.contests.queries import current_rulebook, rounds_of
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.registration.models import Entrant, Entry, Team
from tests.builders import make_contest
from tests.cast import Cast, id_card

WORK = {"employer": "测试拉面馆", "employer_ownership": "non_public", "region_code": "630224", "union_id": "", "trade": "拉面制作",
        "skill_level": "3", "worker_group": "lamian"}


def for_teams(document: dict[str, Any]) -> dict[str, Any]:
    """Basic skills for persons and their sums by team, the bowl for teams; awards for the first three teams."""
    tiers = [{"key": "first", "name": {"zh": "团体一等奖", "en": "First team prize"}, "from": 1, "to": 1},
             {"key": "second", "name": "团体二等奖", "from": 2, "to": 3}]
    events = [{**e, "awards": [{"by": "ranks", "tiers": tiers}]} if e["key"] == "bowl" else e for e in document["events"]]
    squads = {"key": "squads", "name": {"zh": "团体总分"}, "of": "basic", "method": "sum", "size": 3}
    return {**document, "events": events, "totals": [], "teams": [squads]}


@dataclass
class Story:
    """The contest and the browser that everybody uses in turn."""

    cast: Cast
    client: FlaskClient
    contest_id: uuid.UUID

    @property
    def contest(self) -> Contest:
        return db.session.get_one(Contest, self.contest_id)

    def be(self, role: str, kind: str = "contest", scope: uuid.UUID | None = None, name: str = "") -> "Story":
        """Somebody else sits down at the browser."""
        return self.sign_in(self.cast.account(role, kind, scope or (self.contest.id if kind == "contest" else None), name))

    def sign_in(self, account: Account) -> "Story":
        # A job lets the session go: the account is read anew.
        self.cast.sign_in(self.client, db.session.get_one(Account, sqlalchemy.inspect(account).identity))
        return self

    def path(self, rest: str, room: str = "registration") -> str:
        return f"/manage/contests/{self.contest.id}/{room}{rest}"

    def see(self, address: str, status: int = 200) -> str:
        answer = self.client.get(address)
        assert answer.status_code == status, (address, answer.status_code, answer.text[:2000])
        assert "None" not in answer.text, address
        return answer.text

    def do(self, address: str, status: int = 303, **data: Any) -> TestResponse:
        answer = self.client.post(address, data=data)
        assert answer.status_code == status, (address, answer.status_code, answer.text)
        return answer

    def event(self, key: str) -> Event:
        return next(e for e in db.session.scalars(select(Event).where(Event.contest_id == self.contest.id)) if e.key == key)

    def round(self, key: str) -> Round:
        return next(r for r in rounds_of(self.contest.id) if r.event.key == key)

    def team(self, name: str) -> Team:
        return db.session.scalars(select(Team).where(Team.contest_id == self.contest.id, Team.name == name)).one()

    def entrant(self, name: str) -> Entrant:
        return db.session.scalars(select(Entrant).where(Entrant.team_id == self.team(name).id)).one()

    def entry(self, name: str) -> Entry:
        return db.session.scalars(select(Entry).where(Entry.contest_id == self.contest.id, Entry.name == name)).one()

    def enter(self, team: str, name: str, role: str = "member", status: int = 303, events: tuple[str, ...] = ("basic",),
              **more: Any) -> TestResponse:
        """Whoever sits at the browser enters somebody without a phone."""
        data = {"name": name, "document_type": "id_card", "document_number": id_card(born="19850505"), "phone": "", **WORK, "consent": "y",
                "paper": "同意书，存测试工会",
                "events": [str(self.event(key).id) for key in events], "team_id": str(self.team(team).id), "team_role": role, **more}
        return self.do(self.path("/entries/new"), status, **data)


def begun(cast: Cast, client: FlaskClient) -> Story:
    """Announced, with the rules for teams, and nobody entered yet."""
    contest = make_contest(cast, events=("basic", "bowl"))
    bowl = next(e for e in contest.events if e.key == "bowl")
    contests.change_event(bowl.id, entrant_kind="team", quota=4, actor=SYSTEM, at=cast.at)
    contests.set_rulebook(contest.id, for_teams(current_rulebook(contest.id).document), reason="团体项目", actor=SYSTEM, at=cast.at)
    with atomic():
        get(Contest, contest.id).is_demo = True
        audit.record("test.demo", actor=SYSTEM, subject=("contest", contest.id), at=cast.at, chain=contest.id)
    return Story(cast, client, contest.id)
