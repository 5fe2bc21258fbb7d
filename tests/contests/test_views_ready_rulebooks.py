"""Every ready rulebook is taken by a contest on its page, and read there."""

import html
from typing import Any

import pytest
from flask.testing import FlaskClient

from competition.contests import queries, service
from competition.contests.models import Contest
from tests.contests.test_views_staff import fields
from tests.scoring.ready import KEYS, leaves

NEW = sorted(set(KEYS) - {"lamian"})


def take(organizer: FlaskClient, contest: Contest, key: str) -> tuple[str, dict[str, Any]]:
    """Choose a ready rulebook; where its page is, and the document."""
    address = f"/manage/contests/{contest.id}/rulebook"
    document = service.ready_rulebooks()[key]
    keep = [event["key"] for event in document["events"]]
    answer = organizer.post(f"{address}/ready", data={"key": key, "keep": keep, "seen": " ".join(keep), "reason": "测试采用"})
    assert (answer.status_code, answer.location) == (303, address)
    return address, document


@pytest.mark.parametrize("key", NEW)
def test_it_is_taken_and_read_in_both_languages(organizer: FlaskClient, contest: Contest, key: str) -> None:
    address, document = take(organizer, contest, key)
    assert queries.load_rules(queries.current_rulebook(contest.id)).key == key
    page = html.unescape(organizer.get(address).get_data(as_text=True))
    assert document["note"] in page
    items = [item for event in document["events"] for item in leaves(event.get("criteria", []))]
    assert [item["key"] for item in items if item["name"]["zh"] not in page or item["text"]["zh"] not in page] == []
    assert [rule["key"] for name in ("events", "totals", "teams") for rule in document[name] if rule["name"]["zh"] not in page] == []
    organizer.post("/language", data={"locale": "en"})
    page = html.unescape(organizer.get(address).get_data(as_text=True))
    assert [item["key"] for item in items if item["name"]["en"] not in page] == []


@pytest.mark.parametrize("key", NEW)
def test_its_events_are_added_and_announced(organizer: FlaskClient, contest: Contest, key: str) -> None:
    address, document = take(organizer, contest, key)
    events = address.removesuffix("rulebook") + "events"
    for event in document["events"]:
        form = fields(organizer.get(f"{events}/new?key={event['key']}").get_data(as_text=True))
        assert organizer.post(f"{events}/new", data=form | {"quota": "30"}).status_code == 303
    assert [event.name_zh for event in queries.get_contest(contest.id).events] == [event["name"]["zh"] for event in document["events"]]
    page = organizer.get(organizer.post(address.removesuffix("rulebook") + "notices/draft").location).get_data(as_text=True)
    assert [event["key"] for event in document["events"] if event["name"]["zh"] not in page] == []
