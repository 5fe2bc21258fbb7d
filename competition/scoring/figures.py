"""Named figures of a row; most of them are asked for only in a tie, or when somebody reads the row."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Figures(Mapping[str, _Value], Generic[_Value]):
    """A table some of whose values are made when first asked for.

    ``make`` gives the value of each name in ``later``; equal to any mapping with the same values.
    """

    __slots__ = ("_known", "_later", "_make")

    def __init__(
        self, known: Mapping[str, _Value] | None = None, later: Collection[str] = (), make: Callable[[str], _Value] | None = None
    ) -> None:
        self._known = dict(known or {})
        self._later = later
        self._make = make

    def __getitem__(self, name: str) -> _Value:
        if name not in self._known:
            if self._make is None or name not in self._later:
                raise KeyError(name)
            self._known[name] = self._make(name)
        return self._known[name]

    def having(self, known: Mapping[str, _Value]) -> "Figures[_Value]":
        """The same with some more values that are known."""
        return Figures({**self._known, **known}, self._later, self._make)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._known, *self._later)))

    def __len__(self) -> int:
        return len({*self._known, *self._later})

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._later

    def __repr__(self) -> str:
        return repr(dict(self))
