"""The forms of a rulebook: its figures, its whole text, a ready one."""

import json
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from competition.contests.forms import choices_of
from competition.contests.rules_editing import Group, field_of, place_words
from competition.core.errors import RuleBroken
from competition.core.forms import BaseForm, at_most, one_line, required, strip


class RulebookForm(BaseForm):
    """The figures of a rulebook; the fields are made from the document by :func:`rulebook_form`."""

    groups: list[Group] = []

    reason = TextAreaField(_("修改理由"), [at_most(500)], filters=[strip])

    def texts(self) -> dict[str, str]:
        """What was typed, by field name."""
        return {slot.name: self[slot.name].data or "" for group in self.groups for slot in group.slots}

    def take_faults(self, document: dict[str, Any], error: RuleBroken) -> None:
        """Put each fault of the document to the field it is about."""
        self.status = error.status
        for fault in error.details.get("faults", []):
            name = field_of(self.groups, fault["path"])
            if name:
                self[name].errors = [*self[name].errors, fault["sentence"]]
            else:
                self.form_errors.append(_("%(place)s：%(fault)s", place=place_words(document, fault["path"]), fault=fault["sentence"]))


def rulebook_form(groups: list[Group], texts: dict[str, str]) -> RulebookForm:
    """A form with one field for each editable figure."""
    fields: dict[str, Any] = {"groups": groups}
    for group in groups:
        for slot in group.slots:
            make: Callable[..., Field] = SelectField if slot.kind == "choice" else StringField
            more = {"choices": choices_of(slot.choices)} if slot.kind == "choice" else {"filters": [one_line]}
            fields[slot.name] = make(slot.label, description=slot.mark and _("来源：%(mark)s", mark=slot.mark), **more)
    form: RulebookForm = type("FiguresForm", (RulebookForm,), fields)(data=texts)
    return form


class RulebookTextForm(BaseForm):
    """The whole document as JSON, for experts."""

    text = TextAreaField(_("评分规则（JSON）"), [required(), at_most(400_000)])
    reason = TextAreaField(_("修改理由"), [at_most(500)], filters=[strip])

    document: dict[str, Any] | None = None

    def validate_text(self, field: Field) -> None:
        """Readable JSON with an object at the top."""
        try:
            found = json.loads(field.data, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            raise ValidationError(_("第 %(line)s 行第 %(col)s 列起不是正确的 JSON，请检查逗号、引号和括号。", line=error.lineno,
                                    col=error.colno)) from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("内容无法读取：数值过大、嵌套过深，或写了 NaN、Infinity。")) from error
        if not isinstance(found, dict):
            raise ValidationError(_("最外层应是一个对象（花括号）。"))
        self.document = found


def _no_constant(text: str) -> None:
    raise ValueError(text)


class ReadyForm(BaseForm):
    """One of the rulebooks that come with the system."""

    key = SelectField(_("现成的评分规则"), [required(_("请选择一套评分规则。"))])
    reason = TextAreaField(_("修改理由"), [at_most(500)], filters=[strip])
