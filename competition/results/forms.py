"""What people say about results: which to publish and why, what was decided, what was found."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from competition.core.forms import BaseForm, BoxesField, at_most, choices, chosen, required, strip


class PublishForm(BaseForm):
    """Which scopes, and why now."""

    scopes = BoxesField(_("发布哪些成绩"))
    reason = TextAreaField(_("申请说明"), [required(_("请写明核对情况，第二人据此判断。")), at_most(500)], filters=[strip])


class CorrectForm(BaseForm):
    """Why a correction: the public reads it."""

    reason = TextAreaField(_("更正理由"), [required(), at_most(300)], filters=[strip])


class SignForm(BaseForm):
    """What the scorekeeper tells the supervisor."""

    reason = TextAreaField(_("核对说明"), [required(), at_most(300)], filters=[strip])


class SheetForm(BaseForm):
    """What was found when one work's sheets were summed by hand."""

    is_right = RadioField(_("核对结果"), [chosen()], choices=choices([("yes", _("各项合计无误")), ("no", _("发现错误"))]))
    found = TextAreaField(_("手工合计得到什么，哪里不符"), [at_most(300)], filters=[strip])


HOW = [("decision", _("裁判长决定")), ("lot", _("抽签"))]


class DecideForm(BaseForm):
    """The reason of a decision; the order or the choice is read from the fields that :func:`decision_form` adds."""

    reason = TextAreaField(_("理由"), [required(_("请写明决定的理由，它会写进名次说明。")), at_most(300)], filters=[strip])

    @property
    def decided_how(self) -> str:
        """By decision, or by lot; a wide spread is always accepted by decision."""
        return str(self["how"].data) if "how" in self else "decision"

    def chosen(self, ids: tuple[str, ...], kind: str) -> list[str]:
        """The ids in the decided order, or those that were chosen."""
        if kind == "order":
            return sorted(ids, key=lambda one: int(self[f"place_{ids.index(one)}"].data))
        return [one for number, one in enumerate(ids) if self[f"chosen_{number}"].data]

    def places_given(self, count: int) -> bool:
        """Was every place given exactly once?"""
        return sorted(int(self[f"place_{n}"].data) for n in range(count)) == list(range(1, count + 1))


def decision_form(kind: str, labels: list[str]) -> type[DecideForm]:
    """The form for one question: a place for each, or a box for each, or the reason alone."""
    fields: dict[str, Any] = {} if kind == "accept" else {"how": RadioField(_("怎样决定的"), choices=choices(HOW), default="decision")}
    places = choices((str(n), str(n)) for n in range(1, len(labels) + 1))
    for number, label in enumerate(labels):
        if kind == "order":
            fields[f"place_{number}"] = SelectField(label, choices=places, default=str(number + 1))
        elif kind == "choose":
            fields[f"chosen_{number}"] = BooleanField(label)
    return type("QuestionForm", (DecideForm,), fields)
