"""What a list would change of what is known: the figures of a dry run. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from competition.accounts.identity import Document
from competition.rosters.rules_rows import Person

K = TypeVar("K", bound=Hashable)


@dataclass
class Differences(Generic[K]):
    """``new``: people not known before. ``changed``: with the fields that differ. ``gone``: keys that are known and not in the list."""

    new: list[Person] = field(default_factory=list)
    same: list[Person] = field(default_factory=list)
    changed: list[tuple[Person, tuple[str, ...]]] = field(default_factory=list)
    gone: list[K] = field(default_factory=list)


def compare(
    people: Iterable[Person], known: Mapping[K, Mapping[str, Any]], key_of: Callable[[Document], K],
) -> Differences[K]:
    """``known``: by key, the fields of a person that count (names of ``Person``'s attributes); a key is what ``key_of`` makes of a
    document. A field that the list leaves empty changes nothing."""
    found, seen = Differences[K](), set()
    for person in people:
        key = key_of(person.document)
        seen.add(key)
        before = known.get(key)
        if before is None:
            found.new.append(person)
            continue
        said = {name: getattr(person, name) for name in before}
        differing = tuple(name for name, value in said.items() if value not in (None, "", before[name]))
        if differing:
            found.changed.append((person, differing))
        else:
            found.same.append(person)
    found.gone = [key for key in known if key not in seen]
    return found
