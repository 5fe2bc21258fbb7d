"""Reading a JSON document strictly while collecting every fault in it.

A ``Node`` is one object of the document. Each getter reports what is wrong with its value
and returns None (or an empty list), so that reading goes on and all faults come at once.
"""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from competition.scoring import exact
from competition.scoring.model import Words
from competition.scoring.wording import CHINESE, N_, Wording

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
# What may follow by itself from a violation; OUT only from a time.
OUTCOMES = ("ABSENT", "WITHDRAWN", "DISQUALIFIED", "RESULT_CANCELLED", "ZERO")
_SOURCES = ("published", "default")
_LARGEST = 10**12
# Messages that a page says in its own way.
MISSING = N_("缺少“%(key)s”。")
NO_FIGURE = N_("没有名为“%(name)s”的数值，可用的有：%(options)s。")


Value = str | int | tuple[str, ...]


class Fault(NamedTuple):
    """One thing wrong with a rulebook: where (a JSON pointer) and what (a message, and what it is said of)."""

    path: str
    message: str
    values: tuple[tuple[str, Value], ...] = ()

    def say(self, to: Wording = CHINESE) -> str:
        """The sentence."""
        return to.say(self.message, **{key: to.joined(value) if isinstance(value, tuple) else value for key, value in self.values})


