"""Forms of a roster's way into a return: the file, which column is what."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import SelectField

from competition.core.forms import BaseForm, choices
from competition.rosters.rules_columns import FIELDS


class TableForm(BaseForm):
    """The table itself."""

    file = FileField(_("名册表格"))


class ColumnsForm(BaseForm):
    """One choice for each column, made for the table at hand (``columns_form``)."""

    def chosen(self) -> dict[str, int]:
        """Field → column; of a field that was chosen twice the first (``twice`` says so)."""
        found: dict[str, int] = {}
        for column, each in self.per_column():
            if each.data:
                found.setdefault(each.data, column)
        return found

    def per_column(self) -> list[tuple[int, SelectField]]:
        """The choices with their columns."""
        return [(int(name.removeprefix("column_")), each) for name, each in self._fields.items() if name.startswith("column_")]

    def twice(self) -> list[SelectField]:
        """Choices of something that an earlier column already is."""
        first = self.chosen()
        return [each for column, each in self.per_column() if each.data and first[each.data] != column]


def columns_form(titles: Sequence[str], columns: Mapping[str, Any]) -> ColumnsForm:
    """The form for a table with these titles; ``columns``: what was found or chosen before."""
    said = {column: field for field, column in columns.items()}
    words = choices(FIELDS.items(), empty=_("不使用"))
    fields = {f"column_{n}": SelectField(title or _("第 %(n)s 列", n=n + 1), choices=words, default=said.get(n, ""))
              for n, title in enumerate(titles)}
    made: ColumnsForm = type("ChosenColumns", (ColumnsForm,), fields)()
    return made
