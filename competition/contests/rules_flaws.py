"""What is wrong with a draft, said as its forms speak: which thing, which of its fields, what to do. Pure."""

from dataclasses import dataclass

from flask_babel import lazy_gettext

from competition.contests.naming import READER
from competition.contests.rules_fields import LANGUAGES
from competition.contests.rules_outline import SIDES, Document, Element, at, place_of, title_of
from competition.core.words import say as _
from competition.scoring.reader import MISSING, NO_FIGURE, Fault

# Lists that are no fields of a form: their things have forms of their own.
LISTS = {"events": lazy_gettext("项目"), "criteria": lazy_gettext("评分项"), "totals": lazy_gettext("总成绩"),
         "deductions": lazy_gettext("扣分"), "awards": lazy_gettext("奖项"), "key": lazy_gettext("标识")}


@dataclass(frozen=True)
class Flaw:
    """One thing wrong: in which element, at which of its fields, the field's words, and the sentence."""

    element: Element
    field: str
    label: str
    sentence: str


def flaw_of(document: Document, fault: Fault) -> Flaw:
    """A fault of the reader at its place in the forms."""
    element, field = place_of(document, fault.path)
    told = dict(fault.values)
    if fault.message == MISSING:
        missing = told.get("key")
        field = field if field.rpartition("-")[2] == missing else f"{field}-{missing}".strip("-")
        label = label_of(element, field)
        return Flaw(element, field, label, _("请填写“%(column)s”。", column=label.rpartition(" › ")[2] or missing))
    if fault.message == NO_FIGURE:
        return Flaw(element, field, label_of(element, field), _("这里没有“%(name)s”这个数值，请重新选择。", name=told.get("name", "")))
    return Flaw(element, field, label_of(element, field), fault.say(READER))


def label_of(element: Element, field: str) -> str:
    """The words of a field by its name in the form: ``panel-drop_low``, ``tiers-0-name-zh``."""
    words, specs = list[str](), element.fields
    parts = field.split("-") if field else []
    for part in parts:
        spec = next((one for one in specs if one.key == part), None)
        if spec is not None:
            words += [] if spec.key == element.side or str(spec.label) == element.title else [str(spec.label)]
            specs = spec.fields
        elif part.isdigit():
            words.append(_("第 %(n)s 行", n=int(part) + 1))
        else:
            words += [str(label) for key, label in (*LISTS.items(), *LANGUAGES) if key == part and key != "zh"]
            specs = ()
    return " › ".join(words)


def whole_title(document: Document, element: Element) -> str:
    """What a thing is called, with what it stands in before it: 手工拉面基本功 › 裁判评分."""
    title = str(SIDES[element.side]) if element.side else element.title
    if not element.scope or (element.scope == element.steps and not element.side):
        return title
    return f"{title_of(at(document, element.scope))} › {title}"
