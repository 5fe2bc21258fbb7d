"""Certificates: prepared, asked for, approved by another person, printed by the worker, registered, verified."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.office import decide
from tests.journeys.organizing import CONTEST, ZONE
from tests.journeys.papers import close, text_of
from tests.journeys.people import Person

CODE = re.compile(r"(?<![0-9A-Z-])[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}(?![0-9A-Z-])")
# What the paper says beside the facts.
FIXED = ("CERTIFICATEOFAWARD", "获奖证书", "：", "在", "中取得优异成绩，荣获", "·", "特发此证，以资鼓励。", "证书编号",
         "验证码（扫码或在查验页输入）")


@dataclass(frozen=True)
class Certificate:
    """What the register says of one certificate, by label; the text of its paper without blanks, and the code on it."""

    facts: dict[str, str]
    paper: str
    code: str


def issue(organizer: Person, second: Person, publication: str, title: str, count: int) -> None:
    """A batch from what was published, looked over, approved by another, then printed with progress on the page."""
    organizer.at(CONTEST, "证书")
    organizer.follow("准备一批证书")
    organizer.choose({"发给谁": publication, "证书模板": "获奖证书（横版）"})
    organizer.type({"这批证书的名称": title, "证书上的日期": f"{datetime.now(ZONE):%Y-%m-%d}"})
    organizer.press("列出名单和预览")
    expect(organizer.page.get_by_role("img", name="第 1 份预览")).to_be_visible(timeout=60_000)
    organizer.picture("certificate-preview")
    organizer.type({"理由": f"{title}核对无误"})
    organizer.press(f"申请签发 {count} 份证书")
    decide(second, title)
    organizer.at(CONTEST, "证书")
    organizer.follow(title)
    expect(organizer.link("合订本 PDF").or_(organizer.page.get_by_text("已全部制作完成")).first).to_be_visible(timeout=180_000)


def register(organizer: Person, folder: Path) -> list[Certificate]:
    """Every line of the register with its paper."""
    organizer.at(CONTEST, "证书登记簿")
    table = organizer.page.get_by_role("table", name="证书登记簿")
    hrefs = [link.get_attribute("href") or "" for link in table.locator("tbody th a").all()]
    found = []
    for number, href in enumerate(hrefs):
        organizer.open(href)
        card = organizer.page.locator(".card").filter(has_text="登记的内容").first
        facts = dict(zip((t.strip() for t in card.locator("dt").all_inner_texts()),
                         (d.strip() for d in card.locator("dd").all_inner_texts()), strict=True))
        path = organizer.take(organizer.link("下载 PDF"), folder / f"证书-{number}.pdf")
        text = text_of(path)
        found.append(Certificate(facts, close(text), *CODE.findall(text)))
    return found


def says_the_same(certificate: Certificate) -> None:
    """The paper's text is the register's facts with the fixed words between them, and nothing else."""
    parts = [close(part) for value in certificate.facts.values() for part in value.split("、")] + [certificate.code, *FIXED]
    left = certificate.paper
    for part in sorted(parts, key=len, reverse=True):
        assert part in left, (part, left, certificate)
        left = left.replace(part, "", 1)
    assert left == "", (left, certificate)


def verify(visitor: Person, certificate: Certificate) -> None:
    """The typed code shows every printed field."""
    visitor.open("/")
    visitor.follow("查验证书")
    visitor.type({"验证码": certificate.code.lower().replace("-", " ")})
    visitor.press("查验证书")
    words = close(visitor.words())
    for label, value in certificate.facts.items():
        assert f"{label}{close(value)}" in words, (label, value)
    assert certificate.code in words
    visitor.stays_narrow()


def is_unknown(visitor: Person, typed: str) -> None:
    """Neither another code nor a number leads to anything."""
    visitor.open("/")
    visitor.follow("查验证书")
    visitor.type({"验证码": typed})
    visitor.press("查验证书")
    visitor.sees("没有这个验证码的证书")


def finds_the_own(person: Person, certificate: Certificate) -> None:
    """The contestant finds the certificate without any code."""
    person.open("/")
    person.follow("我的证书", "查看证书")
    person.sees(certificate.facts["证书编号"])
    person.stays_narrow()
