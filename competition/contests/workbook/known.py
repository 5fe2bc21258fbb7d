"""What the rows of a rulebook's workbook refer to: things read before, found by key or by name. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from competition.contests.rules_fields import Spec, shown_words
from competition.contests.rules_outline import Document, Steps
from competition.contests.workbook.cells import key_in
from competition.core.words import say as _

Make = Callable[[str], str]


@dataclass(eq=False)
class Thing:
    """Something with a row: the object, the way to it, and what stands in it by kind of reference."""

    item: Document
    steps: Steps
    kind: str = ""
    label: str = ""
    inner: dict[str, list["Thing"]] = field(default_factory=dict)
    path: list["Thing"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its Chinese name."""
        return str(shown_words(self.item.get("name"))["zh"])

    def things(self, ref: str) -> list["Thing"]:
        """Those within that a kind of reference can mean."""
        return self.inner.setdefault(ref, [])


def find(things: Iterable[Thing], text: str) -> Thing:
    """The one that is meant; raises ValueError with the sentence."""
    things = list(things)
    key = key_in(text)
    found = [one for one in things if key is not None and key in (one.item.get("key"), one.label)]
    found = found or [one for one in things if text in (one.name, one.label)]
    if not found:
        raise ValueError(_("没有找到“%(what)s”。请写标识或名称，并核对它所在的行。", what=text))
    if len(found) > 1:
        raise ValueError(_("有 %(n)s 个“%(what)s”，请写标识，并保证标识不重复。", what=text, n=len(found)))
    return found[0]


@dataclass
class Keys:
    """Keys for rows without one. ``typed``: what stands in the workbook; prizes of one name share their key."""

    make: Make
    typed: set[str]
    prizes: dict[str, str]

    def new(self, start: str) -> str:
        """A key that nothing has."""
        while (key := self.make(start)) in self.typed:
            pass
        self.typed.add(key)
        return key

    def prize(self, name: str) -> str:
        """The key of the prizes of this name."""
        return self.prizes[name] if name in self.prizes else self.prizes.setdefault(name, self.new("p"))


@dataclass
class Known:
    """Everything read so far."""

    root: Thing
    keys: Keys

    def scopes(self, ref: str) -> list[Thing]:
        """Events, and totals and team rules where the reference can mean them."""
        return [one for one in self.root.things("scope") if ref == "scope" or one.kind == "event"]

    def holder(self, ref: str, text: str, within: Thing) -> Thing:
        """Whose row it is, by one reference column after the other; raises ValueError."""
        if ref in ("event", "scope"):
            return find(self.scopes(ref), text)
        if ref == "item" and not text:
            return within
        return find(within.things(ref), text)

    def reference(self, spec: Spec, text: str, holder: Thing) -> str:
        """The key that a reference says; a name is looked up. Raises ValueError."""
        key = key_in(text)
        if key is not None:
            return key
        if spec.choices_of == "tier":
            if text in self.keys.prizes:
                return self.keys.prizes[text]
            raise ValueError(_("没有找到“%(what)s”。请写标识或名称，并核对它所在的行。", what=text))
        fixed = {"成绩": "score", "用时": "time", "裁判评分": "judges"}
        if spec.choices_of == "figure" and text in fixed:
            return fixed[text]
        scope = holder.path[0] if holder.path else holder
        inner = [*scope.things("item"), *scope.things("figure")] if spec.choices_of == "figure" else []
        return str(find([*inner, *self.scopes("scope")], text).item.get("key"))
