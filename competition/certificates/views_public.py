"""What whoever holds a certificate sees: verification by its code, and the own certificates.

There is no way from a name or a number to a certificate. An unknown code gets the same page.
"""

import uuid
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.certificates import badges, queries, rules, rules_numbers, rules_signing, signing
from competition.certificates.models import Certificate
from competition.certificates.pages import KINDS, Answer, answer_file, blueprint, picture_answer, signed_fields
from competition.core.access import act, current_actor
from competition.core.errors import NotFound
from competition.core.limits import VERIFY, limiter

# What WeChat's own browser calls itself: it saves pictures, and many phones open no PDF in it.
IN_WECHAT = "MicroMessenger"
# A picture that somebody saves and hands on is read and printed elsewhere: 137 dots an inch.
SAVED = 1600


def private(answer: Response) -> Response:
    """No search engine keeps it, and no other site learns the code from a link."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/v")
@act("certificates.verify")
@limiter.limit(VERIFY)
def verify() -> Answer:
    """Type the code from the paper."""
    typed = request.args.get("code", "").strip()
    if rules_numbers.is_number(typed):
        # Said here: a code is read without its dashes and look-alikes, and a number would not be known again.
        page = render_template("certificates/verify.html", looked=True, typed=typed, is_number=True)
        return private(make_response(page, 404))
    if typed:
        return private(make_response(redirect(url_for("certificates.verified", code=rules_numbers.read_code(typed)[:60] or "-"), 303)))
    return private(make_response(render_template("certificates/verify.html", looked=False, typed="")))


@blueprint.get("/v/<code>")
@act("certificates.verify")
@limiter.limit(VERIFY)
def verified(code: str) -> Answer:
    """Everything that is printed on the certificate of this code, and whether it still holds."""
    found, plain = queries.find_by_code(code), rules_numbers.read_code(code)
    page = render_template(
        "certificates/verify.html", looked=True, typed=rules_numbers.grouped(plain[:60]), code=plain, certificate=found,
        facts_shown=facts_of(found), words=words_of(found), **signed_of(found), is_sample=plain == rules_numbers.SAMPLE,
        typed_signs=len(plain), signs=rules_numbers.CODE_LENGTH,
        is_number=rules_numbers.is_number(code))
    return private(make_response(page, 200 if found else 404))


def signed_of(found: Certificate | None) -> dict[str, Any]:
    """What the browser compares the signed part of a QR code with, and what came before and after."""
    if found is None:
        return {}
    return {"payload": rules_signing.letters(signing.payload_of(found)), "chain": queries.chain_of(found), "fields": signed_fields(),
            "keys": [signing.described(key) for key in signing.all_keys()]}


def facts_of(found: Certificate | None) -> list[tuple[str, str]]:
    """What the paper says, item by item."""
    return rules.shown_facts(found.batch.template.layout, found.data) if found else []


def words_of(found: Certificate | None) -> list[str]:
    """The text of the paper, block by block."""
    return rules.sentences(found.batch.template.layout, found.data) if found else []


@blueprint.get("/v/<code>/certificate.png")
@act("certificates.verify")
@limiter.limit(VERIFY)
def verified_picture(code: str) -> Response:
    """The paper itself, for comparing."""
    found = queries.find_by_code(code)
    if found is None:
        raise NotFound(_("没有找到这份证书。"))
    return private(picture_answer(found))


@blueprint.get("/my/certificates/<uuid:certificate_id>")
@act("certificates.own")
def own(certificate_id: uuid.UUID) -> str:
    """One of the reader's own certificates."""
    found = queries.own_certificate(certificate_id, current_actor())
    return render_template("certificates/own.html", certificate=found, facts_shown=facts_of(found), kinds=KINDS,
                           chain=queries.chain_of(found), in_wechat=IN_WECHAT in request.user_agent.string)


@blueprint.get("/my/certificates/<uuid:certificate_id>/certificate.pdf")
@act("certificates.own")
def own_file(certificate_id: uuid.UUID) -> Response:
    """The issued bytes as they are."""
    return answer_file(queries.own_certificate(certificate_id, current_actor()).file)


@blueprint.get("/my/certificates/<uuid:certificate_id>/badge.jwt")
@act("certificates.own")
def own_badge(certificate_id: uuid.UUID) -> Response:
    """The certificate as an Open Badge 3.0, for a wallet of the holder's choice."""
    found = queries.own_certificate(certificate_id, current_actor())
    answer = Response(badges.signed_badge(found), mimetype="application/vc+jwt")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.number}.jwt"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/my/certificates/<uuid:certificate_id>/certificate.png")
@act("certificates.own")
def own_picture(certificate_id: uuid.UUID) -> Response:
    """As a picture: some phones show no PDF."""
    return picture_answer(queries.own_certificate(certificate_id, current_actor()), width=SAVED)
