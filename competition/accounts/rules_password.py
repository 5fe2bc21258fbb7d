"""Pure decisions about passwords: what is guessed first, and what its owner's own data say."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from zxcvbn import zxcvbn

from competition.accounts.pinyin import name_pinyin

# So many tries, best guesses first, must not be enough. The estimate looks at the beginning alone: its work grows with the
# square of the length, and a beginning that holds is enough.
ENOUGH = 10**9
LOOKED_AT = 40
# What people here type beside the common passwords that the estimate knows itself: places, work, wishes, defaults of devices.
_NEAR = """
qinghai xining haidong haixi haibei hainan huangnan guoluo yushu golmud geermu delingha zhongguo china beijing
gonghui zonggonghui laodong jineng jingsai dasai bisai xuanshou caipan zhigong gongren competition contest
admin administrator root guest test user system admin@123 abc123 a123456 1qaz2wsx qaz123 qq123456 mima nihao
woaini woaizuguo wodemima 5201314 1314520 7758521 888888 666666 zhangsan lisi
"""
NEAR = tuple(_NEAR.split())


def password_fault(password: str, personal: Iterable[str] = ()) -> Any:
    """Why a password is too easy to guess, or None. ``personal``: the login, the phone, the name."""
    known = list(personal)
    if len(set(password)) < 5:
        return gettext("密码太简单：请至少用 5 种不同的字符。")
    if password.isdigit():
        return gettext("密码不能全是数字，请加上字母或文字，例如写成一句话。")
    return personal_fault(password, known) or _common_fault(password, known)


def personal_fault(password: str, personal: Iterable[str]) -> Any:
    """Why a password is too near to its owner, or None."""
    near = [word.lower() for text in personal for word in _written(text)]
    if any(len(word) > 3 and word in password.lower() for word in near):
        return gettext("密码里不要包含您的手机号、登录名或姓名。")
    return None


def _written(text: str) -> tuple[str, ...]:
    """A name as its characters and as it is typed in pinyin."""
    spelt = name_pinyin(text)
    return text, spelt.replace(" ", "").replace("'", "")


def _common_fault(password: str, personal: Iterable[str]) -> Any:
    near = [*(text for text in personal if text), *NEAR]
    if zxcvbn(password[:LOOKED_AT], user_inputs=near)["guesses"] < ENOUGH:
        return gettext("这个密码太常见，别人很容易猜到。请换一个，例如把几个不相干的词连在一起，再加上数字。")
    return None
