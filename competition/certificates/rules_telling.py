"""What a text message about a certificate may say, when messages leave, when a failed one is tried again. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from flask_babel import gettext as _

# What stands in braces is replaced for each holder.
FIELDS = ("姓名", "竞赛", "证书", "编号", "网址")
USUAL = "【{竞赛}】{姓名}，您的{证书}已签发，请登录 {网址} 查看、下载。"
MOST = 300
# Nobody's phone rings at night, on the contest's clock.
QUIET_FROM, QUIET_TO = time(21), time(8)
WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
# A message that was handed over so long ago without an end is one of a process that is no more.
BROKEN_AFTER = timedelta(minutes=10)
ONE, EACH = 70, 67
_FIELD = re.compile(r"\{([^{}]*)\}")


def check_words(words: str) -> str:
    """The text as it is kept. Raises ValueError with a sentence."""
    text = words.strip()
    if not text:
        raise ValueError(_("请填写短信内容。"))
    if len(text) > MOST:
        raise ValueError(_("短信最多 %(n)s 个字。", n=MOST))
    rest = _FIELD.sub("", text)
    if set(_FIELD.findall(text)) - set(FIELDS) or "{" in rest or "}" in rest:
        raise ValueError(_("大括号里只能写：%(names)s。", names="、".join(FIELDS)))
    return text


def fill(words: str, values: Mapping[str, str]) -> str:
    """The text for one holder."""
    return _FIELD.sub(lambda found: values.get(found[1], ""), words)


def parts(text: str) -> int:
    """As how many text messages the networks count it."""
    return 1 if len(text) <= ONE else -(-len(text) // EACH)


def is_quiet(local: datetime) -> bool:
    """Is it night there?"""
    return local.time() >= QUIET_FROM or local.time() < QUIET_TO


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When one that failed so many times is tried again; None: never."""
    return at + WAITS[attempts - 1] if attempts <= len(WAITS) else None
