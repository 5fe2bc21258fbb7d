"""A rulebook as forms: nothing changes by itself, nothing is dropped; acts of shape; what refers to what; trying numbers."""

import copy
import json
from typing import Any

import pytest

from competition.contests import rules_acts as acts
from competition.contests import rules_trial
from competition.contests.rules_element import texts, with_texts
from competition.contests.rules_keys import references
from competition.contests.rules_outline import Document, Element, at, find, outline, place_of, unknown
from competition.contests.trying import try_case
from competition.scoring import rulebook as rulebooks
from tests.scoring import corpus

CASES = {key: case["rulebook"] for key, case in corpus.CASES.items() if isinstance(case["rulebook"], dict)}
DOCUMENTS: dict[str, Document] = {**corpus.ALL, **CASES}


def make(start: str, _name: str = "") -> str:
    return f"{start}99"


def element(document: Document, address: str) -> Element:
    found = find(document, address)
    assert found is not None, [one.address for one in outline(document)]
    return found


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_saving_without_a_change_changes_nothing(app: Any, name: str) -> None:
    document = DOCUMENTS[name]
    before = json.dumps(document)
    for one in outline(document):
        given = texts(one.fields, at(document, one.steps))
        after, refused = with_texts(document, one, given, make)
        assert (json.dumps(after), refused) == (before, []), one.address


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_key_of_the_format_has_a_field(app: Any, name: str) -> None:
    document = DOCUMENTS[name]
    missing = {}
    for one in outline(document):
        item = at(document, one.steps)
        if unknown(one, item):
            missing[one.address] = unknown(one, item)
        for spec in one.fields:
            missing |= {f"{one.address}/{spec.key}": lost for lost in [unasked(spec, item.get(spec.key))] if lost}
    assert missing == {}


def unasked(spec: Any, value: Any) -> list[str]:
    """Keys within a value for which its table has no field."""
    known = {one.key: one for one in spec.fields}
    if isinstance(value, list):
        return [lost for one in value for lost in unasked(spec, one)] if spec.type == "rows" else []
    if spec.type not in ("object", "rows") or not isinstance(value, dict):
        return []
    lost = [key for key in value if key not in known and not (spec.made and key == "key")]
    return lost + [inner for key, one in value.items() if key in known for inner in unasked(known[key], one)]


def test_what_no_form_knows_is_never_dropped(app: Any) -> None:
    document = copy.deepcopy(corpus.READY["lamian"])
    item = document["events"][1]["criteria"][0]
    item["secret"], item["name"]["note"] = {"a": [1]}, "n"
    one = element(document, f"events/basic/criteria/{item['key']}")
    after, refused = with_texts(document, one, {**texts(one.fields, item), "name-zh": "新名称"}, make)
    new = at(after, one.steps)
    assert refused == []
    assert (new["name"]["zh"], new["name"]["note"], new["secret"]) == ("新名称", "n", {"a": [1]})
    assert unknown(one, new) == ["secret"]
    dropped, _refused = with_texts(after, one, {**texts(one.fields, new), "drop-secret": "y"}, make)
    assert "secret" not in at(dropped, one.steps)


def test_a_changed_figure_is_no_longer_published_and_a_changed_name_is(app: Any) -> None:
    document = copy.deepcopy(corpus.READY["lamian"])
    one = element(document, "events/basic/@time")
    given = texts(one.fields, at(document, one.steps))
    assert at(document, one.steps)["time"]["source"] == "published"
    after, _refused = with_texts(document, one, {**given, "time-limit_s": "３５：30"}, make)
    assert (at(after, one.steps)["time"]["limit_s"], at(after, one.steps)["time"]["source"]) == (2130, "default")
    said, _refused = with_texts(document, one, {**given, "time-note": "另一句说明"}, make)
    assert at(said, one.steps)["time"]["source"] == "published"


@pytest.mark.parametrize(("field", "text", "sentence"), [
    ("max", "四十", "请填数字"), ("max", "1e3", "请填数字"), ("attempts", "1.5", "请填整数"), ("take", "worst", "请选择一项"),
])
def test_texts_that_do_not_fit_are_refused_at_their_field(app: Any, field: str, text: str, sentence: str) -> None:
    document = corpus.READY["lamian"]
    one = next(each for each in outline(document) if each.kind == "criterion" and each.variant == "points")
    after, refused = with_texts(document, one, {**texts(one.fields, at(document, one.steps)), field: text}, make)
    assert after == document
    assert [name for name, _said in refused] == [field]
    assert sentence in refused[0][1]


