"""What the values of dimensions are called. Pure: codes are stored, words are shown."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from competition.contests.rules import KINDS, LEVELS
from competition.counting.rules_periods import BAND_WORDS, UNKNOWN
from competition.organisations.rules import INDUSTRIES, OWNERSHIP, UNIT_KINDS, WORKER_GROUPS
from competition.registration.rules import SEXES

# By what figures are broken down: first what the contest was, then what was true of the person.
OF_CONTESTS = ("kind", "level", "flagship", "held_in")
OF_PEOPLE = ("industry", "ownership", "unit_kind", "worker_group", "sex", "age_band")
DIMENSIONS: Mapping[str, Any] = {
    "kind": _("竞赛类型"), "level": _("竞赛级别"), "flagship": _("引领性竞赛"), "held_in": _("举办地"), "industry": _("行业"),
    "ownership": _("所有制"), "unit_kind": _("单位性质"), "worker_group": _("职工群体"), "sex": _("性别"), "age_band": _("年龄段"),
}
VALUES: Mapping[str, Mapping[str, Any]] = {
    "kind": KINDS, "level": LEVELS, "flagship": {"yes": _("引领性"), "no": _("非引领性")}, "industry": INDUSTRIES, "ownership": OWNERSHIP,
    "unit_kind": UNIT_KINDS, "worker_group": WORKER_GROUPS, "sex": {**SEXES, UNKNOWN: _("未填写")}, "age_band": BAND_WORDS,
}


def value_word(dimension: str, value: str, regions: Mapping[str, str]) -> Any:
    """A value as people say it; ``regions``: names of divisions by code."""
    return regions.get(value, value) if dimension == "held_in" else VALUES[dimension].get(value, value)
