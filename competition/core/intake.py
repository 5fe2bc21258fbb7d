"""What every request is asked before anything looks at it: its address, its size, the number of its fields."""

from typing import Any

from flask import Flask, request
from flask_babel import gettext as _
from werkzeug.routing import IntegerConverter

from competition.core.characters import LAYOUT, fault_in
from competition.core.errors import RuleBroken

LONGEST_QUERY = 8_000
MOST_FIELDS = 5_000
MOST_BYTES = 24 * 1024 * 1024
MOST_TEXT = 2 * 1024 * 1024
MOST_PARTS = 2_000
# One field is read as far as this, so that the others can be handed back when it is too long.
LONGEST_FIELD = 16 * 1024 * 1024


class WholeNumber(IntegerConverter):
    """A number in an address: plain digits, and no more than a database column holds."""

    regex = r"[0-9]{1,9}"


def init_intake(app: Flask) -> None:
    """Bound what is read; must come before whatever else reads requests, and before the first address."""
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=LONGEST_FIELD, MAX_FORM_PARTS=MOST_PARTS)
    app.url_map.converters["int"] = WholeNumber
    app.before_request(_look)


def _look() -> None:
    if len(request.query_string) > LONGEST_QUERY:
        raise RuleBroken(_("网址太长了，请缩短搜索的文字后再试。"), code="query_too_long", status=414)
    told = (request.path, *(part for pair in request.args.items(multi=True) for part in pair))
    if any(character in LAYOUT for character in request.path):
        raise RuleBroken(_("网址中有换行或制表符，请删去后再试。"), code="address_characters", status=400)
    if any(fault_in(text) in ("control", "surrogate") for text in told):
        raise RuleBroken(_("网址中有看不见的控制字符，请删去后再试。"), code="address_characters", status=400)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        _look_where_from()
    if request.method in ("POST", "PUT", "PATCH"):
        _look_into_body()


def _look_where_from() -> None:
    """Every browser of today says from where a page sends something. Forms carry their token besides; tablets no cookie."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise RuleBroken(_("这个请求来自其他网站，没有办理。请回到本系统的页面再办理。"), code="other_site", status=403)


def _look_into_body() -> None:
    if request.mimetype == "application/json":
        # Forms would take their fields from it: JSON is for the programs' addresses alone.
        if not request.path.startswith("/api/"):
            raise RuleBroken(_("这个地址只接受网页表单，不接受 JSON。"), code="not_a_form", status=415)
        try:
            request.get_json(silent=True)
        except RecursionError as error:
            raise RuleBroken(_("JSON 的层数太多，未读取。"), code="json_too_deep", status=400) from error
    elif (request.content_length or 0) > MOST_TEXT and _text_size(request.form) > MOST_TEXT:
        raise RuleBroken(_("提交的文字太多：全部文字不超过 2 MB，没有办理。放得下的内容都会保留，请回到表单，缩短后再提交。"),
                         code="text_too_long", status=413)
    else:
        _count_fields(request.form)


def _text_size(form: Any) -> int:
    return sum(len(name) + len(value.encode()) for name, value in form.items(multi=True))


def _count_fields(form: Any) -> None:
    if sum(len(values) for values in form.listvalues()) > MOST_FIELDS:
        raise RuleBroken(_("一次提交的项目太多，请分几次提交。"), code="too_many_fields", status=413)
