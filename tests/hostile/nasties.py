"""What is tried everywhere, and what each may get. The list for reviewers is made of these tables (``python -m tests.hostile``)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Nasty:
    """One input: ``what`` for reviewers, ``text`` as it is sent, ``answers`` that it may get."""

    what: str
    text: str
    answers: frozenset[int]


OK, MOVED = 200, 303
_REFUSED = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422})
_LOOKED = _REFUSED | {OK, MOVED}

# In place of every part of an address. What fits a part by chance is looked up and not found.
PARTS = (
    Nasty("a NUL character", "a%00b", frozenset({400, 401, 404})),
    Nasty("a line end (%0d%0a)", "a%0d%0aSet-Cookie:x=1", frozenset({400, 401, 404})),
    Nasty("bytes that are no UTF-8 (%ff%fe)", "%ff%fe", _LOOKED),
    Nasty("a percent sign and no digits (%zz)", "%zz", _LOOKED),
    Nasty("an UUID of nobody", "00000000-0000-4000-8000-000000000000", _LOOKED),
    Nasty("nearly an UUID", "00000000-0000-4000-8000-00000000000g", _LOOKED),
    Nasty("a number beyond 64 bits", "99999999999999999999999999", _LOOKED),
    Nasty("a negative number", "-1", _LOOKED),
    Nasty("an Arabic digit", "%D9%A3", _LOOKED),
    Nasty("a path to a file of the machine", "..%2f..%2fetc%2fpasswd", _LOOKED),
    Nasty("2,000 letters", "A" * 2000, _LOOKED),
)

# As the value of every parameter that any page reads from its address.
QUERIES = (
    Nasty("page and year 0", "0", _LOOKED),
    Nasty("page and year -1", "-1", _LOOKED),
    Nasty("a number beyond 64 bits", "9" * 30, _LOOKED),
    Nasty("a number of 5,000 digits", "9" * 5000, _LOOKED),
    Nasty("year 9999", "9999", _LOOKED),
    Nasty("1e999, as a float would read it", "1e999", _LOOKED),
    Nasty("NaN", "NaN", _LOOKED),
    Nasty("full-width digits １２", "１２", _LOOKED),
    Nasty("an Arabic digit ٣", "٣", _LOOKED),
    Nasty("quotes, percent and back-slash", "'\"%_\\;--", _LOOKED),
    Nasty("a right-to-left override", "\u202egnp.exe", _LOOKED),
    Nasty("a NUL character", "a\x00b", frozenset({400, 401, 403, 404})),
    Nasty("a bell and an escape sequence", "\x07\x1b[2J", frozenset({400, 401, 403, 404})),
    Nasty("bytes that are no UTF-8", "%FF%FE (raw)", _LOOKED),
    Nasty("an UUID of nobody", "00000000-0000-4000-8000-000000000000", _LOOKED),
    Nasty("9,000 letters", "A" * 9000, frozenset({401, 403, 404, 414})),
)
PARAMETERS = ("q", "page", "year", "code", "next", "batch", "team", "delegation", "state", "kind", "contest", "employer", "key", "roots",
              "copies", "names", "event", "level", "phase", "region", "found", "group", "from", "to")

# Whole bodies, sent to every address that takes any.
BODIES: tuple[tuple[str, str, bytes, frozenset[int]], ...] = (
    ("an empty body", "application/x-www-form-urlencoded", b"", _LOOKED),
    ("fields that no form has", "application/x-www-form-urlencoded", b"a=1&b[]=2&__proto__=3&=4&&&", _LOOKED),
    ("percent signs and no digits", "application/x-www-form-urlencoded", b"name=%zz&%=%&reason=%f", _LOOKED),
    ("bytes that are no UTF-8", "application/x-www-form-urlencoded", b"name=%ff%fe&reason=\xff\xfe", _LOOKED),
    ("6,000 fields", "application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(6000)), frozenset({413, 415})),
    ("3 MB of text", "application/x-www-form-urlencoded", b"reason=" + b"x" * 3_000_000, frozenset({413, 415})),
    ("multipart without an end", "multipart/form-data; boundary=b",
     b'--b\r\nContent-Disposition: form-data; name="reason"\r\n\r\nabc', _LOOKED),
    ("multipart without a boundary", "multipart/form-data", b"--b\r\n\r\nabc", _LOOKED),
    ("multipart that is none", "multipart/form-data; boundary=b", b"\x00\xff" * 200, _LOOKED),
    ("multipart with 2,500 parts", "multipart/form-data; boundary=b",
     b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(2500)) + b"--b--\r\n",
     frozenset({413, 415})),
    ("JSON where a form belongs", "application/json", b'{"a": 1}', _LOOKED),
    ("broken JSON", "application/json", b'{"a": ', _LOOKED),
    ("JSON nested 100,000 deep", "application/json", b"[" * 100_000 + b"]" * 100_000, _LOOKED),
    ("JSON with a number beyond any", "application/json", b'{"a": 1e999, "b": NaN, "c": -Infinity}', _LOOKED),
    ("an unknown type", "application/x-what", b"\x00\x01", _LOOKED),
)
