"""What a printer of certificates is given: a design and sheets, and how both travel to its child processes."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

LANGUAGE = "zh-CN"


@dataclass(frozen=True)
class Font:
    """A font of a union's own: blocks name its ``family``."""

    family: str
    data: bytes


@dataclass(frozen=True)
class Design:
    """What all certificates of a batch share.

    ``pictures``: PNG by the hash that blocks name, and for slots what stands in them (``slots``: slot to hash).
    ``mode``: ``overprint`` leaves out what the paper has already (blocks that are ``preprinted``).
    ``offset``: millimetres to the right and down, for a printer that draws its paper in askew.
    """

    layout: Mapping[str, Any]
    title: str
    is_demo: bool
    language: str = LANGUAGE
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    fonts: Sequence[Font] = ()
    mode: Literal["full", "overprint"] = "full"
    offset: tuple[float, float] = (0, 0)

    def picture(self, block: Mapping[str, Any]) -> bytes | None:
        """The picture of a block; None when its slot is empty. A demonstration has a seal of its own and never a real one."""
        if self.is_demo and block.get("slot", "").startswith("seal"):
            return None
        return self.pictures.get(block.get("asset") or self.slots.get(block.get("slot", ""), ""))

    def prints(self, block: Mapping[str, Any]) -> bool:
        """Is the block drawn at all?"""
        if self.mode == "overprint" and (block.get("preprinted") or block["kind"] in ("border", "seal")):
            # That it is a demonstration no paper says beforehand.
            return self.is_demo and block["kind"] == "demo"
        return self.is_demo or block["kind"] not in ("demo", "seal")

    def as_request(self) -> dict[str, Any]:
        """As plain data; ``Design.of`` reads it."""
        pictures = {digest: b64encode(data).decode() for digest, data in self.pictures.items()}
        fonts = [[font.family, b64encode(font.data).decode()] for font in self.fonts]
        return {**vars(self), "layout": dict(self.layout), "slots": dict(self.slots), "pictures": pictures, "fonts": fonts}

    @staticmethod
    def of(request: Mapping[str, Any]) -> "Design":
        pictures = {digest: b64decode(data) for digest, data in request["pictures"].items()}
        fonts = tuple(Font(family, b64decode(data)) for family, data in request["fonts"])
        return Design(**{**request, "pictures": pictures, "fonts": fonts, "offset": tuple(request["offset"])})


@dataclass(frozen=True)
class Sheet:
    """What one certificate says; ``address`` stands in its QR code.

    ``glyphs``: characters that no font has, and the hash of the picture that stands for each.
    """

    data: Mapping[str, str]
    address: str
    glyphs: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return self.data["证书编号"]
