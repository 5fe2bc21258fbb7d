"""Everything hostile at every address: always an answer in words, never an error of the server; the list for reviewers is true."""

from collections.abc import Iterator

import pytest

from competition.core.database import db
from tests.access_matrix.browser import Door
from tests.hostile import nasties
from tests.hostile.listing import DOCUMENT, differences, listing
from tests.hostile.targets import EVERYBODY, build_hostile_world, parameters, taken_names, targets
from tests.hostile.walk import FIELD, Walk, walk
from tests.house import build_to_be_asked

pytestmark = pytest.mark.timeout(2400)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The walk, once for all tests."""
    instance = tmp_path_factory.mktemp("hostile")
    app = build_to_be_asked(instance)
    door, world = Door(app, instance / "kept.db"), build_hostile_world(app)
    door.keep()
    yield walk(door, world)
    with app.app_context():
        db.engine.dispose()


def test_nothing_is_answered_wrongly(done: Walk) -> None:
    assert done.wrong == [], "\n".join(done.wrong[:50])


def test_the_list_for_reviewers_is_true(done: Walk) -> None:
    assert differences(DOCUMENT.read_text(encoding="utf-8"), listing(done)) == [], "run: python -m tests.hostile"


def test_the_walk_went_everywhere(done: Walk) -> None:
    """Nobody was sent away at the door, and what the pages read and show was found."""
    app, world = done.door.app, done.world
    asked = {target.address.rule.endpoint for target in targets(app, world)}
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - asked == set()
    assert done.door.ask("GET", "/account", session=world.sessions[EVERYBODY]).status_code == 200
    assert {"page", "q", "next", "contest", "year"} <= set(parameters())
    assert {"decision", "ids", "chosen"} <= set(taken_names())
    assert len(done.forms) > 90
    whole = [one.what for one in nasties.FIELDS if one.what not in nasties.ALONE]
    assert sum(sum(done.got[FIELD, what].values()) for what in whole) > len(done.forms) * (len(whole) // 2)
