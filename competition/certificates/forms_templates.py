"""What a designer types: a block, the paper, a new template, a picture, a printer, what is printed on paper that has the rest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField

from competition.certificates.carrying import ASSET_KINDS
from competition.certificates.designing import OWN, PLACE, TEXTS, YES_NO
from competition.certificates.fonts import STACK
from competition.certificates.layout import BORDERS, COLORS, LANGUAGES, SLOTS
from competition.certificates.layout_words import FIELDS
from competition.certificates.layout_words import SLOTS as SLOT_WORDS
from competition.certificates.models import Template
from competition.certificates.models_templates import TemplateAsset, TemplatePrinter
from competition.certificates.ready import READY
from competition.core.forms import BaseForm, at_most, choices, chosen, one_line, optional, reads_as, required

ALIGNS = {"left": _("左对齐"), "center": _("居中"), "right": _("右对齐"), "justify": _("两端对齐")}
COLOR_WORDS = {"ink": _("黑"), "honour": _("暗金"), "soft": _("灰"), "lake": _("湖青"), "red": _("红"), "gold": _("金")}
LANG_WORDS = {"": _("中文"), "en": _("英文"), "bo": _("藏文")}
BORDER_WORDS = {"": _("金线（横）"), "portrait": _("金线（竖）"), "double": _("红金双线（横）"), "double-portrait": _("红金双线（竖）")}
LANGUAGE_WORDS = {"zh": _("中文"), "zh-en": _("中文、英文"), "zh-bo": _("中文、藏文")}
SIZE_WORDS = {"A4": "A4", "A3": "A3"}
TURNS = {"landscape": _("横向"), "portrait": _("竖向")}
ASSET_WORDS = {"seal": _("印章"), "signature": _("签名"), "logo": _("标志"), "background": _("底图")}


def read_mm(text: str) -> float:
    """Millimetres as they are typed; raises ValueError with a sentence."""
    try:
        found = float(text.replace("，", ".").replace(",", "."))
    except ValueError:
        found = float("nan")
    if not -1000 < found < 1000:
        raise ValueError(_("要写成数字，单位是毫米，例如 42 或 42.5。"))
    return found


class BlockForm(BaseForm):
    """One block; a kind of block has only some of the fields (``fields``)."""

    seen = HiddenField()
    text1 = TextAreaField(_("文字"))
    text2 = TextAreaField(_("缺少资料时改用"))
    text3 = TextAreaField(_("再缺少时改用"))
    text4 = TextAreaField(_("最后改用"))
    x = StringField(FIELDS["x"])
    y = StringField(FIELDS["y"])
    w = StringField(FIELDS["w"])
    h = StringField(FIELDS["h"])
    size = StringField(FIELDS["size"])
    align = SelectField(FIELDS["align"], choices=choices(ALIGNS.items()))
    weight = SelectField(FIELDS["weight"], choices=choices([(400, _("常规")), (700, _("加粗"))]))
    color = SelectField(FIELDS["color"], choices=choices((color, COLOR_WORDS[color]) for color in COLORS))
    spacing = StringField(FIELDS["spacing"])
    indent = StringField(FIELDS["indent"])
    leading = StringField(FIELDS["leading"])
    lang = SelectField(FIELDS["lang"], choices=choices(LANG_WORDS.items()))
    lines = StringField(FIELDS["lines"])
    font = SelectField(FIELDS["font"])
    asset = SelectField(_("本单位的图片"))
    slot = SelectField(_("签发时放入"))
    style = SelectField(FIELDS["style"], choices=choices((style, BORDER_WORDS[style]) for style in BORDERS))
    optional = BooleanField(_("资料都缺时可以空着"))
    bottom = BooleanField(_("从下往上排"))
    label = BooleanField(_("只是下面内容的标签"))
    preprinted = BooleanField(_("纸上已印好，套打时不印"))

    def offer(self, assets: Iterable[TemplateAsset], fonts: Iterable[str], own_font: str) -> "BlockForm":
        """Fill the choices; ``fonts``: the families of unions. A font that the block names stays one."""
        sized = [(one.sha256, f"{one.name} {one.width_mm:g}×{one.height_mm:g} mm") for one in assets]
        families = dict.fromkeys((*fonts, *STACK, *([own_font] if own_font else [])))
        offered = {"asset": choices(sized, empty=_("不用")), "slot": choices([(slot, SLOT_WORDS[slot]) for slot in SLOTS], empty=_("不用")),
                   "font": choices([(family, family) for family in families], empty=_("按顺序自动选"))}
        for name in offered.keys() & self._fields.keys():
            self[name].choices = offered[name]
        return self

    def typed(self) -> dict[str, str]:
        """What was typed, as ``designing.read_block`` reads it."""
        names = self._fields.keys() - {"seen", "csrf_token"}
        return {name: ("y" if self[name].data else "") if name in YES_NO else str(self[name].data or "") for name in names}


class PageForm(BaseForm):
    """The paper and the template's name."""

    seen = HiddenField()
    name = StringField(_("模板名称"), [required(), at_most(60)], filters=[one_line])
    english = StringField(_("英文名称"), [optional(), at_most(120)], filters=[one_line])
    size = RadioField(_("纸张"), choices=choices(SIZE_WORDS.items()))
    orientation = RadioField(_("方向"), choices=choices(TURNS.items()))
    bleed = StringField(_("出血"))
    language = SelectField(_("语言"), choices=choices((one, LANGUAGE_WORDS[one]) for one in LANGUAGES))


