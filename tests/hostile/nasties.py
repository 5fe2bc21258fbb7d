"""What is tried everywhere, and what each may get. The list for reviewers is made of these tables (``python -m tests.hostile``)."""

from dataclasses import dataclass
from typing import Any

from tests.hostile import files


@dataclass(frozen=True)
class Nasty:
    """One input: ``what`` for reviewers, ``text`` as it is sent, ``answers`` that it may get."""

    what: str
    text: str
    answers: frozenset[int]


@dataclass(frozen=True)
class Body:
    """A whole body: ``kind`` is its media type."""

    what: str
    kind: str
    data: bytes
    answers: frozenset[int]


OK, MOVED = 200, 303
REFUSED = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422})
LOOKED = REFUSED | {OK, MOVED}
NOBODY = "00000000-0000-4000-8000-000000000000"
# Recognized in an answer: nothing that was sent may come back as a tag.
TAG = "<b onmouseover=kanarie>"

# In place of every part of an address. What fits a part by chance is looked up and not found.
PARTS = (
    Nasty("a NUL character", "a%00b", frozenset({400, 401, 404, 405})),
    Nasty("a line end (%0d%0a)", "a%0d%0aSet-Cookie:x=1", frozenset({400, 401, 404, 405})),
    Nasty("bytes that are no UTF-8 (%ff%fe)", "%ff%fe", LOOKED),
    Nasty("a percent sign and no digits (%zz)", "%zz", LOOKED),
    Nasty("a tag and quotes", "%3Cb%20onmouseover=kanarie%3E%22'", LOOKED),
    Nasty("an UUID of nobody", NOBODY, LOOKED),
    Nasty("nearly an UUID", NOBODY[:-1] + "g", LOOKED),
    Nasty("a number beyond 64 bits", "99999999999999999999999999", LOOKED),
    Nasty("a negative number", "-1", LOOKED),
    Nasty("an Arabic digit", "%D9%A3", LOOKED),
    Nasty("a path to a file of the machine", "..%2f..%2fetc%2fpasswd", LOOKED),
    Nasty("2,000 letters", "A" * 2000, LOOKED),
)

# As the value of every parameter that any page reads from its address.
QUERIES = (
    Nasty("page and year 0", "0", LOOKED),
    Nasty("page and year -1", "-1", LOOKED),
    Nasty("a number beyond 64 bits", "9" * 30, LOOKED),
    Nasty("a number of 5,000 digits", "9" * 5000, LOOKED),
    Nasty("year 9999", "9999", LOOKED),
    Nasty("1e999, as a float would read it", "1e999", LOOKED),
    Nasty("NaN", "NaN", LOOKED),
    Nasty("full-width digits １２", "１２", LOOKED),
    Nasty("an Arabic digit ٣", "٣", LOOKED),
    Nasty("a superscript digit ²", "²", LOOKED),
    Nasty("the day 0000-99-99", "0000-99-99", LOOKED),
    Nasty("quotes, percent and back-slash", "'\"%_\\;--", LOOKED),
    Nasty("a tag", f'">{TAG}', LOOKED),
    Nasty("braces of a template", "{{7*7}}${7*7}%(x)s{0.__class__}", LOOKED),
    Nasty("a right-to-left override", "\u202egnp.exe", LOOKED),
    Nasty("a NUL character", "a\x00b", frozenset({400, 401, 403, 404, 405})),
    Nasty("a bell and an escape sequence", "\x07\x1b[2J", frozenset({400, 401, 403, 404, 405})),
    Nasty("bytes that are no UTF-8", "\udcff\udcfe", LOOKED),
    Nasty("an UUID of nobody", NOBODY, LOOKED),
    Nasty("9,000 letters", "A" * 9000, frozenset({401, 403, 404, 405, 414})),
)
# Whole bodies, sent to every address that takes any.
BODIES = (
    Body("an empty body", "application/x-www-form-urlencoded", b"", LOOKED),
    Body("fields that no form has", "application/x-www-form-urlencoded", b"a=1&b[]=2&__proto__=3&=4&&&", LOOKED),
    Body("percent signs and no digits", "application/x-www-form-urlencoded", b"name=%zz&%=%&reason=%f", LOOKED),
    Body("bytes that are no UTF-8", "application/x-www-form-urlencoded", b"name=%ff%fe&reason=\xff\xfe", LOOKED),
    Body("6,000 fields", "application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(6000)), frozenset({401, 413, 415})),
    Body("3 MB of text", "application/x-www-form-urlencoded", b"reason=" + b"x" * 3_000_000, frozenset({401, 413, 415})),
    Body("multipart without an end", "multipart/form-data; boundary=b",
         b'--b\r\nContent-Disposition: form-data; name="reason"\r\n\r\nabc', LOOKED),
    Body("multipart without a boundary", "multipart/form-data", b"--b\r\n\r\nabc", LOOKED),
    Body("multipart that is none", "multipart/form-data; boundary=b", b"\x00\xff" * 200, LOOKED),
    Body("multipart with 2,500 parts", "multipart/form-data; boundary=b",
         b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(2500)) + b"--b--\r\n",
         frozenset({401, 413, 415})),
    Body("JSON where a form belongs", "application/json", b'{"a": 1}', LOOKED),
    Body("broken JSON", "application/json", b'{"a": ', LOOKED),
    Body("JSON nested 100,000 deep", "application/json", b"[" * 100_000 + b"]" * 100_000, LOOKED),
    Body("JSON with a number beyond any", "application/json", b'{"a": 1e999, "b": NaN, "c": -Infinity}', LOOKED),
    Body("an unknown type", "application/x-what", b"\x00\x01", LOOKED),
)

