"""Panels, works and whole sheets ready made, for tests of judging and of what builds on it.

Judges mark through the same verb as tablets do: ``Judge.mark``, ``Judge.hand_in``.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.contests.queries import rounds_of
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.judging import queries, rules, service
from competition.judging.models import Device, Panel, Seat
from competition.judging.rules_figures import figure_keys
from competition.judging.rules_reports import TabletSays
from competition.judging.service_marks import Receipt
from competition.scoring.inputs import canonical_value
from competition.scoring.model import Criterion
from tests.standing import built_once

_ALPHABET = "ACDEFHJKMNPRTWXY"


def round_of(contest: Contest, event_key: str) -> Round:
    """The round of one event of a contest."""
    return next(r for r in rounds_of(contest.id) if r.event.key == event_key)


def make_panel(
    round_: Round, seats: int = 5, *, name: str = "测试裁判组", at: datetime, sit: bool = True, criteria: Sequence[str] = (),
) -> Panel:
    """A panel for the round's event (or for some criteria of it), with an invented judge in every seat."""
    panel = service.create_panel(round_.event_id, name=name, seats=seats, criteria=criteria, actor=SYSTEM, at=at)
    db.session.refresh(panel, ["seats"])
    for seat in panel.seats if sit else ():
        service.seat_judge(seat.id, name=f"测试裁判{seat.number}", employer=f"测试单位{seat.number}", actor=SYSTEM, at=at)
    return panel


def works(round_: Round, count: int, *, at: datetime) -> list[Work]:
    """Works with codes that belong to nobody, as a draw would leave them."""
    with atomic() as session:
        made = [
            Work(contest_id=round_.contest_id, event_id=round_.event_id, round_id=round_.id, position=n + 1,
                 code=f"T{_ALPHABET[n // 16 % 16]}{_ALPHABET[n % 16]}{n % 10}{round_.event.position}",
                 batch=n // round_.batch_size + 1, station=n % round_.batch_size + 1)
            for n in range(count)
        ]
        session.add_all(made)
        audit.record("test.works", actor=SYSTEM, subject=("round", round_.id), at=at, chain=round_.contest_id)
    return made


def opened(round_: Round, *, count: int = 2, seats: int = 3, at: datetime) -> Round:
    """The round with works and a panel, open for marks."""
    def make() -> None:
        works(round_, count, at=at)
        make_panel(round_, seats, at=at)
        service.open_round(round_.id, actor=SYSTEM, at=at)

    built_once(("opened", round_.id, count, seats, at), make)
    return round_


@dataclass
class Judge:
    """A judge at a tablet: counts its events as the tablet does."""

    device: Device
    seat: Seat
    token: str
    at: datetime
    seq: int = 0
    sheets: dict[uuid.UUID, dict[str, str]] = field(default_factory=dict)

    def event(self, work: Work, kind: str = rules.MARK, criterion: str = "", value: str = "", **more: object) -> rules.DeviceEvent:
        """The tablet's next event."""
        self.seq += 1
        values: dict[str, object] = {
            "id": uuid.uuid4(), "device_seq": self.seq, "seat_id": self.seat.id, "work_id": work.id, "kind": kind,
            "criterion": criterion, "value": value, "client_at": self.at, **more,
        }
        return rules.DeviceEvent(**values)  # type: ignore[arg-type]

    def send(self, *events: rules.DeviceEvent) -> Receipt:
        """Send events as one request, which says as a tablet's does that nothing more waits."""
        receipt = service.accept_events(self.device.id, events, at=self.at)
        service.report_device(self.device.id, TabletSays(pending=0, last_made=self.seq), at=self.at)
        return receipt

    def sheet(self, work: Work, marks: Mapping[str, str], base: int = 0) -> list[rules.DeviceEvent]:
        """A whole sheet: every mark, then the handing in. ``base``: the version of the sheet that the tablet has seen."""
        events = [self.event(work, criterion=key, value=value, base_version=base) for key, value in marks.items()]
        text = rules.sheet_text({rules.slot(key, 1): value for key, value in marks.items()})
        return [*events, self.event(work, rules.HAND_IN, value=text)]

    def mark(self, work: Work, marks: Mapping[str, str], base: int = 0) -> Receipt:
        """Send a whole sheet and hand it in."""
        return self.send(*self.sheet(work, marks, base))


def sit_down(seat: Seat, *, at: datetime) -> Judge:
    """Open a seat with a fresh card."""
    card = service.make_cards([seat.id], actor=SYSTEM, at=at)[0]
    device, token = service.open_seat(card.token, card.pin, label="测试平板", at=at)
    return Judge(device, seat, token, at)


def criteria_of(round_: Round) -> tuple[Criterion, ...]:
    """What the common sheet of a round holds."""
    _version, event = queries.rules_of_round(round_, None)
    return event.sheet_criteria


Marking = Callable[[Seat, Work, Criterion], str]


def whole_marks(_seat: Seat, _work: Work, criterion: Criterion) -> str:
    """Three quarters of the maximum, on the step."""
    step = criterion.step or 1
    return canonical_value(criterion, str(int(criterion.max * 3 / 4 / step) * step))


def judge_round(round_: Round, *, at: datetime, marking: Marking = whole_marks, lock: bool = False) -> list[Judge]:
    """Every seat marks every work of an opened round and hands in; times and theory marks too, then the lock."""
    judges = [sit_down(seat, at=at) for seat in queries.seats_of_round(round_.id)]
    criteria, drawn = criteria_of(round_), list_works(round_.id)
    for judge in judges:
        for work in drawn:
            judge.mark(work, {c.key: marking(judge.seat, work, c) for c in criteria})
    if lock:
        fill_figures(round_, at=at)
        service.lock_round(round_.id, confirm_name=round_.name, actor=SYSTEM, at=at)
    return judges


def fill_figures(round_: Round, *, at: datetime) -> None:
    """Every needed figure: 30 minutes, or 80 points for theory."""
    _version, event = queries.rules_of_round(round_, None)
    needed = [(work.id, key.key) for work in list_works(round_.id) for key in figure_keys(event) if key.is_needed]
    values = {slot: "80" if slot[1] == "theory" else "30:00" for slot in needed}
    service.record_many(round_.id, values, source="keyed", actor=SYSTEM, at=at)
