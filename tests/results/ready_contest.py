"""A small contest under a ready rulebook, played through the system: tablets, the office's pages, two people, certificates."""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from competition.arena.queries import decoded
from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Event, Round
from competition.contests.queries import rounds_of
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.database import db
from competition.judging import queries as judging
from competition.judging import rules, service
from competition.judging.models import Seat
from competition.registration.models import Entry
from tests.builders import check_in_all, draw_contest, make_field, open_codes
from tests.cast import Cast
from tests.judges import sit_down
from tests.judging.test_ready_rulebooks import running
from tests.scoring.ready import Small


@dataclass
class Played:
    """The contest of a :class:`Small`: its works A to F are six persons in two teams."""

    cast: Cast
    client: FlaskClient
    key: str
    small: Small
    contest_id: uuid.UUID = field(init=False)
    entries: dict[str, Entry] = field(init=False)

    def __post_init__(self) -> None:
        contest, _document = running(self.cast, self.key)
        db.session.refresh(contest, ["events"])
        people = make_field(self.cast, contest, persons=6, delegations=2, per_team=3)
        draw_contest(self.cast, contest)
        check_in_all(self.cast, contest)
        self.contest_id = contest.id
        # The field is dealt to the two delegations in turn.
        self.entries = dict(zip("ADBECF", people, strict=True))

    # ---- who acts, and where ------------------------------------------------------------------------

    @property
    def contest(self) -> Contest:
        return db.session.get_one(Contest, self.contest_id)

    def be(self, role: str) -> None:
        """Somebody of the contest sits down at the browser."""
        self.cast.sign_in(self.client, self.cast.account(role, "contest", self.contest_id))

    def path(self, rest: str, room: str = "results") -> str:
        return f"/manage/contests/{self.contest_id}/{room}{rest}"

    def see(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.text[:1000])
        return answer.text

    def do(self, address: str, **data: Any) -> TestResponse:
        answer = self.client.post(address, data=data)
        assert answer.status_code == 303, (address, answer.status_code, answer.text)
        return answer

    def name(self, who: str) -> str:
        """A person by its letter, a team by its letters."""
        if who in self.entries:
            return self.entries[who].name
        team = self.entries[who[0]].team
        assert team is not None
        return team.name

    # ---- judging ------------------------------------------------------------------------------------

    def judged(self) -> None:
        """Every round: panels, tablets, the office's figures, the lock."""
        for round_ in rounds_of(self.contest_id):
            letters = {work.id: letter for work, letter in self._works(round_)}
            if "criteria" in self.small.events[round_.event.key]:
                self._panels(round_)
            service.open_round(round_.id, actor=self.cast.actor("chief_judge", "contest", self.contest_id), at=self.cast.at)
            for seat in judging.seats_of_round(round_.id):
                self._tablet(seat, round_.event, letters)
            self.be("scorekeeper")
            for work_id, letter in letters.items():
                self._figures(round_, work_id, letter)
            self.be("chief_judge")
            self.do(self.path(f"/rounds/{round_.id}/lock", "judging"), confirm_name=round_.name)

    def _works(self, round_: Round) -> Iterator[tuple[Work, str]]:
        letters = {entry.id: letter for letter, entry in self.entries.items()}
        people = {work_id: letters[entrant.entry_id] for work_id, entrant in decoded(round_.event_id).items() if entrant.entry_id}
        return ((work, people[work.id]) for work in list_works(round_.id))

    def _panels(self, round_: Round) -> None:
        """As many judges for what has a panel of its own as for the common sheet, each with a panel made on its page."""
        self.be("organizer")
        page = self.see(self.path("/panels", "judging"))
        for sheet in re.findall(rf'<option[^>]*value="({round_.event_id}[^"]*)"', page):
            name = f"测试裁判组 {sheet.partition(':')[2]}"
            self.do(self.path("/panels", "judging"), event=sheet, name=name, seats=str(len(self.small.seats)))
        for seat in judging.seats_of_round(round_.id):
            service.seat_judge(seat.id, name=f"测试裁判{seat.number}", employer="测试单位", actor=SYSTEM, at=self.cast.at)

    def _tablet(self, seat: Seat, event: Event, letters: dict[uuid.UUID, str]) -> None:
        """A tablet takes its pack and sends every sheet, as its page does."""
        spoken = {"Authorization": f"Device {sit_down(seat, at=now()).token}"}
        (pack,) = self.client.get("/api/judging/pack", headers=spoken).get_json()["rounds"]
        sheet = [criterion["key"] for criterion in pack["criteria"]]
        number = self.small.seats[(seat.number - 1) % len(self.small.seats)]  # seats of a second panel count on
        made: list[dict[str, Any]] = []
        for work in pack["works"]:
            values = self.small.sheet(event.key, letters[uuid.UUID(work["id"])], number)
            whole = rules.sheet_text({rules.slot(key, 1): values[key] for key in sheet})
            texts = [("mark", key, values[key]) for key in sheet] + [("hand_in", "", whole)]
            made += [{"uuid": str(uuid.uuid4()), "device_seq": len(made) + at, "seat": str(seat.id), "work": work["id"], "kind": kind,
                      "criterion": key, "value": text} for at, (kind, key, text) in enumerate(texts, start=1)]
        for start in range(0, len(made), rules.MOST_EVENTS):
            left = max(len(made) - start - rules.MOST_EVENTS, 0)
            sent = {"events": made[start:start + rules.MOST_EVENTS], "report": {"pending": left, "last_made": len(made), "stuck": {}}}
            answers = self.client.post("/api/judging/events", json=sent, headers=spoken).get_json()["answers"]
            assert [answer for answer in answers if answer["result"] != "accepted"] == []

    def _figures(self, round_: Round, work_id: uuid.UUID, letter: str) -> None:
        """Time, theory mark and deductions as they are typed."""
        found = self.small.figures(round_.event.key, letter)
        if "time_s" in found:
            found["time_s"] = f"{int(found['time_s']) // 60}:{int(found['time_s']) % 60:02d}"
        if found:
            self.do(self.path(f"/rounds/{round_.id}/figures/{work_id}", "judging"), **found)

    # ---- results ------------------------------------------------------------------------------------

    def opened(self) -> None:
        """The codes are opened by two people; before that no page of results knows a name."""
        self.be("organizer")
        pages = [self.see(self.path(f"/scopes/event:{key}")) for key in self.small.events]
        assert [name for entry in self.entries.values() for page in pages if (name := entry.name) in page] == []
        open_codes(self.cast, self.contest)

    def decided(self, order: Sequence[str]) -> None:
        """The one open question is decided by the chief judge, by lot."""
        self.be("chief_judge")
        address, = set(re.findall(r'href="([^"]+/results/decisions/[^"]+)"', self.see(self.path("/decisions"))))
        page = self.see(address)
        label = {name: number for number, name in re.findall(r'for="place_(\d+)"[^>]*>\s*([^<]+?)\s*<', page)}
        places = {f"place_{label[self.name(who)]}": str(place) for place, who in enumerate(order, start=1)}
        self.do(address, how="lot", reason="当场抽签", **places)

    def published(self, scopes: Iterable[str]) -> None:
        """Asked by the office, approved by the supervisor: both calculations agree."""
        self.be("organizer")
        self.do(self.path("/publish"), scopes=list(scopes), reason="成绩核对无误")
        asked = db.session.scalars(select(Approval).where(Approval.state == "asked")).one()
        self.be("supervisor")
        self.do(f"/approvals/{asked.id}/decide", decision="approve", note="")
