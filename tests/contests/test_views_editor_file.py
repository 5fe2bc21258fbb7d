"""A rulebook as a file: taken into the draft, refused where no form could show it, handed out again; a ready one put in the draft."""

import copy
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from competition.contests import queries
from competition.contests.editing import Desk
from competition.contests.models import Contest
from competition.contests.rules_element import texts, with_texts
from competition.contests.rules_outline import Document, at, outline
from competition.contests.rules_shape import misshapen, parsed
from competition.scoring import rulebook as rulebooks
from tests.contests.test_rules_drawn import make
from tests.contests.test_views_editor import fields, text
from tests.contests.test_views_ready_rulebooks import take
from tests.scoring import corpus

JSONS = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x", "7.5", "group"]),
                     lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["key", "name", "zh", "kind"]), inner,
                                                                               max_size=2), max_leaves=5)


def send(organizer: FlaskClient, contest: Contest, data: bytes, **more: Any) -> Any:
    address = f"/manage/contests/{contest.id}/rulebook/edit/import"
    file = (io.BytesIO(data), "规则.json")
    return organizer.post(address, data={"seen": Desk.of(contest).seen, "file": file}, content_type="multipart/form-data", **more)


def test_a_file_becomes_the_draft_with_its_faults_and_comes_out_as_it_went_in(organizer: FlaskClient, contest: Contest) -> None:
    document = copy.deepcopy(corpus.READY["lamian"])
    document["events"][1]["full"] = "90.50"
    document["strange"] = [{"kept": "1.0"}]
    page = text(send(organizer, contest, json.dumps(document).encode(), follow_redirects=True))
    assert "文件的内容已成为草稿" in page
    assert "草稿有 2 处需要修改" in page
    assert queries.find_rulebook(contest.id) is None
    out = organizer.get(f"/manage/contests/{contest.id}/rulebook/edit/draft.json")
    assert json.dumps(out.get_json(), sort_keys=True) == json.dumps(document, sort_keys=True)
    assert list(json.loads(out.get_data(as_text=True))) == list(document)
    assert "没有改动" in text(send(organizer, contest, json.dumps(document).encode(), follow_redirects=True))


def test_a_file_over_a_draft_is_one_change_that_is_taken_back(organizer: FlaskClient, contest: Contest) -> None:
    page = f"{take(organizer, contest, 'lamian')[0]}/edit"
    organizer.post(f"{page}/act?at=events/basic", data={"do": "copy", "seen": Desk.of(contest).seen})
    before = Desk.of(contest).document
    assert "会被替换" in text(organizer.get(f"{page}/import"))
    send(organizer, contest, json.dumps(corpus.READY["welding"]).encode())
    assert Desk.of(contest).book.key == "welding"
    assert "导入文件 规则.json" in text(organizer.get(page))
    organizer.post(f"{page}/act", data={"do": "undo", "seen": Desk.of(contest).seen})
    assert Desk.of(contest).document == before
    stale = organizer.post(f"{page}/import", data={"seen": "v0", "file": (io.BytesIO(b"{}"), "x.json")})
    assert (stale.status_code, "别人改过这份草稿" in text(stale)) == (409, True)


@pytest.mark.parametrize(("data", "sentence"), [
    (b'{"format": 1,\n "key": }', "第 2 行第 9 列"), (b"\xff\xfe{}", "不是 UTF-8"), (b"[]", "最外层应是一个对象"),
    (b'{"a": NaN}', "无法计算的数值：NaN"), (b'{"key": "a", "key": "b"}', "“key”写了两次"), (b"[" * 100_000, "嵌套过深"),
    (b'{"a":' * 60 + b"1" + b"}" * 60, "嵌套过深"), (b'{"events": "theory"}', "应是一个列表"),
    (b'{"events": [{"kind": "oral"}]}', "没有这一种类型"), (b'{"name": ["x"]}', "应是文字"), (b"", "第 1 行第 1 列"),
])
def test_what_cannot_be_shown_is_refused_and_nothing_changes(
    organizer: FlaskClient, contest: Contest, data: bytes, sentence: str,
) -> None:
    answer = send(organizer, contest, data)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert Desk.of(contest).draft is None


def test_every_place_that_cannot_be_shown_is_named(organizer: FlaskClient, contest: Contest) -> None:
    document = copy.deepcopy(corpus.READY["lamian"])
    document["events"][1]["criteria"][0]["kind"] = "magic"
    document["events"][1]["panel"] = "mean"
    document["totals"] = {"overall": 1}
    page = text(send(organizer, contest, json.dumps(document).encode()))
    assert "文件中有 3 处无法读取" in page
    assert "手工拉面基本功 › panel" in page
    assert "手工拉面基本功 › 卫生与准备" in page


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(data=st.data())
def test_whatever_is_not_refused_opens_everywhere_and_stays_as_it_is(app: Any, data: Any) -> None:
    document: Document = copy.deepcopy(corpus.ALL[data.draw(st.sampled_from(sorted(corpus.ALL)))])
    for _n in range(data.draw(st.integers(1, 3))):
        places = list(_places(document))
        holder, key = places[data.draw(st.integers(0, len(places) - 1))]
        holder[key] = data.draw(JSONS)
    assert parsed(json.dumps(document).encode()) == document
    if misshapen(document):
        return
    rulebooks.read(document)
    before = json.dumps(document)
    for one in outline(document):
        after, _refused = with_texts(document, one, texts(one.fields, at(document, one.steps)), make)
        assert json.dumps(after) == before, one.address


def _places(value: Any) -> Any:
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def test_a_ready_rulebook_is_looked_at_put_in_the_draft_and_saved_with_its_events(organizer: FlaskClient, contest: Contest) -> None:
    address = f"/manage/contests/{contest.id}/rulebook"
    shown = text(organizer.get(f"{address}/ready?key=lamian"))
    assert "规则内容" in shown
    assert "手法与流畅" in shown
    sent = fields(shown[shown.index("<main"):]) | {"keep": [event["key"] for event in corpus.READY["lamian"]["events"]], "draft": "1"}
    there = organizer.post(f"{address}/ready?key=lamian", data=sent).location
    assert "已放入草稿" in text(organizer.get(there))
    assert queries.find_rulebook(contest.id) is None
    saving = text(organizer.get(f"{address}/edit/save"))
    assert "本赛事还没有的项目：理论知识、" in saving
    assert organizer.post(f"{address}/edit/save", data=fields(saving[saving.index("<main"):])).status_code == 303
    assert queries.current_rulebook(contest.id).number == 1
    assert set(queries.event_names(contest.id)) == {event["key"] for event in corpus.READY["lamian"]["events"]}
    assert Desk.of(contest).draft is None
