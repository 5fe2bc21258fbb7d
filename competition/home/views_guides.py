"""How to use the program: the list of guides, each as a page, and their pictures."""

from flask import Response, render_template, send_from_directory
from flask_babel import gettext as _

from competition.core.access import act, current_actor
from competition.core.errors import NotFound
from competition.home.guides import GUIDES, PICTURES, guides_of, read_guide
from competition.home.views import blueprint

A_DAY = 24 * 60 * 60


@blueprint.get("/guides")
@act("home.guides")
def guide_list() -> str:
    """All guides, the reader's own first."""
    own = guides_of(held.role for held in current_actor().held)
    return render_template("home/guides.html", own=own, guides=GUIDES)


@blueprint.get("/guides/<name>")
@act("home.guides")
def guide(name: str) -> str:
    """One guide."""
    if name not in GUIDES:
        raise NotFound(_("没有这份使用说明。"))
    return render_template("home/guide.html", guide=read_guide(name))


@blueprint.get("/guides/pictures/<picture>.png")
@act("home.guides")
def guide_picture(picture: str) -> Response:
    """A picture of a guide."""
    answer = send_from_directory(PICTURES, f"{picture}.png", mimetype="image/png")
    # By the browser alone: the answer may carry the reader's cookie, which no cache between here and there may keep.
    answer.headers["Cache-Control"] = f"private, max-age={A_DAY}"
    return answer
