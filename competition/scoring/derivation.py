"""The derivation of a figure: a tree of steps that a person can recompute by hand.

A step says what it is (``code``, ``label``), what came out (``value``, exact text) and the
facts that were used; ``steps`` are the figures it was made from. Its sentence is made from
these facts when it is read, so a stored derivation can be read in any language, and later in
better words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, overload

from competition.scoring import words
from competition.scoring.wording import CHINESE, Wording

Fact = str | int | bool | None | tuple["Fact", ...]


class Step(NamedTuple):
    """One step of a calculation."""

    code: str
    label: str
    value: str
    facts: Mapping[str, Fact] = MappingProxyType({})
    steps: "Steps" = ()

    def title(self, to: Wording = CHINESE) -> str:
        """What the step is about."""
        return words.title(self.label, self.facts, to)

    def say(self, to: Wording = CHINESE) -> str:
        """This step as one sentence, without the steps below it."""
        return words.sentence(self.code, self.label, self.value, self.facts, to)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "code": self.code,
            "label": self.label,
            "value": self.value,
            "facts": dict(self.facts),
            "steps": [step.to_json() for step in self.steps],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Step":
        """The step written by :meth:`to_json`."""
        return cls(
            code=data["code"],
            label=data["label"],
            value=data["value"],
            facts={key: _frozen(value) for key, value in data["facts"].items()},
            steps=tuple(cls.from_json(step) for step in data["steps"]),
        )


class Later(Sequence[Step]):
    """Steps that are written when somebody reads them; equal to the same ones in a tuple.

    Most derivations are never read, and a sheet is known by what was entered on it.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[Step, ...]]) -> None:
        self._make = make
        self._made: tuple[Step, ...] | None = None

    @property
    def _steps(self) -> tuple[Step, ...]:
        if self._made is None:
            self._made = self._make()
        return self._made

    @overload
    def __getitem__(self, place: int) -> Step: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Step, ...]: ...

    def __getitem__(self, place: int | slice) -> Step | tuple[Step, ...]:
        return self._steps[place]

    def __len__(self) -> int:
        return len(self._steps)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._steps == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # compared by what is in it, which is not fixed by what it is

    def __repr__(self) -> str:
        return repr(self._steps)


Steps = tuple[Step, ...] | Later


def outline(step: Step, depth: int = 0) -> Iterator[tuple[int, Step]]:
    """(depth, step) from the first mark to the result: parts before what they make."""
    for part in step.steps:
        yield from outline(part, depth + 1)
    yield depth, step


def sentences(step: Step, to: Wording = CHINESE) -> list[str]:
    """The whole derivation as sentences in the order in which one would recompute it."""
    return [part.say(to) for _depth, part in outline(step)]


def _frozen(value: Any) -> Fact:
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    return value  # type: ignore[no-any-return]
