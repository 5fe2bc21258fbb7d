"""What somebody wrote into every field of every form: on no page afterwards does it come back as a tag."""

from collections.abc import Iterator

import pytest
from flask import Flask

from competition.core.database import db
from tests.access_matrix.browser import Door
from tests.access_matrix.run import PAPERS
from tests.access_matrix.world import World
from tests.hostile.answers import faults_of
from tests.hostile.nasties import TAG
from tests.hostile.targets import EVERYBODY, Form, build_hostile_world, targets
from tests.hostile.walk import Walk, find_forms
from tests.house import build_to_be_asked

pytestmark = pytest.mark.timeout(1800)
WORDS = f"试{TAG}\"'&{{{{7*7}}}}"
# These end the sign-in of who asks.
ENDING = {"accounts.sign_out", "accounts.end_sign_in", "accounts.end_other_sign_ins", "accounts.change_password"}
# Names of people take no such letters: tests/accounts.
PLAIN = "试某某"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, World]]:
    instance = tmp_path_factory.mktemp("stored")
    app = build_to_be_asked(instance)
    door, made = Door(app, instance / "kept.db"), build_hostile_world(app)
    door.keep()
    yield door, made
    with app.app_context():
        db.engine.dispose()


def filled(form: Form, words: str) -> dict[str, str]:
    """The form as the page shows it, with these words wherever somebody types and nothing else fits."""
    return {name: words if name in form.typed and not value.isdecimal() else value for name, value in form.fields}


def write_everywhere(app: Flask, door: Door, world: World) -> set[str]:
    """Send every form with such words in it; the addresses that took them."""
    done = Walk(door, world)
    find_forms(done, targets(app, world))
    taken = set()
    for form in (each for each in done.forms.values() if each.target.address.rule.endpoint not in ENDING):
        for words in (WORDS, PLAIN):
            answer = door.ask("POST", form.action, session=world.sessions[EVERYBODY], data=filled(form, words))
            answer.close()
            if "audit_row" in door.written:
                taken.add(form.target.name)
                break
    return taken


def test_nothing_that_was_stored_comes_back_as_a_tag(world: tuple[Door, World]) -> None:
    door, made = world
    taken = write_everywhere(door.app, door, made)
    assert len(taken) > 25, sorted(taken)
    wrong, seen = [], 0
    for target in targets(door.app, made):
        if target.address.method == "GET" and target.address.rule.endpoint not in PAPERS:
            answer = door.ask("GET", target.path, session=made.sessions[EVERYBODY])
            text = answer.get_data(as_text=True) if answer.mimetype in ("text/html", "application/json") else ""
            seen += "onmouseover=kanarie" in text
            wrong += [f"{target.name}: {fault}" for fault in faults_of(answer)]
            answer.close()
    assert wrong == []
    assert seen > 15, "the words stand on pages, as words"
