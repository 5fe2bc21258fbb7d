"""Every page that somebody can reach by links: nothing leads nowhere, nothing is wider than a phone, axe finds nothing."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from competition.core.access import act_of, table
from tests.screens import forms, world
from tests.screens.look import Looker
from tests.screens.walk import VISITOR, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(2400)]
# What no link of the demonstration leads to, and why.
WITHOUT_LINK = {
    "by a link that is handed over once": {"accounts.invited", "accounts.setup", "displays_screen.screen", "judging_tablet.tablet"},
    "after a form is sent": {
        "accounts.forgot_code", "accounts.help_request", "accounts.phone", "accounts.phone_code", "accounts.sign_up_code",
        "accounts.second_factor", "arena.badges", "arena.badges_file", "contests.choose_rulebook", "contests.marked_workbook",
        "judging.handover", "judging.imported", "judging.paper_sheet", "judging.paper_sheets",
        "registration.refused_rows", "registration.roster_preview", "results.book_pdf", "results.live_file", "results.explain_change",
        "results.rulebook_change", "results.rulebook_change_list", "certificates.verified",
        "certificates.verified_picture",
    },
    "in a state that the demonstration is not in": {
        "accounts.confirm_reset", "accounts.confirm_take_away", "arena.lineup",
        "judging.answer_key", "judging.ask_drop", "judging.take_back", "judging.key_template", "judging.faulty", "judging.absence",
        "certificates.font_sample", "certificates.glyph_picture", "certificates.glyphs",
        "certificates.preview", "certificates.preview_file", "certificates.preview_picked", "certificates.design",
        "certificates.design_file", "certificates.design_preview", "certificates.template_file", "certificates.template_picture",
        "judging.late", "judging.photo", "notices.attachment", "notices.preview_file",
        "organisations.confirm_end", "registration.entry_file", "registration.own_file",
        "results.sheet",
        "evaluation.file",
    },
    "of one thing of a rulebook; the walk opens the first page of the editor": {
        "contests.rekey_in_rulebook", "contests.remove_from_rulebook", "contests.save_rulebook", "contests.turn_in_rulebook",
    },
    "fetched by a page or a program": {
        "certificates.progress", "certificates.public_key", "certificates.public_keys", "certificates.revoked_badges",
        "certificates.revoked_list", "certificates.scan_shell", "certificates.scan_worker", "core.health", "displays_screen.code",
        "displays_screen.picture", "core.ready", "home.job_progress", "judging.board_state",
        "judging_api.description", "judging_api.own", "judging_api.pack", "judging_tablet.shell", "judging_tablet.worker",
        "organisations.employers", "returns_api.contests", "returns_api.figures", "returns_api.list_returns",
        "returns_api.one_return", "returns_api.one_snapshot", "returns_api.snapshots",
        "returns.import_progress", "counting.run_progress", "registration.roster_progress",
    },
}


def test_every_link_leads_somewhere(walked: Walk) -> None:
    assert walked.broken == []


def test_every_page_can_be_reached(app_to_walk: Flask, walked: Walk) -> None:
    pages = {rule.endpoint for rule in app_to_walk.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - walked.endpoints == set().union(*WITHOUT_LINK.values())


SILENT = "//main//text()[not(ancestor::script)][not(ancestor::*[starts-with(@lang, 'zh')])]"


def test_an_english_page_says_what_is_chinese(app_to_walk: Flask, walked: Walk) -> None:
    """Names and rulebooks are Chinese whoever reads: a screen reader is told so (WCAG 3.1.2)."""
    clients: dict[str, FlaskClient] = {}
    first = {page.endpoint: page for page in reversed(walked.pages)}
    silent = {}
    for page in first.values():
        if page.who not in clients:
            clients[page.who] = app_to_walk.test_client()
            if page.who != VISITOR:
                clients[page.who].post(f"/demo/sign-in/{page.who}")
            clients[page.who].post("/language", data={"locale": "en", "next": "/"})
        texts = html.fromstring(clients[page.who].get(page.path).text).xpath(SILENT)
        if texts := [text for text in map(str.strip, map(str, texts)) if re.search("[\u4e00-\u9fff]", text)]:
            silent[page.name] = texts[:3]
    for client in clients.values():
        client.post("/language", data={"locale": "zh_Hans_CN", "next": "/"})
    assert silent == {}


# Forms that begin something with a preview: shown again, they show the preview.
PREVIEWS = {"registration.batch", "returns.batch_returns"}


def test_no_form_loses_what_was_typed(app_to_walk: Flask, walked: Walk) -> None:
    """Every form, filled in by who sees it: shown again with all of it; and carried when the sign-in is over."""
    found = {}
    for form, client in forms.forms_of(app_to_walk, walked):
        missing = [] if form.endpoint in PREVIEWS else forms.lost(form, client)
        if must_be_signed_in(app_to_walk, form.endpoint):
            missing += forms.carried(form, app_to_walk)
        if missing:
            found[form.endpoint, form.page.name] = missing
    assert found == {}


def must_be_signed_in(app: Flask, endpoint: str) -> bool:
    """Is the form for people with an account?"""
    return table(app)[str(act_of(app, endpoint))].who in ("signed_in", "roles")


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(walked: Walk, inspector: Looker) -> None:
    first = {page.endpoint: page for page in reversed(walked.pages)}
    faults = [fault for page in first.values() for fault in inspector.look(page, ["phone", "desktop"])]
    assert faults == []


def test_every_page_can_be_read_at_twice_the_size(walked: Walk, looker: Looker) -> None:
    """A browser at 200 % has half the screen, at 400 % a quarter: nothing is to be scrolled sideways, and nothing is cut off."""
    first = {page.endpoint: page for page in reversed(walked.pages)}
    faults = [fault for page in first.values() for fault in looker.measure(page, ["half", "quarter"])]
    assert faults == []


def test_the_tablet_fits_every_size_and_is_accessible(app_to_walk: Flask, looker: Looker) -> None:
    assert looker.look_at_tablet(*world.card(app_to_walk)) == []
