"""The workbook of formulas: every figure as a formula over the marks, so that a person can recompute it anywhere."""

import uuid

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.exports import hand_out
from competition.core.live_sheets import write_pages
from competition.core.taken import declare, take
from competition.results import queries
from competition.results.drafting import draft
from competition.results.gathering import gather
from competition.results.live.book import live_pages
from competition.results.pages import BASE, Answer, blueprint, load_whole
from competition.results.standing import Computed

# Marks of every judge, and names as soon as the codes are opened.
LIVE = declare("results.live", lazy_gettext("复算表"), is_personal=True)


@blueprint.route(f"{BASE}/live.xlsx", methods=["GET", "POST"])
@act("results.book")
def live_xlsx(contest_id: uuid.UUID) -> Answer:
    """Marks, sums, ranks and prizes as formulas; by code as long as the codes are closed."""
    contest, actor, at = load_whole(contest_id, "results.book"), current_actor(), now()
    # Derivations are part of what was published, and compared with it; the question for the purpose needs none.
    computed, gathered = gather(contest_id, explained=request.method == "POST")
    shown = [computed.scopes[scope].key for scope in computed.scopes if computed.is_shown(scope)]
    rows = sum(len(computed.scores.rows(key)) for key in shown)

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(LIVE, purpose=purpose, rows=rows, subject=("contest", contest.id), actor=actor, at=at, zone=contest.zone,
                     chain=contest.id, details={"rulebook": computed.version.digest})
        book = live_pages(computed.rulebook, gathered.entries, gathered.told, gathered.decisions, computed.scores,
                          label=computed.label, facts=_facts(computed), only=shown)
        return write_pages(book.pages, taken=taken), _("复算表-%(code)s.xlsx", code=contest.code)

    return hand_out(LIVE, rows=rows, back=url_for("results.overview", contest_id=contest.id), make=make, contest=contest)


def _facts(computed: Computed) -> list[str]:
    """Which rules were used, and how these figures stand to those published. Of the record: Chinese."""
    found = [f"{computed.contest.name}；评分规则第 {computed.version.number} 版，校验值 {computed.version.digest[:16]}。"]
    published = queries.current_publications(computed.contest.id)
    made = draft(computed, published) if published else {}
    for scope, publication in published.items():
        same = scope in made and made[scope].digest == publication.payload_digest
        found.append(f"{publication.scope_name}：已发布第 {publication.version} 版，"
                     + ("本表与其一致。" if same else "本表按现在的记录计算，与其不一致。"))
    return found
