"""Keys of a rulebook: another key is followed wherever it is named, and nothing else changes."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from competition.contests import rules_acts as acts
from competition.contests.rules_keys import has_key, named, references, refused, rekeyed
from competition.contests.rules_outline import Document, Element, at, find, outline
from competition.scoring import rulebook as rulebooks
from tests.contests.test_rules_drawn import documents
from tests.scoring import corpus

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def keyed(document: Document) -> list[Element]:
    return [one for one in outline(document) if has_key(one)]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(document=documents(), data=st.data())
def test_a_key_is_followed_and_comes_back_to_the_letter(app: Any, document: Document, data: Any) -> None:
    one = data.draw(st.sampled_from(keyed(document)))
    old = at(document, one.steps)["key"]
    new = rekeyed(document, one, "quite_new")
    assert rulebooks.read(new)[1] == (), one.address
    assert at(new, one.steps)["key"] == "quite_new"
    there = next(each for each in outline(new) if each.steps == one.steps and not each.side)
    assert json.dumps(rekeyed(new, there, old)) == json.dumps(document)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(document=documents(), data=st.data())
def test_what_is_taken_out_with_its_references_is_named_nowhere(app: Any, document: Document, data: Any) -> None:
    one = data.draw(st.sampled_from(keyed(document)))
    gone = acts.remove(document, one, with_references=True)
    known = {at(gone, each.steps)["key"] for each in keyed(gone)}
    assert all(name is None or name[0] in known for each in named(gone) for name in each.names), one.address


@pytest.mark.parametrize(("address", "where"), [
    ("events/basic", {"totals/practical"}),
    ("totals/practical", {"totals/overall", "totals/overall/@ranking"}),
    ("events/basic/criteria/technique", {"events/basic/@ranking"}),
])
def test_who_names_a_thing(app: Any, address: str, where: set[str]) -> None:
    document = json.loads(json.dumps(corpus.READY["lamian"]))
    document["events"][1]["ranking"]["ties"].append({"figure": "technique", "order": "desc"})
    one = find(document, address)
    assert one is not None
    assert where <= {each.address for each, _steps in references(document, one)}


@pytest.mark.parametrize(("address", "key", "sentence"), [
    ("events/basic", "theory", "已经用在别处"), ("events/basic", "overall", "已经用在别处"), ("events/basic", "Basic", "小写字母"),
    ("events/basic/criteria/technique", "score", "已经用在别处"), ("events/basic/criteria/technique", "hygiene", "已经用在别处"),
    ("events/basic", "", "小写字母"), ("events/basic", "x" * 41, "小写字母"),
])
def test_a_key_that_cannot_be(app: Any, address: str, key: str, sentence: str) -> None:
    one = find(corpus.READY["lamian"], address)
    assert one is not None
    assert sentence in refused(corpus.READY["lamian"], one, key)
    assert refused(corpus.READY["lamian"], one, "quite_new") == ""
