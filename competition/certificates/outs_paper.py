"""Papers of handing out: the register to sign, the script of the ceremony, labels for envelopes; as PDF and as workbook.

A name that the certificates print by a union's font or by a picture of a character is printed by the same here.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from competition.certificates import letters, queries_outs, rules_labels, rules_outs
from competition.certificates.fonts import STACK
from competition.certificates.models import Batch, Certificate
from competition.certificates.models_outs import HandOut
from competition.certificates.rules_labels import LabelSheet
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.core.paper import asset_path, paper_html, print_pdf
from competition.core.sheets import write_table
from competition.core.taken import Taken

# More than a person prints at once, and as much as one request sets while somebody waits.
MOST_LINES, MOST_LABELS = 3000, 1000
FOLDER = "certificates/paper/"


class Letters:
    """What names are printed with: fonts and pictures that the certificates' batches keep."""

    def __init__(self, certificates: Iterable[Certificate]) -> None:
        kept = {one.batch_id: one.batch.settings for one in certificates}.values()
        self.settings = [settings for settings in kept if settings.get("letters")]

    def write(self, name: str) -> Markup:
        """A name; where a character has a picture, that."""
        found = {char: digest for settings in self.settings for char, digest in letters.glyphs_kept(settings, name).items()}
        picture = Markup('<img class="glyph" alt="{}" src="asset:{}.png">')
        return Markup("").join(picture.format(char, found[char]) if char in found else escape(char) for char in name)

    def assets(self) -> dict[str, bytes]:
        """The style sheet of these papers, the fonts and the pictures, by name."""
        fonts = {font.family: font.data for settings in self.settings for font in letters.fonts_kept(settings)}
        faces = "".join(f'@font-face {{ font-family: "own-{n}"; src: url(asset:font-{n}.ttf) }}\n' for n, _family in enumerate(fonts))
        stack = ", ".join(f'"{family}"' for family in ("Noto Sans CJK SC", *STACK, *(f"own-{n}" for n, _family in enumerate(fonts))))
        style = f"{faces}body.paper {{ font-family: {stack} }}\n".encode() + asset_path("outs.css").read_bytes()
        pictures = {f"{digest}.png": data for settings in self.settings for digest, data in letters.pictures_kept(settings).items()}
        return {"outs.css": style, **pictures,
                **{f"font-{n}.ttf": data for n, data in enumerate(fonts.values())}}


@dataclass(frozen=True)
class Signed:
    """A line of the register to sign: the certificate and, where it is known already, who fetched it."""

    certificate: Certificate
    hand_out: HandOut | None

    @property
    def about(self) -> str:
        """Team and unit, where they are not the name itself."""
        data = self.certificate.data
        return "　".join(text for text in (data.get("代表队"), data.get("单位")) if text and text != data["姓名"])

    @property
    def words(self) -> str:
        """What is fetched."""
        return "".join(rules_outs.called_for(self.certificate.kind, self.certificate.data))

    @property
    def day(self) -> str:
        """The day on which it was fetched, when it was."""
        return self.hand_out.fetched_on.isoformat() if self.hand_out else ""

    @property
    def fetched(self) -> str:
        """Said in the column where somebody would sign."""
        return f"已领：{self.hand_out.fetched_by}" if self.hand_out else ""


def lines_to_sign(batch: Batch, group: str = "") -> dict[str, list[Signed]]:
    """The lines of the register by who fetches; of one of them when asked."""
    query = queries_outs.listed(batch.id, group=group)
    found = [Signed(certificate, hand_out) for certificate, hand_out in db.session.execute(query)]
    if len(found) > MOST_LINES:
        raise RuleBroken(_("名单超过 %(n)s 行，请按代表团分别打印。", n=MOST_LINES), code="too_many", status=422)
    return rules_outs.by_group((one.certificate.data, one) for one in found)


def sign_pdf(batch: Batch, groups: dict[str, list[Signed]], taken: Taken) -> bytes:
    """The register to sign, each delegation on pages of its own: nobody signs on the names of others."""
    written = Letters(one.certificate for group in groups.values() for one in group)
    return _pdf("sign.html", "证书领取签收表", taken, written, batch=batch, contest=batch.contest, groups=groups)


def sign_xlsx(groups: dict[str, list[Signed]], taken: Taken) -> bytes:
    """The same as a workbook of one sheet."""
    rows = [[group, n, one.certificate.name, one.about, one.words, one.certificate.number,
             one.hand_out.fetched_by if one.hand_out else "", one.day, ""]
            for group, lines in groups.items() for n, one in enumerate(lines, 1)]
    header = ["代表团或单位", "序号", "姓名或名称", "代表队、单位", "证书", "证书编号", "领取人", "领取日期", "签名"]
    return write_table("证书领取签收表", header, rows, taken=taken, widths=(24, 6, 18, 26, 26, 30, 14, 12, 18))


Order = list[tuple[tuple[str, str], list[queries_outs.OnStage]]]


