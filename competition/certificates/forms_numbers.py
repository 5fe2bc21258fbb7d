"""How a union numbers its certificates, as it is typed."""

from typing import Self

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from competition.certificates import rules
from competition.certificates.rules_numbers import LEAST_DIGITS, MOST_DIGITS, PARTS, Numbering
from competition.core.forms import BaseForm, BoxesField, at_most, choices, one_line, optional, reads_as


def _letters(text: str) -> dict[str, str]:
    """``获奖证书=J`` line by line, as the kinds are titled on paper. Raises ValueError."""
    known, found = {word: kind for kind, word in rules.KINDS.items()}, {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        word, _equals, letter = line.replace("＝", "=").partition("=")
        if word.strip() not in known or not letter.strip():
            raise ValueError(_("请每行写一种证书，例如“获奖证书=J”。"))
        found[known[word.strip()]] = letter.strip().upper()
    return found


class NumberingForm(BaseForm):
    """``issuer-year-contest-kind-serial-check``: what of it may differ."""

    issuer = StringField(_("颁证单位代号"), [optional(), at_most(12)], filters=[one_line])
    parts = BoxesField(_("编号中还有"), choices=choices([("contest", _("赛事代号")), ("kind", _("证书种类代号"))]))
    digits = IntegerField(_("流水号位数"), [InputRequired(_("请填写位数。")), NumberRange(LEAST_DIGITS, MOST_DIGITS, _("请填 4 到 8。"))])
    letters = TextAreaField(_("证书种类的代号"), [optional(), at_most(400), reads_as(_letters)])

    def show(self, rule: Numbering) -> Self:
        """Fill in a rule."""
        self.issuer.data, self.parts.data, self.digits.data = rule.issuer, list(rule.parts), rule.digits
        self.letters.data = "\n".join(f"{word}={rule.letters.get(kind) or rules.KIND_CODES[kind]}" for kind, word in rules.KINDS.items())
        return self

    def numbering(self) -> Numbering:
        """The rule that was typed."""
        chosen = self.parts.data or []
        return Numbering((self.issuer.data or "").upper(), tuple(part for part in PARTS if part in chosen), self.digits.data or 0,
                         _letters(self.letters.data or ""))
