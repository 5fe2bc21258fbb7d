"""The texts that people read on every page."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from markupsafe import Markup

from competition.core import formats, languages, masks, templating

NIGHT = datetime(2026, 11, 22, 16, 5, 59, tzinfo=UTC)


def test_dates_are_written_in_the_zone_of_the_contest() -> None:
    assert formats.show_date(NIGHT) == "2026年11月23日"
    assert formats.show_date(NIGHT, "UTC") == "2026年11月22日"
    assert formats.show_date(date(2026, 1, 5)) == "2026年1月5日"
    assert formats.show_day(NIGHT) == "11月23日"
    assert formats.show_day(date(2026, 1, 5)) == "1月5日"
    assert formats.show_time(NIGHT) == "00:05"
    assert formats.show_time(time(9, 5)) == "09:05"
    assert formats.show_moment(NIGHT) == "2026年11月23日 00:05"
    assert formats.show_moment(NIGHT, "Asia/Urumqi") == "2026年11月22日 22:05"


def test_a_naive_instant_is_utc() -> None:
    assert formats.show_moment(datetime(2026, 11, 22, 1, 0)) == "2026年11月22日 09:00"  # noqa: DTZ001


def test_machine_dates() -> None:
    assert formats.machine(NIGHT) == "2026-11-22T16:05:59Z"
    assert formats.machine(date(2026, 11, 22)) == "2026-11-22"
    assert formats.machine(None) == ""


@pytest.mark.parametrize("name", sorted(set(formats.FILTERS) - {"machine", "month", "joined"}))
def test_nothing_is_a_dash(name: str) -> None:
    assert formats.FILTERS[name](None) == "—"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (412345, "412,345"), (Decimal("1234.50"), "1,234.50"), (-1000, "-1,000")],
)
def test_number(value: int | Decimal, text: str) -> None:
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("87.125"), "87.13"),
        (Decimal("87.124999"), "87.12"),
        (Fraction(1, 3), "0.33"),
        (Fraction(5, 1000), "0.01"),
        (100, "100.00"),
        (Decimal("-0.5"), "-0.50"),
    ],
)
def test_marks_have_two_places(value: Decimal | Fraction | int, text: str) -> None:
    assert formats.decimal2(value) == text


def test_a_float_is_no_mark() -> None:
    with pytest.raises(TypeError, match="exact"):
        formats.decimal2(87.5)  # type: ignore[arg-type]


def test_percent() -> None:
    assert formats.percent(Fraction(33, 40)) == "82.5%"
    assert formats.percent(0.825, 0) == "83%"
    assert formats.percent(Decimal("1.2")) == "120.0%"


def test_masks_hide_the_middle() -> None:
    assert masks.mask_document("11010519491231002X") == "110***********002X"
    assert masks.mask_phone("13800000001") == masks.mask_phone("+8613800000001") == "138****0001"
    assert masks.mask_document("E12345678") == "E******78"
    assert masks.mask_document("A123") == "****"
    assert formats.FILTERS["mask_document"]("") == "—"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳娜", "欧*娜"), ("才让·多杰", "才***杰"), ("𬀩", "*"), ("𠅤𫖯", "𠅤*")],
)
def test_names_are_masked_by_character(name: str, shown: str) -> None:
    assert masks.mask_name(name) == shown


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (12800, "12.5 KB"), (1_020_000, "996.1 KB"),
     (1_048_000, "1.0 MB"), (5 * 1024**3, "5.0 GB"), (5000 * 1024**3, "5000.0 GB")],
)
def test_filesize(size: int, text: str) -> None:
    assert formats.filesize(size) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "00:00"),
        (485, "08:05"),
        (7200, "120:00"),
        (timedelta(minutes=39, seconds=59.5), "39:59.50"),
        (Decimal("59.999"), "01:00"),
        (-5, "-00:05"),
    ],
)
def test_duration(value: timedelta | int | Decimal, text: str) -> None:
    assert formats.duration(value) == text


def test_ordinal() -> None:
    assert formats.ordinal(3) == "第3名"


def test_english_readers_see_english_dates(app: Flask) -> None:
    with languages.speaking("en"):
        assert formats.show_date(NIGHT) == "23 November 2026"
        assert formats.show_day(date(2026, 1, 5)) == "5 January"
        assert formats.show_month(5) == "May"
        assert formats.show_moment(NIGHT, "UTC") == "22 November 2026, 16:05"
        assert formats.show_time(NIGHT) == "00:05"
        assert [formats.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 111)] == [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th"]
        assert formats.joined(["Jia", "Yi"]) == "Jia, Yi"
        assert formats.clauses(["one", "two"]) == "one, two"
        assert formats.together("One.", "", "Two.") == "One. Two."
        assert formats.number(412345) == "412,345"
        assert {formats.FILTERS[name](None) for name in ("date", "day", "time", "moment", "ordinal")} == {"—"}
    assert formats.joined(["甲", "乙"]) == "甲、乙"
    assert formats.joined([]) == ""
    assert formats.clauses(["一", "二"]) == "一，二"
    assert formats.together("一。", "", "二。") == "一。二。"
    assert formats.show_month(5) == "5月"


def test_dates_in_a_sentence_are_not_parted() -> None:
    assert templating.whole_days("最迟 2026年12月3日 18:00 <办完>，或12月4日。") == (
        '最迟 <span class="nowrap">2026年12月3日 18:00</span> &lt;办完&gt;，或<span class="nowrap">12月4日</span>。')
    assert templating.whole_days(Markup("<b>没有日期</b>")) == "<b>没有日期</b>"


def test_assets_follow_the_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    watched = templating.Assets(tmp_path, "/static/", watch=True)
    settled = templating.Assets(tmp_path, "/static/")
    assert watched("app.css") == settled("app.css") == "/static/app.css"
    for turn, name in enumerate(["app-A.css", "app-B.css"], start=1):
        manifest.write_text(json.dumps({"app.css": name}), "utf-8")
        os.utime(manifest, ns=(turn, turn))
        assert watched("app.css") == f"/static/{name}"
    assert settled("app.css") == "/static/app-B.css"
    manifest.write_text(json.dumps({"app.css": "app-C.css"}), "utf-8")
    os.utime(manifest, ns=(3, 3))
    assert settled("app.css") == "/static/app-B.css"


def test_templates_get_filters_and_helpers(tmp_path: Path) -> None:
    app = Flask(__name__, static_folder=None)
    Babel(app, default_locale="zh_Hans_CN")
    templating.register(app, tmp_path)
    template = app.jinja_env.from_string(
        "{{ 412345|number }} {{ asset('app.css') }} {{ page_lang() }}"
        " {{ url_with(page=2) }} {{ url_with(q=None) }} {{ url_with(q=None, s=None) }}"
    )
    with app.test_request_context("/entries?q=a%26b&s=1&s=2"):
        text = template.render().split(" ")
    assert text == [
        "412,345", "/static/app.css", "zh-Hans-CN",
        "/entries?q=a%26b&amp;s=1&amp;s=2&amp;page=2", "/entries?s=1&amp;s=2", "/entries",
    ]
