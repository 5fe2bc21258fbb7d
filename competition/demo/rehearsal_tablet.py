"""A judge at a tablet in a rehearsal: the rules of the tablet's outbox over the public API, and the mishaps of an arena.

Every tap is kept before anything is sent; what is kept is sent in order and leaves only when the server has said that it
has it. The judge's own notes say what must be there in the end.
"""

import contextlib
import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any

from competition.judging.rules import HAND_IN, MARK, sheet_text, slot

MOST = 100
PATIENCE_S = 20.0


class Offline(Exception):
    """No answer: nothing is known of what was sent."""


@dataclass(frozen=True)
class Tap:
    """One event as it was made."""

    uuid: str
    seq: int
    work: str
    kind: str
    criterion: str
    value: str
    base: int
    at: str


@dataclass
class Chair:
    """A seat with its card and the judge's own notes: work → slot → value. ``taps``: of every tablet, by its id."""

    number: int
    seat: str
    card: str
    pin: str
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    taps: dict[str, list[Tap]] = field(default_factory=dict)
    aside: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)


class Mishaps:
    """The dice of one chair, and the count of what happened."""

    def __init__(self, random: Random, counts: Counter[str], lock: threading.Lock) -> None:
        self.random, self.counts, self.lock = random, counts, lock

    def happens(self, name: str, chance: float) -> bool:
        """Does it happen now? Then it is counted."""
        if self.random.random() >= chance:
            return False
        self.note(name)
        return True

    def note(self, name: str) -> None:
        """It happened."""
        with self.lock:
            self.counts[name] += 1


