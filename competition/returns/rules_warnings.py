"""What somebody who decides about a return should look at twice: figures that are possible and unlikely. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from competition.core.formats import number
from competition.core.words import say as _
from competition.counting.rules_periods import month_number

# A figure that ends in two zeros from here on is a guess more often than a count.
ROUND_FROM, ROUND_BY = 100, 100
TIMES, AT_LEAST_MORE = 3, 50


@dataclass(frozen=True)
class Seen:
    """What is known beside a return: ``people`` are those it reports, named or not.

    ``members``: of the union with all below it, None where nobody has said. ``before``, ``year_ago``: people whom the union reported
    for the month before and the same month last year, None where it reported nothing. ``named``: persons of this activity
    who are registered by name in the union's place.
    """

    people: int
    is_bulk: bool
    overlap: int
    members: int | None
    before: int | None
    year_ago: int | None
    month: int
    starts_on: date
    ends_on: date
    named: int = 0


def warnings(seen: Seen) -> list[str]:
    """Sentences, the weightiest first; none is a refusal."""
    return [*_about_members(seen), *_about_bulk(seen), *_about_before(seen), *_about_days(seen)]


def _about_members(seen: Seen) -> Iterator[str]:
    if seen.members is not None and seen.people > seen.members:
        yield _("上报 %(people)s 人，多于该工会（含下级）的会员 %(members)s 人。", people=number(seen.people), members=number(seen.members))


def _about_bulk(seen: Seen) -> Iterator[str]:
    if seen.is_bulk and seen.people >= ROUND_FROM and seen.people % ROUND_BY == 0:
        yield _("总数 %(people)s 是整百数，请核对是清点的还是估计的。", people=number(seen.people))
    if seen.is_bulk and seen.overlap < min(seen.named, seen.people):
        yield _("这项活动在本地已有 %(named)s 人实名登记，重复人数只填了 %(overlap)s，请核对。", named=number(seen.named),
                overlap=number(seen.overlap))


def _about_before(seen: Seen) -> Iterator[str]:
    for people, same, more in (
        (seen.before, _("与上个月上报的人数完全相同。"), _("人数是上个月的 %(times)s 倍以上。", times=TIMES)),
        (seen.year_ago, _("与去年同月上报的人数完全相同。"), _("人数是去年同月的 %(times)s 倍以上。", times=TIMES)),
    ):
        if people and people == seen.people:
            yield same
        elif people and seen.people >= TIMES * people and seen.people - people >= AT_LEAST_MORE:
            yield more


def _about_days(seen: Seen) -> Iterator[str]:
    if not month_number(seen.starts_on) <= seen.month <= month_number(seen.ends_on):
        yield _("上报的月份不在活动的起止日期之内。")
