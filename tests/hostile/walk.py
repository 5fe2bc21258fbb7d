"""One walk over all addresses with everything hostile, and what came back."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

from tests.access_matrix.browser import Door
from tests.access_matrix.matrix import Address, answered
from tests.access_matrix.run import PAPERS, written_wrong
from tests.access_matrix.world import World
from tests.hostile import nasties
from tests.hostile.answers import faults_of
from tests.hostile.targets import EVERYBODY, NOBODY, Form, Target, forms_in, parameters, taken_names, targets
from tests.writes import SECURITY

PART, QUERY, BODY, FIELD, FILE, HEAD, API = "parts", "queries", "bodies", "fields", "files", "heads", "json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Ask:
    """One request: which table and row of the list it belongs to, who asks, what may come back."""

    table: str
    what: str
    who: str
    address: Address
    path: str
    may: frozenset[int] = nasties.LOOKED
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Walk:
    """What came back: for every row how often which status; and what was wrong."""

    door: Door
    world: World
    got: dict[tuple[str, str], Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list)
    forms: dict[Any, Form] = field(default_factory=dict)
    targets: int = 0

    @property
    def count(self) -> int:
        return sum(sum(row.values()) for row in self.got.values())

    def ask(self, one: Ask) -> None:
        """Ask, judge, and put the world back if something was done."""
        answer = self.door.ask(one.address.method, one.path, session=self.world.sessions.get(one.who),
                               device=self.world.devices.get(one.who), **one.more)
        self.got[one.table, one.what][answer.status_code] += 1
        faults = faults_of(answer)
        if answer.status_code not in one.may | {answer.status_code if answer.status_code >= 500 else 0}:
            faults.append(f"may not be answered with {answer.status_code}")
        if not (one.table == PART and answer.status_code == 404 and not self.door.written):  # no such address: no act was tried
            faults += filter(None, [written_wrong(one.address, answered(answer.status_code, answer.location), self.door.written)])
        if faults:
            self.wrong.append(f"{one.table}: {one.what}: {one.who} {one.address.method} {one.path[:120]}: {'; '.join(faults)}")
        answer.close()
        if set(self.door.written) - {SECURITY}:
            self.door.restore()


def walk(door: Door, world: World) -> Walk:
    """Everything, in an order that never changes."""
    found = targets(door.app, world)
    done = Walk(door, world, targets=len(found))
    find_forms(done, found)
    for one in asks(found, list(done.forms.values())):
        done.ask(one)
    return done


def find_forms(done: Walk, found: list[Target]) -> None:
    """Every form that a page shows to who may do everything, or to nobody."""
    known = {target.address.rule.endpoint: target for target in found if target.address.method == "POST"}
    for target in found:
        if target.address.method == "GET" and not target.address.is_api and target.address.rule.endpoint not in PAPERS:
            for who in (EVERYBODY, NOBODY):
                answer = done.door.ask("GET", target.path, session=done.world.sessions.get(who))
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    for form in forms_in(answer.get_data(as_text=True), target.path, known, done.door.app):
                        done.forms.setdefault(form.key, form)
                answer.close()
                if set(done.door.written) - {SECURITY}:
                    done.door.restore()


def asks(found: list[Target], forms: list[Form]) -> Iterator[Ask]:
    """Every request of the walk. Where one door stands before many rooms (no such address, no sign-in, too large), it is
    tried from some of them only: which, follows from their order."""
    for number, target in enumerate(found):
        for who in (target.asker, NOBODY):
            is_shut = who == NOBODY and not target.is_public
            yield from _parts(target, who, number, is_shut)
            if target.address.method == "GET":
                yield from _looks(target, who, number, is_shut)
            else:
                yield from _bodies(target, who, number, is_shut)
        if target.address.is_api and target.address.method == "POST":
            yield from _json(target)
    for number, form in enumerate(forms):
        yield from _fields(form, number)
        yield from _files(form)


def _turn(number: int, row: int, every: int) -> bool:
    return (number + row) % every == 0


def _parts(target: Target, who: str, number: int, is_shut: bool) -> Iterator[Ask]:
    for part in target.parts():
        for row, nasty in enumerate(nasties.PARTS):
            fits = target.is_plain(part) or nasty.text == nasties.NOBODY
            if (fits and not is_shut) or _turn(number, row, 8):
                yield Ask(PART, nasty.what, who, target.address, target.path_with(part, nasty.text), nasty.answers)


def _looks(target: Target, who: str, number: int, is_shut: bool) -> Iterator[Ask]:
    every = 10 if is_shut or target.address.rule.endpoint in PAPERS else 2
    for row, nasty in enumerate(nasties.QUERIES):
        raw = quote_from_bytes(nasty.text.encode("utf-8", "surrogateescape"))
        names = parameters() if len(nasty.text) < 100 else ("page",)
        path = f"{target.path.partition('?')[0]}?{'&'.join(f'{name}={raw}' for name in names)}"
        if _turn(number, row, every):
            yield Ask(QUERY, nasty.what, who, target.address, path, nasty.answers)
    for row, (what, heads) in enumerate(nasties.HEADS):
        if _turn(number, row, every):
            yield Ask(HEAD, what, who, target.address, target.path, more={"headers": heads})


def _bodies(target: Target, who: str, number: int, is_shut: bool) -> Iterator[Ask]:
    for row, body in enumerate(nasties.BODIES):
        if _turn(number, row, 6 if is_shut or nasties.OK not in body.answers else 2):
            yield Ask(BODY, body.what, who, target.address, target.path, body.answers, {"data": body.data, "content_type": body.kind})


def _json(target: Target) -> Iterator[Ask]:
    for what, said in nasties.JSON:
        yield Ask(API, what, target.program, target.address, target.path, more={
            "data": json.dumps(said), "content_type": "application/json", "headers": {"Idempotency-Key": "asked-in-a-walk"}})


def _fields(form: Form, turn: int) -> Iterator[Ask]:
    names = tuple(dict.fromkeys(name for name, _value in form.fields))
    for row, nasty in enumerate(nasties.FIELDS):
        if _turn(turn, row, 2):
            yield _sent(form, nasty, dict.fromkeys((*names, *taken_names()), nasty.text))
        for number, name in enumerate(names):
            if nasty.what in nasties.ALONE and name not in form.typed and _turn(number, row, 2):
                yield _sent(form, nasty, dict(form.fields) | {name: nasty.text})


def _sent(form: Form, nasty: nasties.Nasty, said: dict[str, str]) -> Ask:
    data = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in said.items()})
    return Ask(FIELD, nasty.what, EVERYBODY, form.target.address, form.action, nasty.answers, {"data": data, "content_type": FORM})


def _files(form: Form) -> Iterator[Ask]:
    for name in form.files:
        for what, file_name, content in nasties.UPLOADS:
            data = dict(form.fields) | {name: (io.BytesIO(content), file_name)}
            yield Ask(FILE, what, EVERYBODY, form.target.address, form.action, more={"data": data, "content_type": "multipart/form-data"})
