"""The guides of ``docs/guides`` as pages: which one is whose, and what becomes of their text."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from PIL import Image

from competition.core.config import ROOT

FOLDER = ROOT / "docs" / "guides"
PICTURES = ROOT / "docs" / "pictures"

# By file name, in the order in which they are listed. A key with a dash after an earlier key is a further chapter of it.
GUIDES = {
    "contestant": _("选手、领队"),
    "clerk": _("工会审核员"),
    "clerk-activities": _("工会审核员：竞赛活动"),
    "county-clerk": _("县工会经办人：十分钟上报"),
    "organizer": _("组委会办公室：赛前准备"),
    "organizer-day": _("组委会办公室：比赛期间"),
    "organizer-results": _("组委会办公室：成绩、参赛人数"),
    "organizer-certificates": _("组委会办公室：证书"),
    "judge": _("裁判员"),
    "chief-judge": _("裁判长"),
    "arena": _("加密裁判、检录裁判、计时员、记分员"),
    "technician": _("赛场技术员"),
    "supervisor": _("监督仲裁"),
    "leader": _("领导"),
    "system": _("系统管理员、安全管理员、审计员"),
}
OF_ROLE = {
    "contestant": "contestant", "team_leader": "contestant", "clerk": "clerk", "organizer": "organizer", "judge": "judge",
    "chief_judge": "chief-judge", "scorekeeper": "arena", "timekeeper": "arena", "coding_judge": "arena", "check_in_judge": "arena",
    "supervisor": "supervisor", "administrator": "system", "security_officer": "system", "auditor": "system", "leader": "leader",
}


@dataclass(frozen=True)
class Guide:
    """A guide as a page: ``contents`` are the anchors and titles of its parts."""

    name: str
    title: str
    contents: tuple[tuple[str, str], ...]
    text: Markup


def guides_of(roles: Iterable[str]) -> list[str]:
    """The guides of these roles, each once; somebody without a role reads the contestant's."""
    return list(dict.fromkeys(OF_ROLE[role] for role in roles if role in OF_ROLE)) or ["contestant"]


def guide_href(roles: Iterable[str]) -> str:
    """The reader's own guide; the list where there are several."""
    own = guides_of(roles)
    return url_for("home.guide", name=own[0]) if len(own) == 1 else url_for("home.guide_list")


def read_guide(name: str) -> Guide:
    """One of :data:`GUIDES` from its file. Markup in the file is shown as text, never obeyed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    title = next(inner.content for token, inner in _headings(tokens, "h1"))
    contents = []
    for number, (token, inner) in enumerate(_headings(tokens, "h2"), 1):
        token.attrSet("id", f"part-{number}")
        contents.append((f"part-{number}", inner.content))
    for child in (child for token in tokens for child in token.children or ()):
        _lead_inside(child)
    text = reader.renderer.render(tokens[3:], reader.options, {})
    return Guide(name, title, tuple(contents), Markup(text))  # noqa: S704  (made from a file of ours, html switched off)


def _headings(tokens: list[Token], tag: str) -> Iterable[tuple[Token, Token]]:
    return ((token, inner) for token, inner in pairwise(tokens) if token.type == "heading_open" and token.tag == tag)


def _lead_inside(token: Token) -> None:
    """Pictures and links to other guides get the addresses that they have here."""
    if token.type == "image":
        stem = Path(str(token.attrs["src"])).stem
        token.attrs.update({"src": url_for("home.guide_picture", picture=stem), "loading": "lazy", **_size(stem)})
    elif token.type == "link_open":
        token.attrs["href"] = url_for("home.guide", name=Path(str(token.attrs["href"])).stem)


def _size(stem: str) -> dict[str, Any]:
    """Width and height, so that nothing moves when the picture comes; an upright one is a phone's."""
    path = PICTURES / f"{stem}.png"
    if not path.exists():
        return {}
    with Image.open(path) as picture:
        width, height = picture.size
    return {"width": width, "height": height, "class": "guide-phone" if height > width else "guide-desk"}
