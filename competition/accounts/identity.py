"""Documents and phones: what is a number, how a person is found by it. Pure."""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

import phonenumbers
from flask_babel import lazy_gettext as _
from stdnum.cn import ric

from competition.core.masks import mask_document

DOCUMENTS = {"id_card": _("居民身份证"), "residence_permit": _("港澳台居民居住证"), "passport": _("护照"),
             "foreign_permit": _("外国人永久居留身份证")}

# What stands where the name of somebody stood who had the own data erased; of the record, so in one language.
ERASED = "（已删除）"


_EIGHTEEN = re.compile("[0-9]{17}[0-9X]")
# What needs no second look: numbers of phones as everybody types them, names in common characters.
_MOBILE, _PLAIN_NAME = re.compile("1[3-9][0-9]{9}"), re.compile("[\u4e00-\u9fff]{1,40}")


class IdentityFault(ValueError):
    """The number cannot be right; the message says why, for the person."""


class Document(NamedTuple):
    """A checked document. ``birth_on`` and ``sex`` are known for numbers of 18 digits only."""

    kind: str
    country: str
    number: str
    birth_on: date | None = None
    sex: str | None = None

    @property
    def index_text(self) -> str:
        """What the blind index is made of."""
        return f"{self.kind}|{self.country}|{self.number}"

    @property
    def masked(self) -> str:
        """The number as it may be shown."""
        return mask_document(self.number)


def normalise(text: str) -> str:
    """Full-width characters to plain ones, no blanks, upper case."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return re.sub(r"[\s\u200b-\u200f\ufeff-]", "", unicodedata.normalize("NFKC", text)).upper()


def parse_document(kind: str, number: str, country: str = "CN") -> Document:
    """A document that can exist; raises :class:`IdentityFault` with a sentence.

    The first six digits of a card are never checked against a list of regions: cards keep the codes
    of their day (GB 11643 gives the check digit, GB/T 2260 only today's codes).
    """
    text = normalise(number)
    if kind not in DOCUMENTS:
        raise IdentityFault(_("请选择证件类型。"))
    if kind in ("id_card", "residence_permit"):
        return _eighteen(kind, text)
    if not re.fullmatch(r"[A-Z0-9]{5,20}", text):
        raise IdentityFault(_("证件号码应为 5 至 20 位字母或数字。"))
    return Document(kind, country.upper() or "XX", text)


def _eighteen(kind: str, text: str) -> Document:
    if not _EIGHTEEN.fullmatch(text):
        raise IdentityFault(_("身份证号码应为 18 位，前 17 位是数字，最后一位是数字或 X。"))
    if ric.calc_check_digit(text) != text[-1]:
        raise IdentityFault(_("身份证号码的校验位不对，请逐位核对。"))
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise IdentityFault(_("身份证号码中的出生日期不存在，请核对第 7 至 14 位。")) from error
    if not 1900 <= born.year <= 2100:
        raise IdentityFault(_("身份证号码中的出生年份不对，请核对第 7 至 10 位。"))
    return Document(kind, "CN", text, born, "male" if int(text[16]) % 2 else "female")


def parse_phone(text: str) -> str:
    """A mobile phone of the mainland in E.164; raises :class:`IdentityFault` with what is wrong.

    One figure too few is what people mistype: a number that is merely possible somewhere is not enough.
    """
    found = re.fullmatch(r"(?:\+86|0086)?([0-9]+)", normalise(text))
    if found is None:
        raise IdentityFault(_("手机号应为 11 位数字，请不要填写别的字符。"))
    figures = found[1]
    if len(figures) != 11:
        raise IdentityFault(_("手机号应为 11 位数字，现在是 %(n)s 位，请逐位核对。", n=len(figures)))
    if not re.match(r"1[3-9]", figures):
        raise IdentityFault(_("手机号应以 13 至 19 开头，请逐位核对。"))
    return f"+86{figures}"


def parse_contact_phone(text: str) -> str:
    """The same, and phones of other countries where a form says so: these with + and the country's code."""
    if _MOBILE.fullmatch(text):
        return f"+86{text}"
    plain = normalise(text)
    return read_phone(plain) if plain.startswith("+") and not plain.startswith("+86") else parse_phone(plain)


def read_phone(text: str) -> str:
    """Any phone that is possible, in E.164: what was once taken must be found again. Raises :class:`IdentityFault`."""
    try:
        number = phonenumbers.parse(normalise(text), "CN")
    except phonenumbers.NumberParseException as error:
        raise IdentityFault(_("手机号码的格式不对。")) from error
    if not phonenumbers.is_possible_number(number):
        raise IdentityFault(_("手机号码的位数不对。"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_name(text: str) -> str:
    """A name as on the card: NFC, the middle dot as U+00B7, single blanks; 1–40 characters of any script."""
    if _PLAIN_NAME.fullmatch(text):
        return text
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).strip())
    name = re.sub("[\u2022\u2027\u30fb\uff65\u2e31\u22c5]", "\u00b7", name)
    if not 1 <= len(name) <= 40:
        raise IdentityFault(_("姓名应为 1 至 40 个字。"))
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Cs") or c in "<>{}[]|\\^~=@#$%*" for c in name):
        raise IdentityFault(_("姓名中有不能使用的字符。"))
    return name