def check_script(rows: int) -> None:
    """Raise when there are more names than one request sets as PDF while somebody waits; the workbook takes any number."""
    if rows > MOST_LINES:
        raise RuleBroken(_("名单超过 %(n)s 行，放不进一份主持词 PDF。请下载“颁奖顺序（Excel）”，或分批签发。", n=MOST_LINES),
                         code="too_many", status=422)


def script_pdf(batch: Batch, order: Order, taken: Taken) -> bytes:
    """What the host reads out, in large print."""
    written = Letters(one.certificate for _key, group in order for one in group)
    return _pdf("ceremony.html", "颁奖主持词", taken, written, batch=batch, contest=batch.contest, order=order)


def script_xlsx(order: Order, taken: Taken) -> bytes:
    """The same as a workbook, a line for each who is called."""
    everybody = [(event, award, one) for (event, award), group in order for one in group]
    rows = [[n, event, award, one.certificate.name, _reading(one), "、".join(f"{c.name}（{c.pinyin or '请问本人'}）" for c in one.called)
             if one.certificate.data.get("队员") else "", rules_outs.group_of(one.certificate.data), one.certificate.data.get("单位", ""),
             one.certificate.number] for n, (event, award, one) in enumerate(everybody, 1)]
    header = ["上台顺序", "项目", "奖项", "姓名或名称", "拼音", "队员", "代表团", "单位", "证书编号"]
    return write_table("颁奖顺序", header, rows, taken=taken, widths=(9, 20, 14, 18, 24, 40, 24, 26, 30))


def _reading(one: queries_outs.OnStage) -> str:
    return one.called[0].pinyin if [called.name for called in one.called] == [one.certificate.name] else ""


def label_texts(certificates: Sequence[Certificate], what: str) -> list[list[tuple[str, float]]]:
    """The lines of each label with the wanted size in points: of each certificate, or of each who fetches (``group``)."""
    if what == "group":
        groups = rules_outs.by_group((one.data, one) for one in certificates)
        return [[(group or "未编入代表团", 17), (f"证书 {len(found)} 份", 12)] for group, found in groups.items()]
    return [[line for line in ((rules_outs.group_of(one.data), 11), (one.name, 19),
             ("".join(rules_outs.called_for(one.kind, one.data)), 10), (one.number, 8.5)) if line[0]] for one in certificates]


def labels_pdf(certificates: Sequence[Certificate], sheet: LabelSheet, *, what: str, first: int) -> bytes:
    """Labels on A4; ``first``: the label of the first sheet that is still there, counted from 1. Raises RuleBroken."""
    texts, written = label_texts(certificates, what), Letters(certificates)
    if len(texts) > MOST_LABELS:
        raise RuleBroken(_("一次最多打印 %(n)s 张标签，请按代表团分别打印。", n=MOST_LABELS), code="too_many", status=422)
    labels: list[list[tuple[Markup, int]] | None] = [None] * (first - 1)
    points: dict[float, int] = {}
    for lines in texts:
        fitting = rules_labels.sizes(sheet, lines)
        if fitting is None:
            raise RuleBroken(_("“%(name)s”的标签放不下，请选用大一些的标签。", name=lines[1][0] if len(lines) > 1 else lines[0][0]),
                             code="label_too_small", status=422, field="sheet")
        named = [points.setdefault(size, len(points)) for size in fitting]
        labels.append([(written.write(text), size) for (text, _wanted), size in zip(lines, named, strict=True)])
    pages = [labels[start:start + sheet.count] for start in range(0, len(labels), sheet.count)]
    return _pdf("labels.html", "信封标签", None, written, pages=pages, style=_label_css(sheet, points))


def _label_css(sheet: LabelSheet, points: dict[float, int]) -> str:
    places = "".join(f".place-{n} {{ left: {x:.2f}mm; top: {y:.2f}mm }}\n" for n in range(sheet.count) for x, y in [sheet.place(n)])
    return (f".label {{ width: {sheet.width}mm; height: {sheet.height}mm }}\n{places}"
            + "".join(f".size-{n} {{ font-size: {size:.2f}pt }}\n" for size, n in points.items()))


def _pdf(template: str, title: str, taken: Taken | None, written: Letters, style: str = "", **values: Any) -> bytes:
    html = paper_html(FOLDER + template, paper_css="asset:paper.css", more_css="asset:outs.css", write=written.write, **values)
    assets = written.assets()
    return print_pdf(html, assets={**assets, "outs.css": assets["outs.css"] + style.encode()}, title=title, taken=taken)


def chosen(batch: Batch, group: str) -> list[Certificate]:
    """The certificates that labels are wanted for, all or of one who fetches."""
    found = [one for one in queries_outs.all_held(batch.id) if not group or rules_outs.group_of(one.data) == group]
    queries_outs.check_some(len(found))
    return found


def get_group(batch_id: uuid.UUID, name: str) -> str:
    """The name of one who fetches of this batch, or empty."""
    return name if name in {group for group, _all, _fetched in queries_outs.groups_of(batch_id)} else ""
