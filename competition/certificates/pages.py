"""What the views of this room share: the blueprint, the guards, how a file is answered."""

import uuid

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import queries, rules, rules_signing
from competition.certificates.models import Batch, Certificate
from competition.contests.models import Contest
from competition.contests.queries import contest_scope, get_contest
from competition.core.access import check, current_actor, may
from competition.core.errors import NotFound
from competition.core.files import StoredFile, send_stored
from competition.core.pictures import picture_of

blueprint = Blueprint("certificates", __name__)
STAFF = "/manage/contests/<uuid:contest_id>/certificates"
Answer = BaseResponse | str | tuple[str, int]
KINDS = {kind: lazy_gettext(word) for kind, word in rules.KINDS.items()}


def signed_fields() -> dict[str, str]:
    """What the fields of a signed code are called, by their names in it."""
    return {name: _("演示") if name == rules_signing.DEMO else str(rules.PLACEHOLDERS[name]) for name in rules_signing.FIELDS}


def load_contest(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may look at its certificates (else 404) and do ``act`` (else 403)."""
    contest = get_contest(contest_id)
    if not may(current_actor(), "certificates.look", contest_scope(contest)):
        raise NotFound(_("没有找到这项赛事，它可能已被移走，或您无权查看。"))
    check(current_actor(), act, contest_scope(contest))
    return contest


def load_batch(contest_id: uuid.UUID, batch_id: uuid.UUID, act: str) -> Batch:
    """A batch of a contest that the reader may do ``act`` on."""
    contest = load_contest(contest_id, act)
    return queries.get_batch(contest.id, batch_id)


def load_certificate(contest_id: uuid.UUID, certificate_id: uuid.UUID, act: str) -> Certificate:
    """A certificate of a contest that the reader may do ``act`` on."""
    contest = load_contest(contest_id, act)
    return queries.get_certificate(contest.id, certificate_id)


def answer_file(stored: StoredFile | None, name: str = "") -> Response:
    """The stored bytes as they are, saved as ``name``; 404 while there are none."""
    if stored is None:
        raise NotFound(_("这份文件还没有制作完成，请稍后再试。"))
    answer = send_stored(stored)
    if name:
        answer.headers.set("Content-Disposition", "attachment", filename=file_name(name))
    return answer


def file_name(text: str) -> str:
    """Words as the name of a file: without what parts folders or is not seen."""
    return "".join(char if char.isprintable() and char not in '\\/:*?"<>|' else "_" for char in text)


def answer_picture(pdf: bytes, page: int = 0, *, width: int = 1100) -> Response:
    """A page of a certificate as a picture that only who asked may keep, ``width`` pixels wide."""
    try:
        data = picture_of(pdf, page, width=width)
    except IndexError as error:
        raise NotFound(_("没有这一页。")) from error
    answer = Response(data, mimetype="image/png")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def picture_answer(found: Certificate, *, width: int = 1100) -> Response:
    """The picture of a certificate's stored file."""
    if found.file is None:
        raise NotFound(_("这份证书还没有制作完成，请稍后再看。"))
    return answer_picture(found.file.read(), width=width)
