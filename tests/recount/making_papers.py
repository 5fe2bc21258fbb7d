"""Random theory papers, keys for them and answers to them, near to the keys and far from them."""

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
_WORDS = ["铜", "铁 丝", "A", "a", "0.5", "0.50", "5", "5.0", "-1", "-01", "1.", "十，二"]


@st.composite
def papers(draw: Any, key: str = "p") -> Json:
    """The ``paper`` of an event; ``key`` begins the keys of its sections."""
    return {"sections": [draw(_section(f"{key}-{number}")) for number in range(draw(st.integers(1, 4)))]}


@st.composite
def _section(draw: Any, key: str) -> Json:
    def maybe(name: str, *values: str) -> Json:
        return {name: draw(st.sampled_from(values))} if draw(st.booleans()) else {}

    kind = draw(st.sampled_from(["single", "multiple", "true_false", "fill"]))
    made = {
        "key": key,
        "name": f"第{key}部分",
        "kind": kind,
        "count": draw(st.integers(1, 4)),
        "points": draw(st.sampled_from(["1", "2.5", "2"])),
    }
    if kind == "multiple":
        some = draw(st.sampled_from(["incomplete", "per_right", ""]))
        made |= {some: draw(st.sampled_from(["0", "0.5", "1"]))} if some else {}
    return {**made, **maybe("wrong", "-0.5", "-2"), **maybe("least", "-1", "-20")}


def _one(section: Json) -> st.SearchStrategy[str]:
    """An answer that may be right."""
    if section["kind"] == "fill":
        return st.sampled_from(_WORDS)
    if section["kind"] == "multiple":
        return st.sets(st.sampled_from("ABCDE"), min_size=1).map(lambda found: "".join(sorted(found)))
    return st.sampled_from("TF" if section["kind"] == "true_false" else "ABCD")


def key_of(section: Json) -> st.SearchStrategy[str]:
    """A key of a section."""
    item = st.one_of(_one(section), _one(section), st.lists(_one(section), min_size=2, max_size=3).map("|".join), st.just("*"))
    return st.lists(item, min_size=section["count"], max_size=section["count"]).map(",".join)


def answers_of(section: Json) -> st.SearchStrategy[str]:
    """Somebody's answers in a section."""
    letters = "TF" if section["kind"] == "true_false" else "ABCDE"
    odd = st.permutations(letters).map(lambda found: "".join(found[:2]).lower())
    item = st.one_of(_one(section), st.just(""), st.just(" ") if section["kind"] == "fill" else odd)
    return st.lists(item, min_size=section["count"], max_size=section["count"]).map(",".join)
