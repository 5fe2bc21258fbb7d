"""Names in pinyin, as on an identity paper: surname, blank, given name (GB/T 28039). Pure.

Only a proposal: people correct it, and names that are not Han names are written as their owners say.
"""

import re
import unicodedata
from collections.abc import Callable

from competition.core.readings import syllables

# Characters that are read otherwise when they are a surname. The library has no way to ask for a name (its issues 120 and 297).
SURNAMES = {
    "单": "shàn", "仇": "qiú", "区": "ōu", "解": "xiè", "查": "zhā", "曾": "zēng", "任": "rén", "盖": "gě", "朴": "piáo",
    "尉": "wèi", "乐": "yuè", "翟": "zhái", "员": "yùn", "缪": "miào", "黑": "hè", "折": "shé", "繁": "pó", "种": "chóng",
    "秘": "bì", "冼": "xiǎn", "洗": "xiǎn", "覃": "qín", "燕": "yān", "纪": "jǐ", "能": "nài", "召": "shào", "宓": "mì",
    "逄": "páng", "郗": "xī", "隗": "wěi", "葛": "gě", "应": "yīng", "哈": "hǎ", "万": "wàn", "幺": "yāo", "么": "yāo",
    "祭": "zhài", "句": "gōu", "谌": "chén", "牟": "mù", "那": "nā", "柏": "bǎi", "薄": "bó", "行": "xíng", "车": "chē",
    "占": "zhān", "於": "yū", "贾": "jiǎ", "石": "shí", "宁": "níng", "都": "dū", "佴": "nài", "藏": "zāng", "华": "huà",
    "过": "guō", "卜": "bǔ", "重": "chóng", "尹": "yǐn", "撒": "sǎ", "冯": "féng", "沈": "shěn", "晟": "chéng", "长": "cháng",
    "呙": "guō", "炅": "guì", "乜": "niè", "佘": "shé", "仉": "zhǎng", "妫": "guī", "訾": "zī", "逯": "lù", "厍": "shè",
}
DOUBLE_SURNAMES = {
    "欧阳": "ōuyáng", "司马": "sīmǎ", "上官": "shàngguān", "诸葛": "zhūgě", "尉迟": "yùchí", "单于": "chányú", "万俟": "mòqí",
    "长孙": "zhǎngsūn", "澹台": "tántái", "令狐": "línghú", "皇甫": "huángfǔ", "夏侯": "xiàhóu", "宇文": "yǔwén",
    "慕容": "mùróng", "东方": "dōngfāng", "独孤": "dúgū", "呼延": "hūyán", "公孙": "gōngsūn", "轩辕": "xuānyuán",
    "濮阳": "púyáng", "淳于": "chúnyú", "申屠": "shēntú", "公冶": "gōngyě", "太史": "tàishǐ", "端木": "duānmù",
    "百里": "bǎilǐ", "东郭": "dōngguō", "南宫": "nángōng", "西门": "xīmén", "司徒": "sītú", "司空": "sīkōng",
    "宗政": "zōngzhèng", "钟离": "zhōnglí", "闾丘": "lǘqiū", "亓官": "qíguān", "鲜于": "xiānyú", "赫连": "hèlián",
    "拓跋": "tuòbá", "仲孙": "zhòngsūn", "叔孙": "shūsūn", "完颜": "wányán", "纳兰": "nàlán", "贺兰": "hèlán", "第五": "dìwǔ",
    "公羊": "gōngyáng", "谷梁": "gǔliáng", "颛孙": "zhuānsūn", "巫马": "wūmǎ", "左丘": "zuǒqiū", "梁丘": "liángqiū",
}
# Macron, acute, caron, grave; a syllable that begins with one of the letters is set off from the one before.
_TONES, _OPEN = "\u0304\u0301\u030c\u0300", ("a", "o", "e")
_HAN = re.compile(r"^[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+$")


def name_pinyin(name: str) -> str:
    """``欧阳娜`` → ``Ouyang Na``; parts of a name with dots stay parts; other scripts stay as they are."""
    return _spelt(name, _plain, tones=False)


def spoken_name(name: str) -> str:
    """The same with tones, for who calls the name: ``欧阳娜`` → ``Ōuyáng Nà``."""
    return _spelt(name, str, tones=True)


def _spelt(name: str, write: Callable[[str], str], *, tones: bool) -> str:
    parts = [p for p in name.replace("\u00b7", " ").split(" ") if p]
    if len(parts) == 1 and _HAN.match(parts[0]):
        surname, given = _surname(parts[0])
        spelt = _joined([write(surname)])
        return f"{spelt} {_joined(_syllables(given, write, tones=tones))}" if given else spelt
    return " ".join(_joined(_syllables(p, write, tones=tones)) if _HAN.match(p) else p for p in parts)


def _surname(name: str) -> tuple[str, str]:
    """How the surname of a Han name is read, with tones, and the given name."""
    double = DOUBLE_SURNAMES.get(name[:2]) if len(name) > 2 else None
    return (double, name[2:]) if double else (SURNAMES.get(name[0]) or syllables(name[0], tones=True)[0], name[1:])


def _syllables(text: str, write: Callable[[str], str], *, tones: bool) -> list[str]:
    return [write(s) for s in syllables(text, tones=tones)]


def _plain(syllable: str) -> str:
    # Papers without diacritics write YU for the letter with two dots.
    bare = "".join(c for c in unicodedata.normalize("NFD", syllable.replace("v", "\u00fc")) if c not in _TONES)
    return unicodedata.normalize("NFC", bare).replace("\u00fc", "yu")


def _joined(syllables: list[str]) -> str:
    text = syllables[0] if syllables else ""
    for syllable in syllables[1:]:
        text += ("'" if unicodedata.normalize("NFD", syllable[:1])[:1] in _OPEN else "") + syllable
    return text[:1].upper() + text[1:]
