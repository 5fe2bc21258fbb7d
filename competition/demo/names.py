"""Invented people: every name carries 演 (for 演示), every number lies in a region that does not exist. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

SURNAMES = (
    "马韩冶王李张刘陈杨赵周吴徐孙朱胡郭何高林罗郑梁谢宋唐许邓冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇解区查"
)
DOUBLE = ("欧阳", "司马", "上官", "尉迟")
GIVEN = (
    "安邦诚达恩飞刚海和华吉嘉建杰金俊凯康乐力利林龙明宁平强勤庆荣瑞山胜盛思泰涛天伟文武祥新兴学阳义毅永勇宇玉源远云泽正志忠卓"
    "芳菲凤桂红慧佳娇洁静娟兰莉玲梅敏娜萍琴秋蓉珊婷霞香雪雅燕英莹月珍芝竹"
)
MINORITY = ("才让", "多杰", "卓玛", "扎西", "拉毛", "尕藏", "索南", "旦正", "阿卜杜", "伊斯玛", "海比布", "麦热姆")
# Names that many systems print wrongly: characters beyond the basic plane, the middle dot.
RARE = ("马演𬀩", "冶演䶮", "才让·演·多杰", "阿依古丽·演示·麦麦提", "韩演𠅤", "欧阳演婷")


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist. ``serial`` makes the number unique within the demonstration."""

    serial: int
    name: str
    sex: str
    born: date
    number: str
    phone: str


def document_number(serial: int, born: date, sex: str) -> str:
    """18 digits with a right check digit; the region 99xxxx exists nowhere, so nobody's number is hit."""
    order = serial % 500 * 2 + (1 if sex == "male" else 0)
    body = f"99{serial // 500 % 10000:04d}{born:%Y%m%d}{order:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def name_of(random: Random, serial: int) -> str:
    """An invented name; the first few are the hard ones."""
    if serial < len(RARE):
        return RARE[serial]
    kind = random.random()
    if kind < 0.06:
        return f"{random.choice(MINORITY)}演{random.choice(MINORITY)}"
    surname = random.choice(DOUBLE) if kind < 0.07 else random.choice(SURNAMES)
    return f"{surname}演{random.choice(GIVEN)}"


def invent(random: Random, count: int, start: int = 0) -> Iterator[Invented]:
    """``count`` people, the same for the same seed."""
    first = date(1966, 1, 1)
    for serial in range(start, start + count):
        sex = "male" if random.random() < 0.62 else "female"
        born = first + timedelta(days=random.randrange(365 * 40))
        yield Invented(serial, name_of(random, serial), sex, born, document_number(serial, born, sex), f"+86199{serial:08d}")
