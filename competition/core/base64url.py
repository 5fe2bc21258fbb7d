"""Bytes as JSON Web Keys write them: Base64 for addresses, without padding (RFC 7515). Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encoded(data: bytes) -> str:
    """The letters."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes again, padded or not; raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
