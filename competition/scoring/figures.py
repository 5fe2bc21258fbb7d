"""Named figures of a row; most of them are asked for only in a tie, or when somebody reads the row."""

from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, Generic, TypeVar

from competition.scoring.exact import Number, number

_Value = TypeVar("_Value")


class Figures(Mapping[str, _Value], Generic[_Value]):
    """A table some of whose values are made when first asked for.

    ``make(of, name)`` gives the value of each name in ``later``, which are added to ``known``; equal to any
    mapping with the same values.
    """

    __slots__ = ("_known", "_later", "_make", "_of")

    def __init__(
        self, known: dict[str, _Value], later: Collection[str] = (), make: Callable[[Any, str], _Value] | None = None, of: object = None
    ) -> None:
        self._known = known
        self._later = later
        self._make = make
        self._of = of

    def __getitem__(self, name: str) -> _Value:
        try:
            return self._known[name]
        except KeyError:
            if self._make is None or name not in self._later:
                raise
        made = self._known[name] = self._make(self._of, name)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._known, *self._later)))

    def __len__(self) -> int:
        return len({*self._known, *self._later})

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._later

    def __repr__(self) -> str:
        return repr(dict(self))


class Nested(Mapping[str, _Value], Generic[_Value]):
    """The figures of a total: its own, and those of its parts under their paths, ``PART.FIGURE``."""

    __slots__ = ("_own", "_parts")

    def __init__(self, own: Mapping[str, _Value], parts: Mapping[str, Mapping[str, _Value]]) -> None:
        self._own = own
        self._parts = parts

    def __getitem__(self, path: str) -> _Value:
        if path in self._own:
            return self._own[path]
        part, dot, name = path.partition(".")
        if not dot or name == "score":
            raise KeyError(path)
        return self._parts[part][name]

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        for part, figures in self._parts.items():
            yield from (f"{part}.{name}" for name in figures if name != "score")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, path: object) -> bool:
        if path in self._own:
            return True
        part, _dot, name = str(path).partition(".")
        return name != "score" and name in self._parts.get(part, {})


class Shown(Mapping[str, Number]):
    """Those figures that a row shows, each made when it is read; ``keep`` says which."""

    __slots__ = ("_figures", "_keep")

    def __init__(self, figures: Mapping[str, Fraction], keep: Callable[[str], bool]) -> None:
        self._figures = figures
        self._keep = keep

    def __getitem__(self, name: str) -> Number:
        if not self._keep(name):
            raise KeyError(name)
        return number(self._figures[name])

    def __iter__(self) -> Iterator[str]:
        return filter(self._keep, self._figures)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))
