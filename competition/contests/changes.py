"""What was changed, in words: for the refusal of a stale save."""

from datetime import date, datetime
from typing import Any

from competition.contests import rules
from competition.contests.forms import ContestForm, EventForm
from competition.core.formats import joined, show_date, show_moment
from competition.core.words import say as _

WORDS: dict[str, dict[Any, Any]] = {"kind": rules.KINDS, "level": rules.LEVELS}


REFERENCES = frozenset({"series_id", "host_union_id", "region_code", "summary"})


def describe(change: dict[str, Any], zone: str) -> dict[str, Any]:
    """``who``, ``at`` and ``lines``: one sentence per field."""
    return {"who": change["by"] or _("系统"), "at": change["at"], "lines": change_lines(change["changed"], zone)}


def change_lines(changed: dict[str, Any], zone: str) -> list[str]:
    """One sentence for each field of what an audit row keeps as changed: old and new."""
    return [_line(field, old, new, zone) for field, (old, new) in changed.items()]


def _line(field: str, old: Any, new: Any, zone: str) -> str:
    label = str(_label(field))
    if field in REFERENCES:
        return _("“%(label)s”已改动", label=label)
    return _("“%(label)s”由“%(old)s”改为“%(new)s”", label=label, old=_shown(field, old, zone), new=_shown(field, new, zone))


def _label(field: str) -> Any:
    names = {"bodies": _("主办、承办等单位"), "events": _("项目"), "state": _("赛事状态")}
    if field in names:
        return names[field]
    own, _dot, inner = field.removeprefix("event.").partition(".")
    if inner:
        inner = {"time_limit_s": "time_limit"}.get(inner.removeprefix("round."), inner.removeprefix("round."))
        return _("项目 %(key)s 的%(what)s", key=own, what=_form_label(EventForm, inner))
    return _form_label(ContestForm, field)


def _form_label(form: type[Any], name: str) -> str:
    unbound = getattr(form, name, None)
    return str(unbound.args[0]) if unbound is not None else name


def _shown(field: str, value: Any, zone: str) -> str:
    if value is None or value == "" or value == []:
        return _("空")
    if field == "state" and isinstance(value, list):
        phase, condition = value
        return joined(str(words[each]) for words, each in ((rules.PHASES, phase), (rules.CONDITIONS, condition)) if each != "normal")
    if field in WORDS:
        return str(WORDS[field].get(value, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return joined(rules.REVIEW_LEVELS.get(item, item) for item in value)
    if isinstance(value, str) and field.endswith("_at"):
        return show_moment(datetime.fromisoformat(value), zone)
    if isinstance(value, str) and field.endswith("_on"):
        return show_date(date.fromisoformat(value))
    return str(value)
