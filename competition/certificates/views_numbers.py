"""The page on which a union says how it numbers its certificates."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from competition.certificates import rules, service
from competition.certificates.forms_numbers import NumberingForm
from competition.certificates.pages import KINDS, STAFF, Answer, blueprint, load_contest
from competition.certificates.queries_numbers import numbering_of
from competition.certificates.rules_numbers import Numbering, number_of
from competition.contests.models import Contest
from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.formats import in_zone
from competition.core.forms import try_verb
from competition.organisations.queries import union_scope


@blueprint.get(f"{STAFF}/numbers")
@act("certificates.look")
def numbers(contest_id: uuid.UUID) -> str:
    """How the contest's host numbers, with an example of each kind."""
    contest = load_contest(contest_id, "certificates.look")
    return _page(contest, NumberingForm(formdata=None).show(numbering_of(contest.host_union_id)))


@blueprint.post(f"{STAFF}/numbers")
@act("certificates.numbering")
def set_numbers(contest_id: uuid.UUID) -> Answer:
    """Number otherwise from the next batch on: for all contests of the union, so the union's own office alone may."""
    contest, form = load_contest(contest_id, "certificates.look"), NumberingForm()
    check(current_actor(), "certificates.numbering", union_scope(contest.host_union_id))
    if form.validate_on_submit() and try_verb(
            form, lambda: service.set_numbering(contest.host_union_id, form.numbering(), actor=current_actor(), at=now())):
        flash(_("已保存。从下一批签发的证书起按新规则编号，已签发的编号不变。"), "success")
        return redirect(url_for("certificates.numbers", contest_id=contest.id), 303)
    return _page(contest, form), form.status


def _page(contest: Contest, form: NumberingForm) -> str:
    rule = numbering_of(contest.host_union_id)
    can_set = may(current_actor(), "certificates.numbering", union_scope(contest.host_union_id))
    examples = [(word, _example(contest, rule, kind)) for kind, word in KINDS.items()]
    return render_template("certificates/numbers.html", contest=contest, form=form, examples=examples, can_set=can_set)


def _example(contest: Contest, rule: Numbering, kind: str) -> str:
    letter, year = rule.letters.get(kind) or rules.KIND_CODES[kind], in_zone(now(), contest.zone).year
    return number_of(rule.series(contest.host_union.region_code, year, contest.code, letter), 1, rule.digits)
