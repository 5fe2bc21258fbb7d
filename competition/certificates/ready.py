"""The templates that come with the program, as data: what an organizer's own design will look like too.

A layout has a page and blocks with place and size in millimetres. Kinds of blocks: ``border`` and
``seal`` (drawings of ours), ``demo`` (printed for demonstrations only), ``qr``, and ``text``: its
``texts`` are tried in order, the first that can be filled is printed; an ``optional`` block may stay
empty. Sizes of type are points; type shrinks, down to 60 %, until a text fits its block.
"""

from typing import Any

Layout = dict[str, Any]

# Below the name: a person's employer; a team's union and its members.
UNIT = ("{单位}　队员：{队员}", "队员：{队员}", "{单位}")


def text(*texts: str, x: float, y: float, w: float, h: float, size: float, **more: Any) -> dict[str, Any]:
    """A block of text; further keys: align, weight, color, spacing, indent, leading, lang, lines, optional,
    bottom, label (words that only name what stands below)."""
    return {"kind": "text", "texts": list(texts), "x": x, "y": y, "w": w, "h": h, "size": size, **more}


def drawing(kind: str, x: float, y: float, w: float, h: float) -> dict[str, Any]:
    """A block that is no text."""
    return {"kind": kind, "x": x, "y": y, "w": w, "h": h}


def _frame(title: str, english: str) -> list[dict[str, Any]]:
    return [
        drawing("border", 0, 0, 297, 210),
        drawing("demo", 108.5, 185, 80, 7),
        text(title, x=48.5, y=27, w=200, h=23, size=50, weight=700, color="honour", align="center", spacing=0.3),
        text(english, x=48.5, y=51.5, w=200, h=7, size=11.5, color="soft", align="center", spacing=0.24, lang="en"),
    ]


def _foot() -> list[dict[str, Any]]:
    return [
        drawing("qr", 40, 149, 35, 35),
        text("证书编号", x=79, y=156.3, w=60, h=4.6, size=8.5, color="soft", label=True),
        text("{证书编号}", x=79, y=160.6, w=70, h=5.4, size=11),
        text("验证码（扫码或在查验页输入）", x=79, y=168.6, w=60, h=4.6, size=8.5, color="soft", label=True),
        text("{验证码}", x=79, y=172.9, w=70, h=5.4, size=11),
        drawing("seal", 223, 148, 40, 40),
        text("{颁证单位}", x=163, y=142, w=94, h=26, size=17, align="center", bottom=True, leading=1.45),
        text("{日期}", x=163, y=170, w=94, h=9, size=16, align="center"),
    ]


def _award() -> Layout:
    return {
        "format": 1, "page": {"size": "A4", "orientation": "landscape"},
        "blocks": [
            *_frame("获奖证书", "CERTIFICATE OF AWARD"),
            text("{姓名}：", x=40, y=65, w=217, h=14.5, size=29, lines=1),
            text(*UNIT, x=40.5, y=80, w=217, h=6.5, size=12.5, color="soft", lines=1, optional=True),
            text("在{赛事}中取得优异成绩，荣获", x=40, y=89.5, w=217, h=20, size=20.5, indent=2, leading=1.35),
            text("{项目} · {奖项}", x=40, y=109, w=217, h=17, size=33, weight=700, color="honour", align="center", lines=1),
            text("特发此证，以资鼓励。", x=40, y=127.5, w=217, h=10, size=20.5, indent=2),
            text("Awarded to {姓名拼音}: {奖项英文}, {项目英文}, {赛事英文}.", x=40, y=139, w=150, h=10, size=10, color="soft",
                 lang="en", lines=2, optional=True),
            *_foot(),
        ],
    }


def _participation() -> Layout:
    return {
        "format": 1, "page": {"size": "A4", "orientation": "landscape"},
        "blocks": [
            *_frame("参赛证书", "CERTIFICATE OF PARTICIPATION"),
            text("{姓名}：", x=40, y=68, w=217, h=14.5, size=29, lines=1),
            text(*UNIT, x=40.5, y=83, w=217, h=6.5, size=12.5, color="soft", lines=1, optional=True),
            text("于{竞赛日期}在{地点}参加{赛事}，特发此证，以资纪念。", "于{竞赛日期}参加{赛事}，特发此证，以资纪念。",
                 x=40, y=95, w=217, h=36, size=20.5, indent=2, leading=1.65),
            text("Awarded to {姓名拼音} for taking part in {赛事英文}.", x=40, y=135, w=150, h=10, size=10, color="soft",
                 lang="en", lines=2, optional=True),
            *_foot(),
        ],
    }


READY: dict[str, tuple[str, str, Layout]] = {
    "award": ("获奖证书（横版）", "Certificate of award, landscape", _award()),
    "participation": ("参赛证书（横版）", "Certificate of participation, landscape", _participation()),
}