class Node:
    """One JSON object, read key by key; ``close`` reports the keys nobody asked for."""

    def __init__(self, value: object, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        self.broken = not isinstance(value, Mapping)
        self._value: Mapping[object, object] = value if isinstance(value, Mapping) else {}
        self._read: set[object] = set()
        if self.broken:
            self.fault("", N_("这里应为一个对象（键和值）。"))
        self.source = self.choice("source", _SOURCES, "")
        self.text("note")

    def fault(self, key: str, message: str, /, **values: Value) -> None:
        """Report a fault at ``key`` below this object (or at the object itself)."""
        self.faults.append(Fault(f"{self.path}/{key}" if key else self.path or "/", message, tuple(values.items())))

    def clean(self, key: str = "") -> bool:
        """Whether nothing at or below ``key`` has been found faulty so far."""
        start = f"{self.path}/{key}" if key else self.path
        return not self.broken and not any(fault.path == start or fault.path.startswith(f"{start}/") for fault in self.faults)

    def close(self) -> None:
        """Report keys that are not part of the format, such as misspelt ones."""
        for key in self._value:
            if key not in self._read:
                self.fault(str(key), N_("不认识的键“%(key)s”。"), key=str(key))

    def has(self, key: str) -> bool:
        """Whether ``key`` is there and not null."""
        return self._value.get(key) is not None

    def raw(self, key: str, *, required: bool = True) -> object | None:
        """The value as it is; a missing required one is a fault."""
        self._read.add(key)
        value = self._value.get(key)
        if value is None and required and not self.broken:
            self.fault(key, MISSING, key=key)
        return value

    def key(self, name: str = "key") -> str:
        """A stable key: small Latin letters, digits, ``_`` and ``-``."""
        value = self.raw(name)
        if value is None:
            return ""
        if not isinstance(value, str) or _KEY.fullmatch(value) is None:
            self.fault(name, N_("标识须以小写拉丁字母开头，只含小写字母、数字、“_”和“-”，最多 40 个字符。"))
            return ""
        return value

    def text(self, name: str, *, required: bool = False) -> str:
        """A plain text."""
        value = self.raw(name, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(name, N_("这里应为文字。"))
            return ""
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            self.fault(name, N_("文字中有不完整的字符。"))
            return ""
        return value

    def words(self, name: str = "name", *, required: bool = True) -> Words:
        """A text in several languages; at least Chinese."""
        value = self.raw(name, required=required)
        if value is None:
            return Words("")
        return read_words(value, f"{self.path}/{name}", self.faults)

    def choice(self, name: str, options: Iterable[str], default: str | None = None) -> str:
        """One of ``options``; without a default it is required."""
        allowed = tuple(options)
        value = self.raw(name, required=default is None)
        if value is None:
            return default or allowed[0]
        if not isinstance(value, str) or value not in allowed:
            self.fault(name, N_("只能是：%(options)s。"), options=allowed)
            return default or allowed[0]
        return value

    def flag(self, name: str) -> bool:
        """true or false; false when absent."""
        value = self.raw(name, required=False)
        if value is not None and not isinstance(value, bool):
            self.fault(name, N_("只能是 true 或 false。"))
        return value is True

    def decimal(
        self,
        name: str,
        *,
        required: bool = True,
        low: int = 0,
        above: int | None = None,
        high: int | None = None,
    ) -> Fraction | None:
        """An exact number ≥ ``low`` (> ``above``, ≤ ``high``): a text, or a whole number."""
        value = self.raw(name, required=required)
        if value is None:
            return None
        result = _exact(value)
        if result is None:
            self.fault(name, N_('数值须写成文字，例如 "0.5"（整数可以直接写），不能用小数或科学记数。'))
        elif above is not None and result <= above:
            self.fault(name, N_("必须大于 %(n)s。"), n=above)
        elif result < low:
            self.fault(name, N_("不能小于 %(n)s。"), n=low)
        elif high is not None and result > high:
            self.fault(name, N_("不能大于 %(n)s。"), n=high)
        else:
            return result
        return None

    def whole(self, name: str, *, required: bool = True, low: int = 0, high: int = 10**9) -> int | None:
        """A whole number within bounds."""
        value = self.raw(name, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(name, N_("必须是整数。"))
        elif not low <= value <= high:
            self.fault(name, N_("必须在 %(low)s 到 %(high)s 之间。"), low=low, high=high)
        else:
            return value
        return None

    def child(self, name: str, *, required: bool = False) -> "Node | None":
        """The object at ``name``, or None when there is none."""
        value = self.raw(name, required=required)
        return None if value is None else Node(value, f"{self.path}/{name}", self.faults)

    def children(self, name: str, *, least: int = 0) -> list["Node"]:
        """The objects in the list at ``name``; fewer than ``least`` is a fault."""
        return [Node(item, path, self.faults) for path, item in self.items(name, least=least)]

    def items(self, name: str, *, least: int = 0) -> list[tuple[str, object]]:
        """(path, value) of the list at ``name``."""
        value = self.raw(name, required=least > 0)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.fault(name, N_("这里应为列表。"))
            return []
        if len(value) < least:
            self.fault(name, N_("至少要有 %(n)s 项。"), n=least)
        return [(f"{self.path}/{name}/{index}", item) for index, item in enumerate(value)]

    def entries(self) -> list[str]:
        """All text keys of an object that serves as a table."""
        return [key for key in self._value if isinstance(key, str) and key not in {"note", "source"}]


def read_words(value: object, path: str, faults: list[Fault]) -> Words:
    """``"文字"`` or ``{"zh": …, "en": …, "bo": …}``."""
    if isinstance(value, str):
        value = {"zh": value}
    node = Node(value, path, faults)
    words = Words(node.text("zh", required=True), node.text("en"), node.text("bo"))
    if node.has("zh") and not words.zh.strip() and node.clean("zh"):
        node.fault("zh", N_("中文名称不能为空。"))
    node.close()
    return words


def _exact(value: object) -> Fraction | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value) if abs(value) < _LARGEST else None
    if isinstance(value, str):
        try:
            return exact.fraction(value)
        except ValueError:
            return None
    return None


def repeated(node: Node, name: str, keys: list[str], taken: Iterable[str] = ()) -> None:
    """Report keys in the list ``name`` that occur twice or belong to something else."""
    seen = set(taken)
    for index, key in enumerate(keys):
        claim(node, f"{name}/{index}/key", key, seen)


def claim(node: Node, path: str, key: str, taken: set[str]) -> None:
    """Take ``key``; report it at ``path`` when it was taken before."""
    if key and key in taken:
        node.fault(path, N_("标识“%(key)s”重复，或是系统保留的名称。"), key=key)
    taken.add(key)
