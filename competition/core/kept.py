"""No form is lost: what was typed goes out again with the page that refuses it, and comes back into its form.

A refused POST (sign-in over, form of an older session, a rule, a fault of ours) is answered with a page that
carries the typed fields as hidden inputs: they live in the person's own page and nowhere else, neither in an
address nor in a log nor on the server. From there a POST marked ``SHOW`` brings them back to the address
they were meant for, and such a POST can do nothing: ``atomic()`` raises, so the view falls back to showing its
form as it does after a mistake. Works without JavaScript. Passwords and files cannot travel so.
"""

import json
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, flash, g, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response

from competition.core.errors import ShownOnly
from competition.core.intake import MOST_TEXT
from competition.core.paths import local_path

SHOW, BACK, FILES, CUT = "_show", "_back", "_files", "_cut"
# Never sent back, not even to the page of who typed them: an input would not show them anyway.
SECRET = frozenset({"password", "old", "again", "code", "csrf_token", "kept"})
HOME = "/"
# Of a form that is too large so much is read to find the words in it, and of the words so much is kept: it has to come back.
READ_AT_MOST = 64 * 1024 * 1024
KEPT_AT_MOST = MOST_TEXT * 3 // 4


@dataclass(frozen=True)
class Typed:
    """What somebody sent: to which address, from which page, the fields in order, how many files were with them, how many
    fields were too long to be kept."""

    to: str
    back: str
    fields: tuple[tuple[str, str], ...]
    files: int = 0
    cut: int = 0

    @property
    def text(self) -> str:
        """For one hidden input."""
        return json.dumps(asdict(self), ensure_ascii=False)


def init_kept(app: Flask) -> None:
    """Look for the mark before anything is done; must come after the form's token was checked."""
    app.before_request(_watch)
    app.register_error_handler(ShownOnly, _back_to_the_page)


def is_shown_only() -> bool:
    """Does this request bring typed fields back into their form, and nothing else?"""
    return request.method == "POST" and not request.is_json and _brought(SHOW) is not None


def _watch() -> None:
    g.shown_only = is_shown_only()


def end_of_act() -> None:
    """The answer stands: what is written from here on is not the act of who asked."""
    g.shown_only = False


def form_was_reached() -> None:
    """The sender may see this form, whatever is refused from here on: it would be shown again."""
    g.form_reached = True


def leads_back(status: int) -> bool:
    """Would a refusal with this status, sent back into its form, find the form there? Who may not come (in) any more
    is refused before it."""
    if status in (403, 404):
        return bool(g.get("form_reached"))
    return status != 401


def say_restored() -> None:
    """Tell that the fields are back and that nothing was done; once for each request."""
    if g.get("said_restored"):
        return
    g.said_restored = True
    flash(_("您刚才填写的内容都在，还没有提交。请核对后再提交。"), "warning")
    if request.form.get(FILES):
        flash(_("刚才选择的文件没有保留，请重新选择。"), "warning")
    if request.form.get(CUT):
        flash(_("太长的内容没有保留，请缩短后重新填写那一项。"), "warning")


def _back_to_the_page(_error: ShownOnly) -> Response:
    """A button without fields: back to the page where it stands."""
    flash(_("刚才的操作没有办理。如仍需要，请再办理一次。"), "warning")
    return redirect(local_path(request.form.get(BACK), HOME), 303)


def typed() -> Typed | None:
    """What this request carries that its sender would miss; None when there is nothing, or when it may come from
    another site: nobody shall find a stranger's words in his form."""
    if request.method != "POST" or request.endpoint is None or not _is_ours():
        return None
    try:
        form: MultiDict[str, str] = request.form
        files = sum(1 for each in request.files.values() if each.filename)
    except RequestEntityTooLarge:
        form, files = _without_files()
    except HTTPException:
        return None  # cannot be read
    form, cut = _what_fits(form)
    fields = tuple((name, value) for name, value in form.items(multi=True)
                   if name not in SECRET and not name.startswith("_") and not name.endswith("csrf_token"))
    return Typed(request.full_path.rstrip("?"), came_from(), fields, files, cut) if fields or files or cut else None


def _what_fits(form: MultiDict[str, str]) -> tuple[MultiDict[str, str], int]:
    """The shorter fields first, as long as there is room, in their own order; and how many had none. Nothing is cut in two."""
    sizes = [len(value.encode()) for _name, value in form.items(multi=True)]
    room, fits = KEPT_AT_MOST, set()
    for place in sorted(range(len(sizes)), key=sizes.__getitem__):
        room -= sizes[place]
        if room >= 0:
            fits.add(place)
    kept = [pair for place, pair in enumerate(form.items(multi=True)) if place in fits]
    return MultiDict(kept), len(sizes) - len(kept)


def _without_files() -> tuple[MultiDict[str, str], int]:
    """The words of a form whose files are too large: read to the end, the files thrown away while they come."""
    nothing: tuple[MultiDict[str, str], int] = (MultiDict(), 0)
    length = request.content_length or 0
    if request.mimetype != "multipart/form-data" or not 0 < length <= READ_AT_MOST or g.get("read_once"):
        return nothing
    g.read_once = True
    parser = FormDataParser(stream_factory=lambda *_told, **_more: _Nowhere(), max_form_memory_size=request.max_form_memory_size,
                            max_form_parts=request.max_form_parts)
    try:
        _stream, form, files = parser.parse(request.environ["wsgi.input"], request.mimetype, length, request.mimetype_params)
    except (HTTPException, ValueError):
        return nothing
    return form, sum(1 for each in files.values() if each.filename)


class _Nowhere(BytesIO):
    """Takes what it is given and keeps nothing."""

    def write(self, data: Any) -> int:
        return len(data)


def came_from() -> str:
    """The page where the form or button stood: what the browser says, or what was brought along."""
    said = urlsplit(request.referrer or "")
    path = f"{said.path}?{said.query}" if said.query else said.path
    return local_path(_brought(BACK), "") or (local_path(path, HOME) if said.netloc == request.host else HOME)


def _brought(name: str) -> str | None:
    try:
        return request.form.get(name)
    except HTTPException:
        return None  # too large to be read


def _is_ours() -> bool:
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")


def carried() -> Typed | None:
    """What a form for signing in carries along for another form."""
    return read_typed(request.form.get("kept"))


def read_typed(text: str | None) -> Typed | None:
    """What :attr:`Typed.text` wrote, after it has been to a browser and back; None when it is anything else."""
    try:
        given = json.loads(text or "")
        fields = tuple((str(name), str(value)) for name, value in given["fields"])
        to, back = local_path(given["to"], ""), local_path(given["back"], HOME)
        files, cut = int(given["files"]), int(given["cut"])
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return None
    return Typed(to, back, fields, files, cut) if to else None
