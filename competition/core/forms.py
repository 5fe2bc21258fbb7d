"""What every form shares: our words for refusals, and a broken rule shown in the form that caused it."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import flash, g
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, Form, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.core.kept import form_was_reached, is_shown_only, say_restored
from competition.core.soundness import sound

T = TypeVar("T")


class BaseForm(FlaskForm):
    """A form whose view answers ``render_template(…, form=form), form.status`` when it is not accepted."""

    status = 422
    # False for one that is read from anything else.
    is_of_request = True

    class Meta(FlaskForm.Meta):
        """Every field is asked first whether its content can be meant at all."""

        def bind_field(self, form: Form, unbound_field: Any, options: Any) -> Field:
            """The field of one form, the general question before its own."""
            field: Field = super().bind_field(form, unbound_field, options)
            field.validators = [sound, *field.validators]
            return field

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all is well; never when the fields are only brought back (see ``core/kept``)."""
        if self.is_of_request and self.is_submitted():
            form_was_reached()
            if is_shown_only():
                say_restored()
                return False
        return bool(super().validate(extra_validators))

    def refuse(self, error: RuleBroken) -> None:
        """Put the sentence of a broken rule into the form: to the field it names, else to the top. ``details['more']``: further
        (field, sentence) of the same refusal."""
        self.status, g.refusal = error.status, error.code
        for name, sentence in ((error.details.get("field"), error.message), *error.details.get("more", ())):
            if isinstance(name, str) and name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]
            else:
                self.form_errors.append(sentence)


class DayField(DateField):
    """A day; what is no day is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("请填日期，例如 2026-11-22。")) from error


class BoxesField(SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not, or no longer, among the choices, in our words."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError(_("有一项已经不在可选之列，请重新勾选。")) from error


def try_verb(form: BaseForm, verb: Callable[[], T]) -> T | None:
    """What ``verb`` returns, or None after its refusal was put into the form.

    What may not be seen or done at all is no matter of the form: NotFound and Forbidden go on.
    """
    try:
        return verb()
    except (NotFound, Forbidden):
        raise
    except RuleBroken as error:
        form.refuse(error)
        return None


def done_or_told(verb: Callable[[], object]) -> bool:
    """The same for a button without a form: was it done? A refusal becomes a message on the next page."""
    try:
        verb()
    except (NotFound, Forbidden):
        raise
    except RuleBroken as error:
        flash(error.message, "error")
        return False
    return True


def tried(form: BaseForm, verb: Callable[[], object]) -> bool:
    """The same for a verb that returns nothing: was it done?"""
    return try_verb(form, lambda: (verb(), True)) is not None


def required(message: Any = None) -> DataRequired:
    """The field must hold something."""
    return DataRequired(message or _("请填写这一项。"))


def chosen(message: Any = None) -> InputRequired:
    """One of the choices must be taken."""
    return InputRequired(message or _("请选择一项。"))


def optional() -> Optional:
    """Nothing is fine; what is there is checked."""
    return Optional()


def at_most(count: int) -> Length:
    """No longer than ``count`` characters."""
    return Length(max=count, message=_("最多 %(max)d 个字。"))


def reads_as(parse: Callable[[str], object]) -> Callable[[Form, Field], None]:
    """The text must be readable by ``parse``, whose ValueError holds the sentence for the person."""

    def check(_form: Form, field: Field) -> None:
        try:
            parse(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error

    return check


def choices(pairs: Iterable[tuple[Any, Any]], *, empty: Any = None, group: str | None = None) -> list[SelectChoice]:
    """Options of a select from (value, words); ``empty``: words of a first option without value."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return first + [SelectChoice(str(value), words, optgroup=group) for value, words in pairs]


def strip(text: str | None) -> str | None:
    """A filter: composed characters, no blanks around."""
    return unicodedata.normalize("NFC", text).strip() if text else text


def half_width(text: str | None) -> str | None:
    """A filter for numbers: full-width figures, as some keyboards type them, are figures."""
    return unicodedata.normalize("NFKC", text) if text else text


def one_line(text: str | None) -> str | None:
    """A filter: the same, and every run of blanks is one blank."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip() if text else text
