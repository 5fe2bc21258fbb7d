"""A template as one file, to carry it elsewhere: ``layout.json`` and the pictures that it names. What comes in is not believed.

A file names no place in another machine: pictures lie in it by their hash, are made anew when they come in, and become
pictures of the union that takes them.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from competition.certificates import rules
from competition.certificates.layout import checked
from competition.certificates.models import Template
from competition.certificates.models_templates import TemplateAsset
from competition.core.errors import RuleBroken
from competition.core.words import say as _

ASSET_KINDS = ("seal", "signature", "logo", "background")
MOST_BYTES = 5 * 1024 * 1024
MOST_FILE = 20 * 1024 * 1024
MOST_PICTURES = 20
MOST_LAYOUT = 400_000
WHAT = "competition-certificate-template"


class _Picture(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    kind: str
    name: str = Field(max_length=60)
    width_mm: float = Field(ge=1, le=430, allow_inf_nan=False)


class _Carried(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    what: str
    name: str = Field(min_length=1, max_length=60)
    english: str = Field("", max_length=120)
    kind: str
    layout: dict[str, Any]
    pictures: dict[str, _Picture] = Field(default_factory=dict, max_length=MOST_PICTURES)


@dataclass(frozen=True)
class Picture:
    """A picture of a carried template, not yet made anew."""

    kind: str
    name: str
    width_mm: float
    data: bytes


@dataclass(frozen=True)
class Carried:
    """A template from a file; ``pictures`` by the hash that the layout names."""

    name: str
    english: str
    kind: str
    layout: dict[str, Any]
    pictures: Mapping[str, Picture]


def packed(template: Template, assets: Mapping[str, TemplateAsset]) -> bytes:
    """The file of a template; ``assets`` by hash. The same template is the same bytes."""
    named = sorted({block["asset"] for block in template.layout["blocks"] if block.get("asset")} & assets.keys())
    about = {"what": WHAT, "name": template.name_zh, "english": template.name_en or "", "kind": template.kind, "layout": template.layout,
             "pictures": {digest: {"kind": assets[digest].kind, "name": assets[digest].name, "width_mm": float(assets[digest].width_mm)}
                          for digest in named}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr(_entry("layout.json"), json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True))
        for digest in named:
            whole.writestr(_entry(f"{digest}.png"), assets[digest].file.read())
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def unpacked(data: bytes) -> Carried:
    """What a file holds. Raises RuleBroken with a sentence for anything that is not such a file."""
    if len(data) > MOST_FILE:
        raise _refused(_("文件超过 %(most)s MB。", most=MOST_FILE // 1024 // 1024))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            about = _Carried.model_validate_json(_read(whole, "layout.json", MOST_LAYOUT))
            return _carried(about, whole)
    except (zipfile.BadZipFile, zlib.error, ValidationError, KeyError, ValueError, EOFError, RuntimeError, OSError) as error:
        # RuntimeError: an entry with a password, or packed in a way that nobody knows; also too deep.
        raise _refused(_("这不是证书模板文件，或文件不完整。请用本系统导出的 .zip 文件。")) from error


def _carried(about: _Carried, whole: zipfile.ZipFile) -> Carried:
    if about.what != WHAT or about.kind not in rules.KINDS:
        raise _refused(_("这不是证书模板文件，或由更新的版本导出。"))
    layout = checked(about.layout)
    named = {block["asset"] for block in layout["blocks"] if block.get("asset")}
    if named - about.pictures.keys():
        raise _refused(_("文件里缺少模板用到的图片。"))
    pictures = {}
    for digest in sorted(named):
        one = about.pictures[digest]
        if one.kind not in ASSET_KINDS:
            raise _refused(_("文件里的图片用途不明。"))
        pictures[digest] = Picture(one.kind, one.name, one.width_mm, _read(whole, f"{digest}.png", MOST_BYTES))
    return Carried(about.name, about.english, about.kind, layout, pictures)


def _read(whole: zipfile.ZipFile, name: str, most: int) -> bytes:
    """An entry, never more of it than ``most``, whatever its directory says."""
    # Ours are packed in this way alone; others unpack a few bytes into as much memory as they like before a limit is asked.
    if whole.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(name)
    with whole.open(name) as entry:
        data = entry.read(most + 1)
    if len(data) > most:
        raise _refused(_("文件里的内容过大。"))
    return data


def with_pictures(layout: Mapping[str, Any], digests: Mapping[str, str]) -> dict[str, Any]:
    """The layout with the hashes that its pictures have after they were made anew."""
    blocks = [{**block, "asset": digests[block["asset"]]} if block.get("asset") else block for block in layout["blocks"]]
    return {**layout, "blocks": blocks}


def _refused(sentence: str) -> RuleBroken:
    return RuleBroken(sentence, code="template_file", status=422, field="file")
