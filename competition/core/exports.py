"""The page on which a list is taken: what it is, what for, and the file itself as the answer of a POST.

A GET never hands a list out: taking one is an act, with its audit row.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import make_response, render_template
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField

from competition.core.files import XLSX
from competition.core.forms import BaseForm, at_most, one_line, try_verb
from competition.core.languages import on_record
from competition.core.taken import MOST, Export

SUGGESTED = (_("资格审核"), _("赛事组织"), _("颁奖和领取"), _("上报上级工会"), _("档案留存"))


class ExportForm(BaseForm):
    """What a list is taken for; not asked where it names nobody."""

    purpose = StringField(_("用途"), [at_most(MOST)], filters=[one_line])


def hand_out(
    export: Export, *, rows: int, back: str, make: Callable[[str], tuple[bytes, str]], **page: Any,
) -> Response | tuple[str, int]:
    """The page that asks, or after a POST the file.

    ``make`` is given the purpose and returns the bytes and the file's name (without personal data); it
    calls ``taken.take`` first, whose refusal is shown on the page. ``page`` goes to the template
    (``contest``). The caller has checked the right.
    """
    return ask_purpose(export, rows=rows, back=back, then=lambda purpose: file_answer(*_made(make, purpose)), **page)


def ask_purpose(
    export: Export, *, rows: int, back: str, then: Callable[[str], Response], **page: Any,
) -> Response | tuple[str, int]:
    """The page that asks, or after a POST what ``then`` answers: for lists that a job makes, the way to the job.

    ``then`` is given the purpose and calls ``taken.take``, whose refusal is shown on the page.
    """
    form = ExportForm()
    form.purpose.flags.required = export.is_personal
    if form.validate_on_submit():
        answer = try_verb(form, lambda: then(form.purpose.data or ""))
        if answer:
            return answer
    shown = render_template("core/export.html", export=export, rows=rows, back=back, form=form,
                            suggested=[str(word) for word in SUGGESTED], **page)
    return shown, form.status if form.is_submitted() else 200


def _made(make: Callable[[str], tuple[bytes, str]], purpose: str) -> tuple[bytes, str]:
    # A list that leaves the program is of the record: Chinese, whoever takes it.
    with on_record():
        return make(purpose)


def file_answer(data: bytes, name: str) -> Response:
    """A file to keep: its type by its name, nothing of it in a cache."""
    kind = {".pdf": "application/pdf", ".xlsx": XLSX}[name[name.rfind("."):]]
    return make_response(data, 200, {"Content-Type": kind, "Cache-Control": "private, no-store",
                                    "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"})
