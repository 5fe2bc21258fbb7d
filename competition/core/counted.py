"""Sentences that count: one thing and many are said differently in English, and alike in Chinese.

The source says a sentence once, in Chinese. A sentence that counts by ``%(n)s`` or ``%(count)s`` has two forms in the catalogue
of a language that needs them, and whoever says it only hands in the value: which form is taken is decided here.

Whatever else in a sentence goes by a number is written ``[point|points]`` behind it in the catalogue: the value that stands
before it decides. Tablets read the same signs (``static/src/app/modules/words.js``).
"""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import Domain
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

# A value with the sign of an ordinal (di) before or that of a seat (hao) after it is a name, not a number of things.
COUNTING = re.compile(r"(?<!\u7b2c )(?<!\u7b2c)%\((n|count)\)[sd](?! \u53f7)")
MANY = 2
EITHER = re.compile(r"%\((\w+)\)[sd]|\[([^\[\]|]*)\|([^\[\]|]*)\]")


def counted_by(sentence: str) -> str | None:
    """The name of the value by which the sentence counts; None for one that does not count."""
    found = COUNTING.search(sentence)
    return found[1] if found else None


def is_one(value: object) -> bool:
    """A value may be written already, with commas or decimals: only what reads "1" is one."""
    return str(value) == "1"


def fitted(sentence: str, values: Mapping[str, Any]) -> str:
    """The sentence with one of each ``[one|many]``, by the value before it. One without values is filled in elsewhere."""
    if not values or "[" not in sentence:
        return sentence
    last: list[object] = [None]

    def choose(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[2] if is_one(last[0]) else found[3]
        last[0] = values.get(found[1])
        return found[0]

    return EITHER.sub(choose, sentence)


class CountingDomain(Domain):
    """Flask-Babel's sentences, in the form that fits the number they are said with."""

    def form(self, sentence: str, values: Mapping[str, Any]) -> str:
        """The sentence in the reader's language, not filled in yet."""
        known = self.get_translations()
        name = counted_by(sentence) if values else None
        if name is None:
            return fitted(str(known.ugettext(sentence)), values)
        return fitted(str(known.ungettext(sentence, sentence, 1 if is_one(values.get(name)) else MANY)), values)

    def gettext(self, string: str, **variables: Any) -> str:
        """As Flask-Babel's own."""
        said = self.form(string, variables)
        return said % variables if variables else said


def init_counting(app: Flask) -> None:
    """Let Python and templates say sentences in the form that fits."""
    domain = CountingDomain()
    app.extensions["babel"].instance.domain_instance = domain

    @pass_context
    def in_template(context: Context, string: str, /, **variables: Any) -> str:
        """As Jinja's own: every sentence is filled in, also one without values; typed values are escaped."""
        said = domain.form(string, variables)
        return (Markup(said) if context.eval_ctx.autoescape else said) % variables  # noqa: S704 - a sentence of the catalogue

    app.jinja_env.globals["gettext"] = in_template
