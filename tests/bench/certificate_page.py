"""The page of the certificate benchmark: its layout, invented people, and the QR encoder that all sides share."""

import base64
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from competition.certificates import ready, rules
from competition.certificates.ready import Layout
from competition.core.pictures import qr_modules

Work = Callable[[int, Path], None]
TITLE = "获奖证书"
FAMILY = "LXGW WenKai"
COLOURS = {"ink": "#1d2427", "honour": "#8a5f14", "soft": "#5b676b"}
FAMILY_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
GIVEN_NAMES = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文建国红梅鹏飞宇浩然子涵雨欣思琪海燕春生志成永福才让卓玛扎西措毛吉"
SYLLABLES = ("wei", "fang", "min", "jing", "li", "qiang", "lei", "jun", "yang", "yong", "jie", "tao", "ming", "chao")
PLACES = ("西宁市城东区", "海东市化隆县", "海东市循化县", "海南州共和县", "黄南州同仁市", "海北州门源县", "西宁市湟中区", "海西州格尔木市")
EVENTS = (("手工拉面基本功", "Hand-pulled noodles"), ("牛骨清汤", "Beef broth"), ("创意拉面", "Creative noodles"), ("理论知识", "Theory"))
AWARDS = (("金奖", "Gold award"), ("银奖", "Silver award"), ("铜奖", "Bronze award"), ("优秀选手奖", "Merit award"))
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def layout() -> Layout:
    """A4 across, with border, seal and QR code."""
    return ready.READY["award"][2]


def people(count: int) -> list[tuple[dict[str, str], str]]:
    """What each certificate says, and the address in its QR code: as long as a signed one."""
    chance = random.Random(20261129)
    return [_person(chance, number) for number in range(count)]


def _person(chance: random.Random, number: int) -> tuple[dict[str, str], str]:
    name = chance.choice(FAMILY_NAMES) + "".join(chance.choice(GIVEN_NAMES) for _ in range(chance.choice((1, 2, 2))))
    event, award = chance.choice(EVENTS), chance.choice(AWARDS)
    code = "".join(chance.choice(CODE_LETTERS) for _ in range(20))
    data = {
        "姓名": name, "姓名拼音": " ".join(chance.choice(SYLLABLES).title() for _ in name),
        "单位": f"{chance.choice(PLACES)}{chance.choice(GIVEN_NAMES)}{chance.choice(GIVEN_NAMES)}拉面馆",
        "赛事": "2026年“石榴籽杯”青海拉面职业技能竞赛", "赛事英文": "Qinghai Hand-pulled Noodle Skills Contest 2026",
        "竞赛日期": "2026年11月20日至22日", "地点": "西宁市", "项目": event[0], "项目英文": event[1], "名次": "1",
        "奖项": award[0], "奖项英文": award[1], "颁证单位": "青海省总工会\n青海省人力资源和社会保障厅", "日期": "2026年11月29日",
        "证书编号": f"63-2026-LM2026-J-{number + 1:06d}-N", "验证码": "-".join(code[n:n + 5] for n in range(0, 20, 5)),
    }
    return data, f"https://jn.example.cn/v/{code}#1.2026a." + base64.urlsafe_b64encode(chance.randbytes(135)).decode()


def qr_rows(address: str) -> list[bytes]:
    """The modules of the QR code, a line a row: 0 is dark, 255 light. No margin."""
    size, modules = qr_modules(address)
    return [modules[start:start + size] for start in range(0, size * size, size)]


def texts(data: dict[str, str]) -> list[tuple[dict[str, Any], str]]:
    """The blocks of text of one certificate, each with its size in points once it fits."""
    found = []
    for block in layout()["blocks"]:
        text = rules.chosen_text(block, data) if block["kind"] == "text" else None
        if text:
            found.append(({**block, "size": block["size"] * (rules.fit(block, text) or rules.SMALLEST)}, text))
    return found


def drawings() -> dict[str, dict[str, Any]]:
    """Border, seal and QR code by kind."""
    return {block["kind"]: block for block in layout()["blocks"] if block["kind"] in ("border", "seal", "qr")}


def run(singles: Work | None = None, merged: Work | None = None) -> None:
    """A side as a program: what to make, how many, where."""
    what, count, folder = sys.argv[1:]
    work = {"singles": singles, "merged": merged}[what]
    if work is None:
        raise SystemExit(f"no {what} here")
    work(int(count), Path(folder))
