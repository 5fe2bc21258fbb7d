"""Names in pinyin, as on an identity paper: surname, blank, given name (GB/T 28039). Pure.

Only a proposal: people correct it, and names that are not Han names are written as their owners say.
"""

import re

from pypinyin import Style, lazy_pinyin

# Characters that are read otherwise when they are a surname.
SURNAMES = {
    "单": "shan", "仇": "qiu", "区": "ou", "解": "xie", "查": "zha", "曾": "zeng", "任": "ren", "盖": "ge", "朴": "piao",
    "尉": "wei", "乐": "yue", "翟": "zhai", "员": "yun", "缪": "miao", "黑": "he", "折": "she", "繁": "po", "种": "chong",
    "秘": "bi", "冼": "xian", "洗": "xian", "覃": "qin", "燕": "yan", "纪": "ji", "能": "nai", "召": "shao", "宓": "mi",
    "逄": "pang", "郗": "xi", "隗": "wei", "葛": "ge", "应": "ying", "哈": "ha", "万": "wan", "幺": "yao", "么": "yao",
    "祭": "zhai", "句": "gou", "谌": "chen", "牟": "mu", "那": "na", "柏": "bai", "薄": "bo", "行": "xing", "车": "che",
    "占": "zhan", "於": "yu", "贾": "jia", "石": "shi", "宁": "ning", "都": "du", "佴": "nai", "藏": "zang", "华": "hua",
    "过": "guo", "卜": "bu", "重": "chong", "尹": "yin", "撒": "sa", "冯": "feng", "沈": "shen", "晟": "cheng", "长": "chang",
    "呙": "guo", "炅": "gui", "乜": "nie", "佘": "she", "仉": "zhang", "妫": "gui", "訾": "zi", "逯": "lu", "厍": "she",
}
DOUBLE_SURNAMES = {
    "欧阳": "ouyang", "司马": "sima", "上官": "shangguan", "诸葛": "zhuge", "尉迟": "yuchi", "单于": "chanyu", "万俟": "moqi",
    "长孙": "zhangsun", "澹台": "tantai", "令狐": "linghu", "皇甫": "huangfu", "夏侯": "xiahou", "宇文": "yuwen",
    "慕容": "murong", "东方": "dongfang", "独孤": "dugu", "呼延": "huyan", "公孙": "gongsun", "轩辕": "xuanyuan",
    "濮阳": "puyang", "淳于": "chunyu", "申屠": "shentu", "公冶": "gongye", "太史": "taishi", "端木": "duanmu",
    "百里": "baili", "东郭": "dongguo", "南宫": "nangong", "西门": "ximen", "司徒": "situ", "司空": "sikong",
    "宗政": "zongzheng", "钟离": "zhongli", "闾丘": "lvqiu", "亓官": "qiguan", "鲜于": "xianyu", "赫连": "helian",
    "拓跋": "tuoba", "仲孙": "zhongsun", "叔孙": "shusun", "完颜": "wanyan", "纳兰": "nalan", "贺兰": "helan", "第五": "diwu",
    "公羊": "gongyang", "谷梁": "guliang", "颛孙": "zhuansun", "巫马": "wuma", "左丘": "zuoqiu", "梁丘": "liangqiu",
}
_HAN = re.compile(r"^[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+$")


def name_pinyin(name: str) -> str:
    """``欧阳娜`` → ``Ouyang Na``; parts of a name with dots stay parts; other scripts stay as they are."""
    parts = [p for p in name.replace("\u00b7", " ").split(" ") if p]
    if len(parts) == 1 and _HAN.match(parts[0]):
        return _han_name(parts[0])
    return " ".join(_joined(_syllables(p)) if _HAN.match(p) else p for p in parts)


def _han_name(name: str) -> str:
    double = DOUBLE_SURNAMES.get(name[:2]) if len(name) > 2 else None
    surname, given = (double, name[2:]) if double else (SURNAMES.get(name[0]) or _syllables(name[0])[0], name[1:])
    spelt = _joined([_plain(surname)])
    return f"{spelt} {_joined(_syllables(given))}" if given else spelt


def _syllables(text: str) -> list[str]:
    return [_plain(s) for s in lazy_pinyin(text, style=Style.NORMAL)]


def _plain(syllable: str) -> str:
    # Papers without diacritics write YU for the letter with two dots.
    return syllable.replace("v", "yu").replace("\u00fc", "yu")


def _joined(syllables: list[str]) -> str:
    text = syllables[0] if syllables else ""
    for syllable in syllables[1:]:
        text += ("'" if syllable[:1] in "aoe" else "") + syllable
    return text[:1].upper() + text[1:]
