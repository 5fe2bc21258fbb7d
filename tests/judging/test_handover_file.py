"""The format of the hand-over file: what is published, what it takes, and that nothing a hostile hand writes breaks it."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from competition.core import base64url
from competition.core.errors import RuleBroken
from competition.judging import device_keys, handover_file, handover_schema
from competition.judging.handover_receipt import receipt
from tests.judging.handing import Key, code_of, cover
from tests.judging.schemas import PUBLISHED

ONE = "00000000-0000-4000-8000-000000000001"
EVENT = {"uuid": ONE, "device_seq": 3, "seat": ONE, "work": ONE, "kind": "mark", "criterion": "taste", "attempt": 1, "value": "30",
         "base_version": 0, "at": "2026-06-01T02:00:00Z"}
BODY = {"device": ONE, "seat": ONE, "rounds": [ONE], "about": "测试", "made_at": "2026-06-01T02:00:00Z", "app_version": "", "last_made": 3,
        "events": [EVENT], "stuck": []}
REFUSED = {"handover_unreadable", "handover_version", "handover_content", "handover_order"}
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=4)
                    | st.dictionaries(st.sampled_from([*BODY, *EVENT, "format", "version", "body", "signature"]), inner, max_size=6))


def reads(data: bytes) -> str:
    """"" when the file is read, else the code of the refusal; anything else that is raised fails the test."""
    try:
        handover_file.read(data)
    except RuleBroken as refused:
        return refused.code
    return ""


def test_the_published_schema_is_in_step_with_the_program() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == handover_schema.written(), "python3 -m tests.judging.schemas"


def test_what_is_read_fits_the_published_schema() -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    file = cover(json.dumps(BODY), None)
    assert reads(file) == ""
    assert Draft202012Validator(schema).is_valid(json.loads(file))
    assert Draft202012Validator({**schema["$defs"]["Body"], "$defs": schema["$defs"]}).is_valid(BODY)
    found = handover_file.read(file)
    assert (found.body.device, found.body.made_at) == (UUID(ONE), datetime(2026, 6, 1, 2, tzinfo=UTC))
    assert found.code == code_of(file)
    assert re.fullmatch("([2-9ACFHKPXY]{4}-){3}[2-9ACFHKPXY]{4}", found.code)
    changed = handover_file.read(cover(json.dumps(BODY | {"about": "另一份"}), None))
    assert changed.code != found.code


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    assert reads(data)
    assert reads(cover(data.decode("latin-1"), None))


@settings(max_examples=100, deadline=None)
@given(JSON, st.sampled_from(sorted(BODY)), st.sampled_from(sorted(EVENT)))
def test_no_value_in_any_place_does_more_than_be_refused(value: Any, key: str, inner: str) -> None:
    for said in ({**BODY, key: value}, {**BODY, "events": [{**EVENT, inner: value}]}, {**BODY, "events": [EVENT, value]}):
        assert reads(cover(json.dumps(said), None)) in {"", *REFUSED}
    assert reads(json.dumps(value).encode()) in REFUSED
    signed = {"format": "judging-handover", "version": 1, "body": json.dumps(BODY), "signature": value}
    assert reads(json.dumps(signed).encode()) in ({""} if value is None else REFUSED)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(0, 511))
def test_a_signature_is_of_one_text_and_every_bit_of_it_counts(text: str, bit: int) -> None:
    key = Key()
    try:
        signature = key.sign(text)
    except UnicodeEncodeError:
        return
    jwk, message = json.dumps(key.jwk), (handover_file.SIGNED_AS + text).encode()
    assert device_keys.is_signed_by(jwk, message, signature)
    assert not device_keys.is_signed_by(jwk, message + b" ", signature)
    raw = bytearray(base64url.decoded(signature))
    raw[bit // 8] ^= 1 << bit % 8
    assert not device_keys.is_signed_by(jwk, message, base64url.encoded(bytes(raw)))


@pytest.mark.parametrize("signature", ["", "A", "A" * 86, "é" * 86, "_" * 86])
def test_what_is_no_signature_is_wrong_and_no_error(signature: str) -> None:
    assert not device_keys.is_signed_by(json.dumps(Key().jwk), b"x", signature)


def test_a_receipt_is_what_the_document_says() -> None:
    said = "JR1:7X3A-2KPH-C94F-8Y6A:8:2:2"
    counts = {"accepted": 5, "repeated": 3, "quarantined": 2, "refused": 1, "conflict": 1}
    made = receipt("ab" * 32, "7X3A-2KPH-C94F-8Y6A", counts)
    digits = hashlib.sha256(("ab" * 32 + "\n" + said).encode()).hexdigest()[:16]
    letters = "".join("23456789ACFHKPXY"[int(digit, 16)] for digit in digits)
    assert made == f"{said}:{letters[:4]}-{letters[4:8]}-{letters[8:12]}-{letters[12:]}"