# In every field of every form that any page shows: first in all of them together, then one by one.
FIELDS = (
    Nasty("nothing", "", LOOKED),
    Nasty("a tag", f'">{TAG}', LOOKED),
    Nasty("braces of a template", "{{7*7}}${7*7}%(x)s{0.__class__}", LOOKED),
    Nasty("a formula", "=HYPERLINK(\"http://x.test\",\"a\")", LOOKED),
    Nasty("a number of 5,000 digits", "9" * 5000, LOOKED),
    Nasty("a superscript digit ²", "²", LOOKED),
    Nasty("a full-width minus and digits －１", "－１", LOOKED),
    Nasty("1e999, as a float would read it", "1e999", LOOKED),
    Nasty("an UUID of nobody", NOBODY, LOOKED),
    Nasty("the day 9999-12-31", "9999-12-31", LOOKED),
    Nasty("a NUL character", "a\x00b", LOOKED),
    Nasty("half a character (U+D800)", "a\ud800b", LOOKED),
    Nasty("a right-to-left override", "\u202egnp.exe", LOOKED),
    Nasty("120,000 letters", "A" * 120_000, LOOKED),
)
# One by one: what a hidden field, a choice or a number never holds when a page has sent it.
ALONE = frozenset({
    "a number of 5,000 digits", "a superscript digit ²", "an UUID of nobody", "a NUL character", "half a character (U+D800)"})

# In every field for files: name and content.
UPLOADS: tuple[tuple[str, str, bytes], ...] = (
    ("no bytes at all", "a.jpg", b""),
    ("SVG with a script", "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ("HTML called JPG", "a.jpg", b"<!doctype html><script>alert(1)</script>"),
    ("a picture of 3.6 thousand million pixels", "a.png", files.huge_png()),
    ("a cut JPEG", "a.jpg", files.jpeg()[:200]),
    ("a PDF that is none", "a.pdf", b"%PDF-1.7\n" + b"nonsense" * 50),
    ("a workbook with an entity", "a.xlsx", files.repacked(files.book(), lambda x: x.replace(
        b"?>", b'?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', 1))),
    ("a workbook of 70 MB in 70 kB", "a.xlsx", files.repacked(files.book(), extra={"xl/media/a.bin": b"\0" * 70_000_000})),
    ("a workbook for something else", "a.xlsx", files.book(A2="=1+1", B2="x")),
    ("a name that climbs", "../../../etc/passwd\x00.jpg", files.jpeg()),
)

# What stands in the head of a request.
HEADS: tuple[tuple[str, dict[str, str]], ...] = (
    ("a language of 5,000 letters, and none", {"Accept-Language": "x" * 5000 + ";q=abc,*;q=9e999"}),
    ("a browser's name with quotes, tags and escapes", {"User-Agent": f"\x1b[2J'\"{TAG}" + "A" * 5000}),
    ("an address it came from, elsewhere", {"Referer": "javascript:alert(1)//https://evil.test/"}),
    ("ranges, dates and tags of a cache that are none", {
        "Range": "bytes=9999999999999999999-,-1,a-b", "If-Modified-Since": "tomorrow", "If-None-Match": "W/\"", "If-Range": "x"}),
    ("a token that is none", {"Authorization": "Device \xff\xfe" + "A" * 3000}),
    ("another method than the one that is sent", {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/system/audit"}),
)

# JSON for the tablets' API, with a good token.
JSON: tuple[tuple[str, Any], ...] = (
    ("nothing", {}),
    ("a list", []),
    ("a text", "x"),
    ("null", None),
    ("fields that nobody knows", {"events": [], "report": {}, "role": "administrator", "__proto__": {"a": 1}}),
    ("wrong kinds", {"events": "x", "report": [], "rounds": 1, "card": {}, "pin": []}),
    ("numbers beyond 64 bits", {"events": [], "report": {"pending": 10**30, "last_made": -10**30}, "rounds": [], "card": 10**30,
                                "pin": 10**30}),
    ("300 events", {"events": [{"uuid": NOBODY}] * 300, "report": {}, "rounds": []}),
    ("control characters and half characters", {"card": "a\x00\ud800", "pin": "\x07", "label": "\u202e", "events": [], "report": {
        "app_version": "\x00"}, "rounds": []}),
    ("full-width digits and an Arabic one", {"card": "１２", "pin": "１２３４５٣", "label": TAG, "events": [], "report": {}, "rounds": []}),
    ("texts of 100,000 letters", {"card": "A" * 100_000, "pin": "9" * 100_000, "label": "A" * 100_000, "events": [], "report": {
        "app_version": "A" * 100_000}, "rounds": []}),
)