def test_what_is_filled_in_counts_though_its_box_was_not_ticked(app: Any) -> None:
    document = copy.deepcopy(corpus.READY["lamian"])
    del document["events"][1]["time"]
    one = element(document, "events/basic/@time")
    given = texts(one.fields, at(document, one.steps))
    after, refused = with_texts(document, one, {**given, "time-limit_s": "10", "time-over-unit_s": "1", "time-over-count": "full"}, make)
    assert refused == []
    assert at(after, one.steps)["time"] == {"limit_s": 600, "over": {"unit_s": 60, "count": "full"}}
    # Unticked where it was there: taken out.
    again = {key: text for key, text in texts(one.fields, at(after, one.steps)).items() if key != "time-over-on"}
    assert at(with_texts(after, one, again, make)[0], one.steps)["time"] == {"limit_s": 600}


def test_a_plain_mean_keeps_no_trimming(app: Any) -> None:
    document = corpus.READY["lamian"]
    one = element(document, "events/basic/@judging")
    after, _refused = with_texts(document, one, {**texts(one.fields, at(document, one.steps)), "panel-method": "mean"}, make)
    assert rulebooks.load(after).event("basic").panel.method == "mean"


def test_faults_lead_to_their_thing_and_field(app: Any) -> None:
    document = corpus.READY["lamian"]
    one, field = place_of(document, "/events/1/time/over/points")
    assert (one.address, field) == ("events/basic/@time", "time-over-points")
    one, field = place_of(document, "/events/1/criteria/0/max")
    assert (one.kind, field) == ("criterion", "max")
    assert place_of(document, "/rounding/event/places")[0].address == "@rounding"
    assert place_of(document, "/key")[0].address == ""


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kinds in acts.CHOICES.items() for kind, _label, _help in kinds])
def test_every_kind_can_be_added_and_has_a_form(app: Any, name: str, kind: str) -> None:
    document = corpus.READY["lamian"]
    home = {"criteria": "events/basic", "deductions": "events/basic", "awards": "totals/overall"}.get(name, "")
    after, place = acts.add(document, element(document, home).steps, name, acts.fresh(name, kind, make))
    one = next(each for each in outline(after) if each.steps == place and not each.side)
    assert unknown(one, at(after, place)) == []
    given = texts(one.fields, at(after, place))
    assert with_texts(after, one, given, make) == (after, [])


@pytest.mark.parametrize("kind", [kind for kind, _label, _help in acts.CRITERIA if kind != "group"])
def test_a_criterion_turns_into_every_kind_and_keeps_its_key(app: Any, kind: str) -> None:
    document = corpus.READY["lamian" if kind != "points" else "masonry"]
    one = next(each for each in outline(document) if each.kind == "criterion" and each.variant != kind)
    old = at(document, one.steps)
    new = at(acts.turn(document, one, kind), one.steps)
    assert (new["key"], new["name"], new["kind"]) == (old["key"], old["name"], kind)
    turned = acts.turn(document, one, kind)
    assert unknown(next(each for each in outline(turned) if each.steps == one.steps and not each.side), new) == []


def test_taking_out_an_event_takes_out_what_refers_to_it(app: Any) -> None:
    document = corpus.READY["lamian"]
    one = element(document, "events/basic")
    found = [where.address for where, _steps in references(document, one)]
    assert "totals/practical" in found
    after = acts.remove(document, one, with_references=True)
    assert "basic" not in json.dumps(after["totals"])
    kept = acts.remove(document, one, with_references=False)
    assert any("basic" in fault.say() for fault in rulebooks.read(kept)[1])


def test_a_criterion_moves_into_a_group_and_a_copy_has_its_own_key(app: Any) -> None:
    document = corpus.READY["lamian"]
    with_group, place = acts.add(document, ("events", 1), "criteria", acts.fresh("criteria", "group", make))
    one = next(each for each in outline(with_group) if each.kind == "criterion" and each.scope == ("events", 1))
    home = next(each for each in acts.homes(with_group, one) if each.steps == place)
    moved = acts.move(with_group, one, home)
    assert next(each for each in outline(moved) if each.kind == "group").address == "events/basic/criteria/g99"
    assert at(moved, ("events", 1, "criteria", place[-1] - 1, "criteria", 0)) == at(document, one.steps)  # type: ignore[operator]
    twice, there = acts.duplicate(document, one, make)
    assert at(twice, there)["key"] != at(twice, one.steps)["key"]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_sample_numbers_fit_every_rulebook_and_are_counted_twice_alike(app: Any, name: str) -> None:
    document = DOCUMENTS[name]
    book = rulebooks.load(document)
    typed = {event.key: rules_trial.with_samples(event, {}) for event in book.events}
    wrong = [(cell.name, cell.error) for event in book.events for grid in rules_trial.grids(event, typed[event.key])
             for line in (*grid.marks, *grid.figures) for cell in line.cells if cell.error]
    assert wrong == []
    tried = try_case(rules_trial.case_of(document, book, typed))
    assert tried.differences == ()
    assert all(rows for rows in tried.scores.events.values())
