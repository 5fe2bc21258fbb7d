"""The invented year as unions have it: workbooks, one for each return, with names and numbers of people who do not exist."""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from stdnum.cn import ric

from tests.bench.rollup_year import MOVERS, TWICE, Unit, returns

TITLES = ("序号", "姓名", "身份证号", "性别", "联系电话", "所属群体", "工种")
NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
GROUPS = ("", "", "快递员", "", "保安员", "无")


@dataclass(frozen=True)
class Roster:
    """A return: the number of its unit (from 0), its contest (from 1), its people."""

    unit: int
    contest: int
    people: list[int]


def rosters(chance: random.Random, units: Sequence[Unit], days: Sequence[date], participations: int) -> list[Roster]:
    """Return after return until there are enough participations; then everybody who was in none is added to one of the own unit's.

    From summer on some people are at another unit (they change places with others), and some are named by two units.
    """
    persons = units[-1].first + units[-1].size - 1
    moved = _moved(persons)
    made: list[Roster] = []
    alone = set(range(1, persons + 1))
    total = 0
    for unit, contest, people in returns(chance, list(units)):
        if total + len(alone) >= participations:
            break
        now = [moved.get(one, one) for one in people] if days[contest - 1].month > 6 else people
        alone.difference_update(now)
        total += len(now)
        made.append(Roster(units.index(unit), contest, now))
    _everybody(made, units, alone)
    _twice(chance, made)
    return made


def _moved(persons: int) -> dict[int, int]:
    """Who stands where from summer on: each of those who move takes the place of the one after."""
    movers = [one for one in range(1, persons + 1) if one * 2654435761 % 2**32 % 10_000 < MOVERS * 10_000]
    random.Random(persons).shuffle(movers)
    return dict(zip(movers, [*movers[1:], *movers[:1]], strict=True))


def _everybody(made: list[Roster], units: Sequence[Unit], alone: set[int]) -> None:
    """Nobody is left out."""
    first_of: dict[int, Roster] = {}
    for roster in made:
        first_of.setdefault(roster.unit, roster)
    for number, unit in enumerate(units):
        left = [one for one in range(unit.first, unit.first + unit.size) if one in alone]
        if left and number in first_of:
            first_of[number].people.extend(left)
        elif left:
            made.append(Roster(number, unit.contests[0], left))


def _twice(chance: random.Random, made: list[Roster]) -> None:
    """Some stand in the rosters of two units for one contest; they count once."""
    last_of: dict[int, Roster] = {}
    for roster in made:
        before = last_of.setdefault(roster.contest, roster)
        if before.unit != roster.unit:
            some = [one for one in before.people if chance.random() < TWICE]
            roster.people[:] = dict.fromkeys([*roster.people, *some])
        last_of[roster.contest] = roster


def number_of(person: int) -> str:
    """An ID number with a right check digit in a region that does not exist, one for each person."""
    rest, serial = divmod(person, 1000)
    rest, region = divmod(rest, 90)
    mixed = person * 2654435761 % 2**32
    body = f"9901{region + 1:02}{1965 + rest % 40}{mixed % 12 + 1:02}{mixed // 12 % 28 + 1:02}{serial:03}"
    return body + ric.calc_check_digit(body + "0")


def _line(place: int, person: int) -> Iterator[str | int]:
    number, mixed = number_of(person), person * 2246822519 % 2**32
    yield from (place, "试" + NAMES[mixed % 16] + NAMES[mixed // 16 % 16], number, "男" if int(number[16]) % 2 else "女",
                f"1990000{person % 10000:04}", GROUPS[mixed // 256 % 6], "钳工")


def workbook(people: Sequence[int]) -> bytes:
    """The roster as its clerk would have it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, ["某某单位工会参赛职工名册"])
    sheet.write_row(1, 0, TITLES)
    for place, person in enumerate(people, 1):
        sheet.write_row(place + 1, 0, list(_line(place, person)))
    book.close()
    return out.getvalue()
