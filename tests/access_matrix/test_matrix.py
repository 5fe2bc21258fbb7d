"""No cell of the matrix deviates; no address is without a line; the printed table is up to date; forms need their token."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import MetaData, select

from competition.core.database import db
from competition.core.kept import SHOW
from tests.access_matrix import matrix, run
from tests.access_matrix.browser import Door
from tests.access_matrix.people import EVERYBODY
from tests.access_matrix.printed import FILE, printed
from tests.access_matrix.world import World, build_world
from tests.house import build_to_be_asked

# A machine that does much else at the same time takes its time.
pytestmark = pytest.mark.timeout(2400)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """An application of its own: no test's context is open while it is asked."""
    instance = tmp_path_factory.mktemp("matrix")
    app = build_to_be_asked(instance)
    yield Door(app, instance / "kept.db")
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def world(door: Door) -> World:
    made = build_world(door.app)
    door.keep()
    return made


def test_every_address_has_its_line_and_every_line_its_address(door: Door) -> None:
    assert matrix.untold(door.app) == set()
    assert matrix.unused(door.app) == set()


def test_the_printed_table_is_up_to_date(door: Door) -> None:
    assert FILE.read_text(encoding="utf-8") == printed(door.app), "run: python -m tests.access_matrix"


def digest(app: Flask) -> dict[str, int]:
    """Every table's rows but those of refusals, as one number each."""
    with app.app_context():
        tables: MetaData = db.metadata
        with db.engine.connect() as connection:
            return {t.name: hash(tuple(sorted(map(repr, connection.execute(select(t)))))) for t in tables.sorted_tables
                    if t.name != run.SECURITY}


def test_every_look_twice_leaves_the_database_as_it_was(door: Door, world: World) -> None:
    """Asked by who may look everywhere, and by the contestant and the chief judge for what is theirs alone."""
    door.restore()
    wrote = {}
    for address in matrix.addresses(door.app):
        if address.method != "GET" or address.rule.endpoint in run.RECORDED_LOOKS | run.PAPERS:
            continue
        for who in ("all_organizer", "contestant", "chief_judge", "auditor"):
            for _time in range(2):
                door.ask("GET", address.path(door.app, world.own.get(address.line.about, {})), session=world.sessions[who]).close()
                if door.written:
                    wrote[address.name, who] = list(door.written)
    assert wrote == {}


def test_nothing_is_found_by_way_of_something_else(door: Door, world: World) -> None:
    """An address with two things of which one belongs to another contest, asked by who may see both: there is no such thing."""
    door.restore()
    found, asked = {}, 0
    for address in matrix.addresses(door.app):
        own, foreign = (side.get(address.line.about, {}) for side in (world.own, world.foreign))
        things = [name for name in sorted(address.rule.arguments) if own.get(name) != foreign.get(name)]
        for name in things if len(things) > 1 else ():
            body = {"json": {}} if address.is_api else {}
            path = address.path(door.app, own | {name: foreign[name]})
            answer = door.ask(address.method, path, session=world.sessions[EVERYBODY], **body)
            asked += 1
            if fault := None if answer.status_code == 404 else f"got {answer.status_code}":
                found[address.name, name] = fault
            if fault := run.written_wrong(address, str(answer.status_code), door.written):
                found[address.name, name] = fault
            answer.close()
    assert found == {}
    assert asked > 250


def test_no_form_is_taken_without_its_token(door: Door, world: World) -> None:
    """The organizer of everything, with a good sign-in and no token: refused before anything is read. Tablets carry none."""
    door.restore()
    door.app.config["WTF_CSRF_ENABLED"] = True
    taken = {}
    try:
        for address in matrix.addresses(door.app):
            if address.method == "GET" or address.is_api:
                continue
            path = address.path(door.app, world.own.get(address.line.about, {}))
            answer = door.ask(address.method, path, session=world.sessions["all_organizer"])
            if answer.status_code != 400 or door.written != [run.SECURITY]:
                taken[address.name] = (answer.status_code, list(door.written))
            answer.close()
    finally:
        door.app.config["WTF_CSRF_ENABLED"] = False
    assert taken == {}


def test_what_only_brings_typed_fields_back_does_nothing(door: Door, world: World) -> None:
    """Every address, by everybody who may act there: a request with that mark writes nothing, whatever it answers."""
    door.restore()
    acted = {}
    for cell in run.every_cell(door):
        address = cell.address
        if address.method == "GET" or address.is_api or cell.wanted != matrix.OK or cell.side != "own":
            continue
        path = address.path(door.app, world.own.get(address.line.about, {}))
        answer = door.ask(address.method, path, session=world.sessions.get(cell.who), data={SHOW: "1", "reason": "只是看看"})
        if answer.status_code >= 500 or set(door.written) - {run.SECURITY}:
            acted[address.name, cell.who] = (answer.status_code, list(door.written))
        answer.close()
    assert acted == {}


def test_no_cell_deviates(door: Door, world: World) -> None:
    door.restore()
    outcome = run.Outcome()
    before = digest(door.app)
    for cell in run.cells(door):
        run.ask(door, world, cell, outcome)
    print(f"{sum(outcome.cells.values())} cells: {dict(outcome.cells)}")
    assert outcome.wrong == []
    assert sum(outcome.cells.values()) > 8_000
    assert digest(door.app) == before
