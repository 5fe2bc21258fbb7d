"""Drawn rulebooks in the editor: everything opens, and what is sent back untouched leaves the document as it was, to the letter."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from flask import render_template_string
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import html

from competition.contests.forms_element import element_form
from competition.contests.rules_element import texts, with_texts
from competition.contests.rules_named import choices
from competition.contests.rules_outline import Document, at, outline, unknown
from competition.scoring import rulebook as rulebooks
from tests.recount.making import Maker

# Shrinking a rulebook takes minutes and says no more than the address that is named.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
HOLDERS = ("events", "totals", "teams", "criteria", "deductions", "awards")
PAGE = ('{% import "contests/_editor.html" as edit with context %}{% import "macros/forms.html" as forms %}'
        '{{ forms.start(form) }}{{ edit.specs(fields, "", form, {}) }}{{ forms.end() }}')


@st.composite
def documents(draw: Any) -> Document:
    """A sound rulebook; some of what may be left out is null, whole numbers are plain, and an amount has zeros at its end."""
    document = json.loads(json.dumps(Maker(draw).rulebook()))
    things = list(_things(document))
    for _n in range(draw(st.integers(0, 4))):
        draw(st.sampled_from(things))[draw(st.sampled_from(("note", "source")))] = None
    for one in things:
        for key in ("text", "ranking", "spread", "time", "ceiling", "rounding", "awards", "deductions", "totals", "teams", "outcomes"):
            if key in KNOWN.get(_kind(one), ()) and key not in one and draw(st.integers(0, 9)) == 0:
                one[key] = None
        for key in ("max", "full", "step"):
            if isinstance(one.get(key), str) and draw(st.integers(0, 4)) == 0:
                one[key] = int(one[key]) if one[key].isdigit() else f"{one[key]}0" if "." in one[key] else one[key]
    return document


KNOWN = {"root": ("totals", "teams", "outcomes"), "event": ("ranking", "spread", "time", "ceiling", "rounding", "awards", "deductions"),
         "criterion": ("text",)}


def _kind(one: Document) -> str:
    if "format" in one:
        return "root"
    return "event" if "criteria" in one and "panel" in one and one.get("kind") == "practical" else "criterion" if "max" in one else ""


def _things(document: Document) -> Iterator[Document]:
    yield document
    for name in HOLDERS:
        for one in document.get(name) or ():
            yield from _things(one)


def make(start: str, _name: str = "") -> str:
    return f"{start}99"


def sent(page: str) -> dict[str, str]:
    """What a browser would send of a page's form."""
    found: dict[str, str] = {}
    for field in html.fromstring(page).xpath("//form//input[@name] | //form//select[@name] | //form//textarea[@name]"):
        if field.get("type") not in ("checkbox", "radio", "submit") or field.get("checked") is not None:
            found[field.get("name")] = str(field.value or "")
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(document=documents())
def test_a_drawn_rulebook_sent_back_untouched_is_the_same_to_the_letter(app: Any, document: Document) -> None:
    assert rulebooks.read(document)[1] == ()
    before = json.dumps(document)
    for one in outline(document):
        item = at(document, one.steps)
        assert unknown(one, item) == []
        after, refused = with_texts(document, one, texts(one.fields, item), make)
        assert (json.dumps(after), refused) == (before, []), one.address


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(document=documents())
def test_the_forms_of_a_drawn_rulebook_bring_back_what_they_show(app: Any, document: Document) -> None:
    before, book = json.dumps(document), rulebooks.read(document)[0]
    with app.test_request_context():
        for one in outline(document):
            given_texts = texts(one.fields, at(document, one.steps))
            form = element_form(one, given_texts, choices(book, document, one), typed=False)
            typed = sent(render_template_string(PAGE, fields=one.fields, form=form))
            after, refused = with_texts(document, one, typed, make)
            assert (json.dumps(after), refused) == (before, []), one.address


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(document=documents(), data=st.data())
def test_what_a_faulty_document_holds_is_kept_too(app: Any, document: Document, data: Any) -> None:
    """Plain values of a wrong type and keys that nobody knows stay as they are until somebody changes them."""
    broken = copy.deepcopy(document)
    for one in data.draw(st.lists(st.sampled_from(list(_things(broken))), min_size=1, max_size=4)):
        key = data.draw(st.sampled_from(("max", "full", "name", "weight", "step", "note", "strange", "bonus", "key")))
        one[key] = data.draw(st.sampled_from((None, True, False, 7, "", " 8 ", "x")))
    before = json.dumps(broken)
    for one in outline(broken):
        after, _refused = with_texts(broken, one, texts(one.fields, at(broken, one.steps)), make)
        assert json.dumps(after) == before, one.address
