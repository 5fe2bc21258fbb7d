"""A rulebook as a workbook and back: nothing is lost, nothing is another, whoever saves the file in between."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.contests.rules_shape import misshapen
from competition.contests.workbook import tables
from competition.contests.workbook.out import grids
from competition.contests.workbook.rest import rests
from competition.contests.workbook.whole import grids_of, reading_of
from competition.core.grids import Grid
from tests.contests import workbooks as files
from tests.recount.making import Maker
from tests.scoring import corpus

WIDE = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def back(document: dict[str, Any]) -> dict[str, Any]:
    """A document after it was cells."""
    reading = reading_of(grids_of(document, []), files.maker())
    assert (reading.unread, reading.ignored) == ([], [])
    return reading.document


def test_every_head_names_one_column(app: Any) -> None:
    for table in tables.tables():
        assert len(set(table.heads)) == len(table.heads), table.title
        assert len(table.title) <= 31


@pytest.mark.parametrize("name", sorted(files.DOCUMENTS))
def test_every_rulebook_comes_back_as_it_was(app: Any, name: str) -> None:
    document = files.DOCUMENTS[name]
    before = files.plain(document)
    assert files.plain(back(document)) == before
    assert files.plain(document) == before


@st.composite
def drawn(draw: Any) -> dict[str, Any]:
    """A rulebook as the second calculation's tests draw them."""
    found: dict[str, Any] = Maker(draw).rulebook()
    return found


@WIDE
@given(drawn())
def test_drawn_rulebooks_come_back_as_they_were(app: Any, document: dict[str, Any]) -> None:
    assert files.plain(back(document)) == files.plain(document)


def said(value: Any) -> Any:
    """What a value says, however it is written: no empty things, words and numbers as texts."""
    if isinstance(value, dict):
        inner = {key: one for key, held in value.items() if (one := said(held)) not in (None, "", [], {})}
        return inner["zh"] if list(inner) == ["zh"] else inner
    if isinstance(value, list):
        return [said(one) for one in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("name", sorted(files.DOCUMENTS))
def test_nobody_has_to_see_the_sheet_of_spellings(app: Any, name: str) -> None:
    """Without it every rule is there: it only says how the same thing was written."""
    document = files.DOCUMENTS[name]
    reading = reading_of(grids(document), files.maker())
    assert said(reading.document) == said(document)
    for one in rests(document, reading.document):
        assert said(json.loads(one.said or "null")) == (said(json.loads(one.written or "null")) or None), one


HARD: list[Any] = [
    {"note": " 前后有空格 "}, {"note": "=1+1"}, {"note": "两行\r\n文字\t后"}, {"note": "_x0041_"}, {"note": "\u202e反"},
    {"note": "長" * 40_000},
    {"totals": None}, {"outcomes": {}}, {"name": {"zh": "甲", "en": "", "bo": None}}, {"unknown": {"a": [1, None]}}, {"version": "3"},
    {"events": []}, {"events": None}, {"rounding": {"source": "default", "note": "都"}},
    {"name": {"zh": "甲", "source": "published", "note": "n"}}, {"note": "\ud800"}, {"key": "Not A Key"}, {"format": 2},
]


@pytest.mark.parametrize("odd", HARD, ids=lambda odd: json.dumps(odd)[:30])
def test_what_no_cell_can_hold_is_kept(app: Any, odd: dict[str, Any]) -> None:
    document = {**corpus.READY["lamian"], **odd}
    assert files.plain(files.read_back(files.written(document)).document) == files.plain(document)


TOP = st.sampled_from(["name", "note", "source", "key", "totals", "events", "teams", "rounding", "outcomes", "version"])
BELOW = st.sampled_from(["key", "name", "zh", "kind", "criteria", "places", "by", "tiers", "ranking", "ties", "time", "", "a/b"])
ANYTHING: Any = st.recursive(st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5), lambda inner: st.lists(
    inner, max_size=2) | st.dictionaries(BELOW, inner, max_size=3), max_leaves=12)


@WIDE
@given(st.dictionaries(TOP, ANYTHING))
def test_whatever_a_draft_holds_can_be_exported(app: Any, document: dict[str, Any]) -> None:
    found: list[Grid] = grids_of(document, [])
    read = reading_of(found, files.maker()).document
    assert misshapen(document) or files.plain(read) == files.plain(document)


@pytest.mark.parametrize("key", sorted(corpus.READY))
def test_the_file_of_a_ready_rulebook_comes_back(app: Any, key: str) -> None:
    reading = files.read_back(files.written(corpus.READY[key]))
    assert files.plain(reading.document) == files.plain(corpus.READY[key])
    assert (reading.unread, reading.faults, reading.ignored, reading.stamp) == ([], [], [], ["contest", "v1"])


def test_files_that_libreoffice_saved_again_come_back(app: Any) -> None:
    """Starting it takes some seconds; nothing else shows what another program does to the cells."""
    documents = {key: files.DOCUMENTS[key] for key in ("lamian", "welding", "kinds", "standing")}
    changed = files.saved_by_office({key: files.written(document) for key, document in documents.items()})
    for key, document in documents.items():
        reading = files.read_back(changed[key])
        assert files.plain(reading.document) == files.plain(document), key
        assert (reading.unread, reading.ignored, reading.stamp) == ([], [], ["contest", "v1"])


@pytest.mark.parametrize(("place", "said", "written"), [
    ("/teams", "", "5"), ("/totals", "", '{"a": 1}'), ("/events/0/criteria", "", '"x"'), ("/x", "", "[" * 5000), ("/y", "", "{no"),
    ("/z", "", '{"a":' * 100 + "1" + "}" * 100),
])
def test_nobody_breaks_the_editor_by_the_sheet_of_spellings(app: Any, place: str, said: str, written: str) -> None:
    document = corpus.READY["lamian"]
    found = grids_of(document, [])
    for grid in found:
        if grid.title == tables.SYSTEM:
            grid.rows.append([place, *([said] if said else []), "→", written])
    assert misshapen(reading_of(found, files.maker()).document) == []
