"""The form of one thing of a rulebook, made from its table of fields."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField

from competition.contests.rules_element import ON, ROW, row_numbers
from competition.contests.rules_fields import LANGUAGES, Spec
from competition.contests.rules_named import Pairs, with_present
from competition.contests.rules_outline import Element
from competition.core.forms import BaseForm, at_most, choices, required, strip

Given = Mapping[str, str]
MOST_ROWS = 60
MOST_WORDS = 2000


class ElementForm(BaseForm):
    """``numbers``: the rows of each list by the list's name."""

    numbers: dict[str, list[int]] = {}

    seen = HiddenField()

    def filled(self, specs: Iterable[Spec], prefix: str) -> int:
        """How many of these say something."""
        return sum(1 for spec in specs if self._is_filled(spec, prefix + spec.key))

    def _is_filled(self, spec: Spec, name: str) -> bool:
        if spec.type in ("rows", "texts"):
            return bool(self.numbers.get(name))
        if spec.type == "choice":
            return bool(self[name].data) and self[name].data != spec.choices[0][0]
        own = {"object": f"{name}-{ON}", "words": f"{name}-zh"}.get(spec.type, name)
        return bool(self[own].data)


class Maker:
    """Makes the fields for what a form is to show."""

    def __init__(self, given: Given, references: Mapping[str, Pairs]) -> None:
        self.given = given
        self.references = references
        self.numbers: dict[str, list[int]] = {}

    def all(self, specs: Iterable[Spec], prefix: str = "") -> Iterator[tuple[str, Field]]:
        """(name, field) of everything, whether it is there now or may come."""
        for spec in specs:
            yield from self.one(spec, prefix + spec.key)

    def one(self, spec: Spec, name: str) -> Iterator[tuple[str, Field]]:
        """The fields of one spec."""
        if spec.type == "object":
            if not spec.required:
                yield f"{name}-{ON}", BooleanField(spec.label, description=spec.help)
            yield from self.all(spec.fields, f"{name}-")
        elif spec.type in ("rows", "texts"):
            self.numbers[name] = row_numbers(self.given, name)[:MOST_ROWS]
            for number in self.numbers[name]:
                yield f"{name}-{number}-{ROW}", HiddenField()
                yield from _words(spec, f"{name}-{number}") if spec.type == "texts" else self.all(spec.fields, f"{name}-{number}-")
        elif spec.type == "words":
            yield from _words(spec, name)
        else:
            yield name, self.single(spec, name)

    def single(self, spec: Spec, name: str) -> Field:
        """The field of a single value."""
        if spec.type == "flag":
            return BooleanField(spec.label, description=spec.help)
        if spec.type in ("choice", "answer"):
            present = self.given.get(name, "")
            pairs = list(spec.choices) if not spec.required else [("", _("请选择")), *spec.choices]
            return SelectField(spec.label, choices=choices(with_present(pairs, present) if present else pairs), description=spec.help)
        if spec.type == "ref":
            found = with_present(self.references.get(spec.choices_of, []), self.given.get(name, ""))
            return SelectField(spec.label, choices=choices(found, empty=_("（未选）")), description=spec.help)
        make = TextAreaField if spec.type == "long" else StringField
        return make(spec.label, [at_most(MOST_WORDS)], filters=[strip], description=spec.help)


def _words(spec: Spec, name: str) -> Iterator[tuple[str, Field]]:
    for code, label in LANGUAGES:
        own = spec.label if code == "zh" else label
        make = TextAreaField if spec.key == "text" else StringField
        yield f"{name}-{code}", make(own, [at_most(MOST_WORDS)], filters=[strip], description=spec.help if code == "zh" else "")


def element_form(element: Element, given: Given, references: Mapping[str, Pairs], *, unknown: Iterable[str] = (),
    typed: bool) -> ElementForm:
    """The form with ``given``; ``typed``: that is what the request brings, else it is only shown."""
    maker = Maker(given, references)
    fields: dict[str, Any] = dict(maker.all(element.fields))
    fields |= {f"drop-{key}": BooleanField(_("去掉“%(key)s”", key=key)) for key in unknown}
    kind = type("OneElementForm", (ElementForm,), {**fields, "numbers": maker.numbers})
    form: ElementForm = kind() if typed else kind(formdata=None, data={name: _data(fields.get(name), text) for name, text in given.items()})
    return form


def _data(field: Any, text: str) -> Any:
    return bool(text) if getattr(field, "field_class", None) is BooleanField else text


def rearranged(given: Given, asked: str) -> dict[str, str]:
    """What was typed after a button inside the form: ``add:tiers``, ``up:ties:2``, ``down:ties:2``, ``drop:ties:2``."""
    act, _colon, rest = asked.partition(":")
    name, _colon, number = rest.partition(":")
    rows = row_numbers(given, name)
    if act == "add":
        return {**given, f"{name}-{max(rows, default=-1) + 1}-{ROW}": ""}
    if not number.isascii() or not number.isdigit() or int(number) not in rows:
        return dict(given)
    place = rows.index(int(number))
    if act == "drop":
        return {key: text for key, text in given.items() if not key.startswith(f"{name}-{number}-")}
    other = rows[min(max(place + (-1 if act == "up" else 1), 0), len(rows) - 1)]
    swap = {f"{name}-{number}-": f"{name}-{other}-", f"{name}-{other}-": f"{name}-{number}-"}
    return {next((new + key.removeprefix(old) for old, new in swap.items() if key.startswith(old)), key): text for key,
        text in given.items()}


class SaveForm(BaseForm):
    """The draft becomes a version. ``number``: of the version in force that the page listed the differences from."""

    seen = HiddenField()
    number = HiddenField()
    add = BooleanField(_("规则中有、本赛事还没有的项目，同时添加（工位、批次和时间以后在“项目”中填写）"))
    reason = TextAreaField(_("修改理由"), [at_most(500)], filters=[strip])


class AskedForm(BaseForm):
    """One button with a field or two."""

    seen = HiddenField()
    do = HiddenField()
    to = HiddenField()


class RemoveForm(BaseForm):
    """A thing is taken out."""

    seen = HiddenField()
    references = BooleanField(_("同时去掉这些地方对它的引用"))


class KeyForm(BaseForm):
    """Another key for a thing."""

    seen = HiddenField()
    key = StringField(_("标识"), [required(), at_most(40)], filters=[strip])
