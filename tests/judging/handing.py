"""A tablet that hands its events over without a network: its key, its file, its frames."""

import hashlib
import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from competition.core import audit, base64url
from competition.core.actors import SYSTEM
from competition.core.database import atomic, get
from competition.judging.handover_file import SIGNED_AS
from competition.judging.models import Device
from competition.judging.queries import rounds_of_panel
from competition.judging.rules import DeviceEvent
from tests.judges import Judge

MARKS = {"clarity": "20", "aroma": "19.5", "taste": "30", "amount": "8", "hygiene": "5"}


class Key:
    """A tablet's key: the private half signs as WebCrypto does."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def jwk(self) -> dict[str, str]:
        """The public half, as WebCrypto exports it."""
        numbers = self.private.public_key().public_numbers()
        x, y = (base64url.encoded(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, text: str) -> str:
        r, s = decode_dss_signature(self.private.sign((SIGNED_AS + text).encode(), ec.ECDSA(SHA256())))
        return base64url.encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def register(judge: Judge) -> Key:
    """The tablet of a judge has a key, and the server its public half."""
    key = Key()
    with atomic():
        get(Device, judge.device.id).public_key = json.dumps(key.jwk)
        audit.record("test.key", actor=SYSTEM, subject=("seat", judge.seat.id), at=judge.at)
    return key


def sent(event: DeviceEvent) -> dict[str, Any]:
    """An event as it travels."""
    return {"uuid": str(event.id), "device_seq": event.device_seq, "seat": str(event.seat_id), "work": str(event.work_id),
            "kind": event.kind, "criterion": event.criterion, "attempt": event.attempt, "value": event.value,
            "base_version": event.base_version, "at": event.client_at.isoformat() if event.client_at else None}


def body(judge: Judge, events: Sequence[DeviceEvent], **more: Any) -> dict[str, Any]:
    """What the tablet says."""
    rounds = [str(round_.id) for round_ in rounds_of_panel(judge.seat.panel_id)]
    return {"device": str(judge.device.id), "seat": str(judge.seat.id), "rounds": rounds, "about": "测试",
            "made_at": judge.at.isoformat(), "app_version": "test", "last_made": judge.seq, "events": [sent(e) for e in events],
            "stuck": [], **more}


def cover(text: str, signature: str | None, **more: Any) -> bytes:
    """The file round a text."""
    return json.dumps({"format": "judging-handover", "version": 1, "body": text, "signature": signature, **more}).encode()


def handed(judge: Judge, key: Key | None, events: Sequence[DeviceEvent], **more: Any) -> bytes:
    """A whole file, signed where there is a key."""
    text = json.dumps(body(judge, events, **more), ensure_ascii=False)
    return cover(text, key.sign(text) if key else None)


LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _bytes_of(letters: str) -> bytes:
    """Base45, RFC 9285."""
    found = bytearray()
    for at in range(0, len(letters), 3):
        digits = [LETTERS.index(letter) for letter in letters[at:at + 3]]
        found += sum(digit * 45**place for place, digit in enumerate(digits)).to_bytes(len(digits) - 1, "big")
    return bytes(found)


def read_frames(frames: Sequence[str]) -> str:
    """The text that a row of codes carries, read by what ``docs/handover.md`` says alone."""
    chunks: dict[int, bytes] = {}
    for letters in frames:
        assert letters.startswith("JH1:")
        frame = _bytes_of(letters.removeprefix("JH1:"))
        own, whole, flags, index, total = struct.unpack(">IIBHH", frame[:13])
        assert own == zlib.crc32(frame[4:])
        chunks[index] = frame[13:]
    data = b"".join(chunks[n] for n in range(total))
    assert zlib.crc32(data) == whole
    return (zlib.decompress(data, wbits=-15) if flags & 1 else data).decode()


def code_of(data: bytes) -> str:
    """The code that the tablet shows, by what ``docs/handover.md`` says alone."""
    number = int.from_bytes(hashlib.sha256(("judging-handover 1\n" + json.loads(data)["body"]).encode()).digest()[:8], "big")
    letters = ["23456789ACFHKPXY"[number >> shift & 15] for shift in range(60, -4, -4)]
    return "-".join("".join(letters[at:at + 4]) for at in range(0, 16, 4))
