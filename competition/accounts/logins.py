"""What people type to name themselves, and under what it is stored."""

import re
import unicodedata

from flask_babel import lazy_gettext as _

from competition.accounts.identity import IdentityFault, read_phone
from competition.core.crypto import blind_index

STAFF_NAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")


def phone_login(phone: str) -> str:
    """The login of a phone in E.164: its blind index, so that no list of accounts is a list of phones."""
    return "phone:" + blind_index("login", phone)


def staff_login(text: str) -> str:
    """A chosen name in its one form; raises :class:`IdentityFault` with a sentence."""
    name = unicodedata.normalize("NFKC", text).strip().lower()
    if not STAFF_NAME.fullmatch(name):
        raise IdentityFault(_("登录名应为 3 至 32 个小写字母、数字、点、横线，并以字母开头。"))
    return name


def login_of(text: str) -> str:
    """The stored login for what somebody typed at the sign-in: a phone or a chosen name. Never raises."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[+0-9][0-9 \-()]{5,20}", plain):
        try:
            return phone_login(read_phone(plain))
        except IdentityFault:
            return plain
    return plain.lower()