class BeginForm(BaseForm):
    """A new template: a copy of one of ours, or of one that the union has or inherits."""

    name = StringField(_("模板名称"), [required(), at_most(60)], filters=[one_line])
    source = SelectField(_("从哪一份开始"), [chosen()])
    size = RadioField(_("纸张"), choices=choices(SIZE_WORDS.items()), default="A4")
    orientation = RadioField(_("方向"), choices=choices(TURNS.items()), default="landscape")
    language = SelectField(_("语言"), choices=choices((one, LANGUAGE_WORDS[one]) for one in LANGUAGES), default="zh-en")

    def offer(self, templates: Sequence[Template]) -> "BeginForm":
        """Fill the choices: ``ready-…`` or the id of a template."""
        ours = choices([(f"ready-{kind}", one.label[0]) for kind, one in READY.items()], group=_("现成的"))
        own = choices([(str(one.id), one.name) for one in templates], group=_("本单位和上级单位的"))
        self.source.choices = [*ours, *own]
        return self


class TakeForm(BaseForm):
    """A template from a file."""

    file = FileField(_("模板文件（.zip）"))


class AssetForm(BaseForm):
    """A picture of the union."""

    file = FileField(_("图片（PNG 或 JPG）"))
    kind = SelectField(_("用途"), choices=choices((kind, ASSET_WORDS[kind]) for kind in ASSET_KINDS))
    name = StringField(_("名称"), [required(), at_most(60)], filters=[one_line])
    width_mm = StringField(_("实际宽度"), [required(), reads_as(read_mm)])
    slot = SelectField(_("签发时放在"), choices=choices([(slot, SLOT_WORDS[slot]) for slot in SLOTS], empty=_("不自动放")))


class PrinterForm(BaseForm):
    """A printer and how far its prints are moved."""

    name = StringField(_("打印机"), [required(), at_most(40)], filters=[one_line])
    right_mm = StringField(_("向右"), [required(), reads_as(read_mm)], default="0")
    down_mm = StringField(_("向下"), [required(), reads_as(read_mm)], default="0")


class OverprintForm(BaseForm):
    """Which certificates are printed on prepared paper, and on which printer."""

    printer = SelectField(_("打印机"))
    first = IntegerField(_("从第几份"), [required()], default=1)
    last = IntegerField(_("到第几份"), [required()])

    def offer(self, printers: Iterable[TemplatePrinter]) -> "OverprintForm":
        """Fill the choices."""
        named = [(str(one.id), _("%(name)s（向右 %(right)s，向下 %(down)s 毫米）", name=one.name, right=f"{one.right_mm:g}",
                                 down=f"{one.down_mm:g}")) for one in printers]
        self.printer.choices = choices(named, empty=_("不偏移"))
        return self


def block_form(kind: str, given: Mapping[str, Any], *, typed: bool) -> BlockForm:
    """The form of a block of this kind, with the fields that such a block has; ``typed``: as it was sent."""
    data = {name: value == "y" if name in YES_NO else value for name, value in given.items()}
    form = BlockForm(data=data) if typed else BlockForm(formdata=None, data=data)
    kept = {"seen", "csrf_token", *PLACE, *OWN[kind], *(TEXTS if kind == "text" else ())}
    for name in form._fields.keys() - kept:
        del form[name]
    return form