class Tablet:
    """One tablet: what it keeps, and how it sends."""

    def __init__(self, port: int, chair: Chair, mishaps: Mishaps, skew: timedelta) -> None:
        self.port, self.chair, self.mishaps, self.skew = port, chair, mishaps, skew
        self.id, self.token, self.is_live = "", str(uuid.uuid4()), True
        self.seq = 0
        self.outbox: list[Tap] = []
        self.versions: dict[tuple[str, str], int] = {}
        self.away_until = 0.0

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, *, deaf: bool = False) -> tuple[int, Any]:
        """One request; ``deaf``: the answer is lost on its way."""
        if time.monotonic() < self.away_until:
            raise Offline
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        headers = {"Accept": "application/json", "Authorization": f"Device {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            said = answer.read()
            if deaf:
                raise Offline
            return answer.status, json.loads(said)
        except (OSError, HTTPException, ValueError) as error:
            raise Offline(type(error).__name__) from error
        finally:
            connection.close()

    def open(self) -> None:
        """Scan the card and type the PIN, as often as it takes."""
        while True:
            try:
                status, said = self.ask("POST", "/api/judging/seat", {
                    "card": self.chair.card, "pin": self.chair.pin, "label": "rehearsal", "previous": self.token})
            except Offline:
                time.sleep(0.2)
                continue
            if status == 200:
                self.id, self.token = said["device"], said["token"]
                self.chair.taps.setdefault(self.id, [])
                return
            if status != 429:
                raise RuntimeError(f"{status} {said}")
            time.sleep(1)  # too many have signed in within this minute

    def tap(self, work: str, kind: str, criterion: str, value: str) -> None:
        """Keep an event; only then it counts as made."""
        self.seq += 1
        base = self.versions.get((work, slot(criterion, 1)), 0)
        made = Tap(str(uuid.uuid4()), self.seq, work, kind, criterion, value, base, (datetime.now(UTC) + self.skew).isoformat())
        self.outbox.append(made)
        self.chair.taps[self.id].append(made)

    def flush(self) -> None:
        """Send what waits, in order; raises Offline when the network is away."""
        while self.outbox:
            now = self.outbox[:MOST]
            later = now[len(now) // 2:]
            # Two pages of one browser may overtake each other; a hand-in is made when all marks are there, and sent behind them.
            if len(now) > 1 and all(made.kind != HAND_IN for made in later) and self.mishaps.happens("out_of_order", 0.2):
                self._send(later, hold=True)
            deaf = self.mishaps.happens("lost_answer", 0.03)
            if self.mishaps.happens("double_send", 0.03):
                self._send(now, hold=True)
            self._send(now, deaf=deaf)

    def _send(self, taps: list[Tap], *, deaf: bool = False, hold: bool = False) -> None:
        if self.mishaps.happens("lost_request", 0.02):
            raise Offline
        events = [{"uuid": t.uuid, "device_seq": t.seq, "seat": self.chair.seat, "work": t.work, "kind": t.kind, "criterion": t.criterion,
                   "attempt": 1, "value": t.value, "base_version": t.base, "at": t.at} for t in taps]
        status, said = self.ask("POST", "/api/judging/events", {"events": events, "report": self.report(len(taps))}, deaf=deaf)
        if status == 401:
            self.open()
            return
        if status != 200:
            raise Offline(f"{status} {said}")
        self.is_live = said["is_live"]
        if not hold:
            self._settle(taps, said["answers"])

    def _settle(self, taps: list[Tap], answers: list[dict[str, Any]]) -> None:
        for made, answer in zip(taps, answers, strict=True):
            if answer["result"] in ("accepted", "repeated"):
                self.versions[made.work, slot(made.criterion, 1)] = answer["version"]
            elif answer["result"] == "quarantined" and not self.is_live:
                self.chair.aside.add(made.uuid)
            else:
                self.chair.troubles.append(f"{made.kind} {made.criterion}={made.value}: {answer['result']} {answer['code']}")
        gone = {made.uuid for made in taps}
        self.outbox = [made for made in self.outbox if made.uuid not in gone]

    def report(self, sent: int = 0) -> dict[str, Any]:
        """What the tablet says of itself when these have arrived."""
        at = (datetime.now(UTC) + self.skew).isoformat()
        return {"pending": len(self.outbox) - sent, "last_made": self.seq, "stuck": {}, "client_at": at}

    def finish(self, until: float) -> None:
        """Send until nothing is left, and say so; raises RuntimeError when it takes too long."""
        while time.monotonic() < until:
            try:
                self.flush()
                if self.ask("POST", "/api/judging/state", {"report": self.report(), "rounds": []})[0] == 200:
                    return
            except Offline:
                time.sleep(0.1)
        raise RuntimeError(f"seat {self.chair.number}: {len(self.outbox)} events were not taken in time")


class Judge(threading.Thread):
    """Who sits there: marks one work after the other at a pace of ``pause`` seconds between taps.

    ``works``: (id, criterion → good values); ``end``: by when everything must have arrived.
    """

    def __init__(self, port: int, chair: Chair, works: list[tuple[str, dict[str, list[str]]]], mishaps: Mishaps, pause: float,
                 end: float) -> None:
        super().__init__(daemon=True)
        self.port, self.chair, self.works, self.mishaps, self.pause, self.end = port, chair, works, mishaps, pause, end
        self.error: BaseException | None = None
        self.old: list[Tablet] = []
        self.tablet = self._tablet()

    def _tablet(self) -> Tablet:
        days = self.mishaps.random.choice((-1, 1)) if self.mishaps.happens("wrong_clock", 0.1) else 0
        return Tablet(self.port, self.chair, self.mishaps, timedelta(days=days))

    def run(self) -> None:
        """Whatever goes wrong in here is told by whoever waits for the end."""
        try:
            self.tablet.open()
            for place, (work, criteria) in enumerate(self.works):
                self._sheet(work, criteria)
                if place < len(self.works) - 1 and self.mishaps.happens("takeover", 0.02):
                    self._take_over()
            for tablet in (*self.old, self.tablet):
                tablet.away_until = 0.0
                tablet.finish(self.end)
        except BaseException as error:
            self.error = error

    def _sheet(self, work: str, criteria: dict[str, list[str]]) -> None:
        notes = self.chair.notes.setdefault(work, {})
        for place, (criterion, values) in enumerate(criteria.items()):
            right = self.mishaps.random.choice(values[:2]) if place == 0 else values[0]
            if self.mishaps.happens("wrong_tap", 0.05):
                self._tap(work, MARK, criterion, self.mishaps.random.choice(values))
            notes[slot(criterion, 1)] = right
            self._tap(work, MARK, criterion, right)
        self._tap(work, HAND_IN, "", sheet_text(notes))

    def _tap(self, work: str, kind: str, criterion: str, value: str) -> None:
        tablet = self.tablet
        tablet.tap(work, kind, criterion, value)
        if self.mishaps.happens("outage", 0.01):
            tablet.away_until = time.monotonic() + self.mishaps.random.uniform(0.2, 3.0)
        if self.mishaps.happens("sign_in_over", 0.003):
            # The PIN brings the sign-in back: the card finds the tablet by the token that it had.
            self._with_expired_token(tablet)
        # The next tap does not wait for the answer to the last one: what has come together meanwhile is sent together.
        if kind == HAND_IN or self.mishaps.random.random() < 0.35:
            with contextlib.suppress(Offline):
                tablet.flush()
        if self.pause:
            time.sleep(self.mishaps.random.uniform(0.5, 1.5) * self.pause)

    def _with_expired_token(self, tablet: Tablet) -> None:
        good, tablet.token = tablet.token, "expired"
        try:
            status, _said = tablet.ask("POST", "/api/judging/state", {"report": tablet.report(), "rounds": []})
            if status != 401:
                self.chair.troubles.append(f"an unknown token was answered with {status}")
        except Offline:
            pass
        tablet.token = good
        tablet.open()

    def _take_over(self) -> None:
        """The tablet falls silent with what it holds; another one is opened and the judge goes on, after looking at his sheets."""
        silent, self.tablet = self.tablet, self._tablet()
        self.old.append(silent)
        self.tablet.open()
        held = self._held()
        for work, notes in self.chair.notes.items():
            sheet = held.get(work, {"marks": {}, "state": "none"})
            for place, value in notes.items():
                mark = sheet["marks"].get(place)
                if mark:
                    self.tablet.versions[work, place] = mark["version"]
                if mark is None or mark["value"] != value:
                    self.tablet.tap(work, MARK, place.partition("/")[0], value)
            if sheet["state"] != "handed_in":
                self.tablet.tap(work, HAND_IN, "", sheet_text(notes))

    def _held(self) -> dict[str, Any]:
        while True:
            try:
                status, said = self.tablet.ask("GET", "/api/judging/pack")
                if status == 200:
                    return {sheet["work"]: sheet for round_ in said["rounds"] for sheet in round_["sheets"]}
            except Offline:
                pass
            time.sleep(0.1)
