"""Forms of the evaluation index. The one of a set has a group of fields for each indicator and a few empty ones."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from competition.core.forms import BaseForm, at_most, choices, half_width, one_line, optional, required, strip
from competition.evaluation import rules

SPARE = 3


class SetForm(BaseForm):
    """The indicators of a year; ``of`` makes the class for so many rows."""

    missing = SelectField(_("缺少数据时"), choices=choices(rules.MISSING.items()))
    places = SelectField(_("总分保留几位小数"), choices=choices((str(n), str(n)) for n in (0, 1, 2)), default="2")
    vetoes = TextAreaField(_("一票否决的情形"), [optional(), at_most(1000)], filters=[strip])
    reason = TextAreaField(_("设定或修改的理由"), [required(_("请写明理由。")), at_most(500)], filters=[strip])
    COUNT = 0

    @classmethod
    def of(cls, count: int) -> "type[SetForm]":
        """With fields for ``count`` indicators."""
        fields: dict[str, Any] = {}
        figures = choices(rules.FIGURES.items())
        for n in range(count):
            fields |= {
                f"key_{n}": HiddenField(),
                f"name_{n}": StringField(_("指标名称"), [optional(), at_most(60)], filters=[one_line]),
                f"group_{n}": SelectField(_("类别"), choices=choices(rules.GROUPS.items())),
                f"weight_{n}": StringField(_("权重"), [optional(), at_most(10)], filters=[half_width, one_line]),
                f"kind_{n}": SelectField(_("计分方式"), choices=choices(rules.KINDS.items())),
                f"top_{n}": SelectField(_("分子"), choices=figures[1:]), f"bottom_{n}": SelectField(_("分母"), choices=figures),
                f"target_{n}": StringField(_("目标值"), [optional(), at_most(10)], filters=[half_width, one_line]),
                f"cap_{n}": StringField(_("封顶倍数"), [optional(), at_most(10)], filters=[half_width, one_line], default="1")}
        return type("SetFormOfRows", (cls,), {**fields, "COUNT": count})

    def show(self, document: rules.Document) -> None:
        """Fill in what is there."""
        self.missing.data, self.places.data = document["missing"], str(document["places"])
        self.vetoes.data = "\n".join(document["vetoes"])
        for n, row in enumerate(document["indicators"]):
            for name, value in row.items():
                self[f"{name}_{n}"].data = value

    def rows(self) -> Iterator[dict[str, Any]]:
        """The fields of each row, for the template."""
        for n in range(self.COUNT):
            yield {name: self[f"{name}_{n}"] for name in ("key", "name", "group", "weight", "kind", "top", "bottom", "target", "cap")}

    def document(self, used: Collection[str]) -> dict[str, Any]:
        """What the service takes: rows without a name are left out, new ones get a key of their own, which none had before (``used``):
        scores are given to keys."""
        rows = [{name: str(field.data or "") for name, field in row.items()} for row in self.rows() if row["name"].data]
        taken = {row["key"] for row in rows} | set(used)
        fresh = (key for n in range(1, 1000) if (key := f"i{n}") not in taken)
        return {"missing": self.missing.data, "places": int(self.places.data), "indicators": [_plain(row, fresh) for row in rows],
                "vetoes": list(dict.fromkeys(line.strip()[:60] for line in (self.vetoes.data or "").splitlines() if line.strip()))}


def _plain(row: Mapping[str, str], fresh: Iterator[str]) -> dict[str, str]:
    names = ("group", "name", "weight", "kind", *(("top", "bottom", "target", "cap") if row["kind"] == rules.FORMULA else ()))
    return {"key": row["key"] or next(fresh), **{name: row[name] for name in names}}


class ScoreForm(BaseForm):
    """A score by hand."""

    score = StringField(_("得分（满分 100）"), [required(), at_most(6)], filters=[half_width, one_line])
    note = TextAreaField(_("依据"), [required(_("请写明评分的依据。")), at_most(1000)], filters=[strip])
    file = FileField(_("依据材料"))


class VetoForm(BaseForm):
    """Whether a veto holds."""

    score = RadioField(_("是否发生"), choices=choices((("yes", _("发生了，总分计 0")), ("no", _("没有发生")))), default="no")
    note = TextAreaField(_("依据"), [required(_("请写明评分的依据。")), at_most(1000)], filters=[strip])
    file = FileField(_("依据材料"))


class LockForm(BaseForm):
    """Why it is locked."""

    reason = TextAreaField(_("锁定的理由"), [required(_("请写明理由。")), at_most(500)], filters=[strip])
