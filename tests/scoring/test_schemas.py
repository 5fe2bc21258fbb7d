"""The published schemas say what the readers take: every key of both, and every value that is wrong by itself."""

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from competition.scoring import reader, rulebook, rulebook_schema
from competition.scoring.reader import Fault
from tests.scoring import corpus, schemas
from tests.scoring.documents import document, points, practical, theory
from tests.scoring.test_properties import places

FOLDER = Path(reader.__file__).parent
UNKNOWN = {"不认识的键“%(key)s”。", rulebook.UNKNOWN_OUTCOME}
# What is wrong only beside something else in the document.
BESIDE = {"标识“%(key)s”重复，或是系统保留的名称。", reader.NO_FIGURE}
# What is missing only because of something elsewhere; a schema does not see it.
ELSEWHERE = re.compile(r"/events/\d+/panel|/totals/\d+/full")
SPOILT: tuple[Any, ...] = (None, "x", "", "0", "0.5", "101", "-1", 0, -1, 1, 200_000, 10**12, 1.5, True, [], ["x"], {}, {"x": "y"})


def texts(module: Path) -> set[str]:
    """Every text that stands in a module."""
    tree = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    return {node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}


FORM = {text for text in texts(FOLDER / "reader.py") if re.search("[一-鿿]", text)} - BESIDE


def faults(given: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        rulebook.load(given)
    except rulebook.RulebookFaults as error:
        return error.faults
    return ()


def keys_of(schema: object) -> Iterator[str]:
    """Every key of a rulebook that a schema names."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from keys_of(inner)


def every_key() -> set[str]:
    """Whatever the readers could ask for, whatever the schema names, and one that nobody knows."""
    asked = set().union(*(texts(path) for path in FOLDER.glob("read*.py")))
    return {text for text in asked if re.fullmatch("[A-Za-z_]+", text)} | set(keys_of(rulebook_schema.schema())) | {"nobody"}


def written_keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from written_keys(inner)


def objects(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from objects(inner, (*path, step))


def found(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize("name", schemas.FILES)
def test_the_published_schemas_are_in_step_with_the_program(name: str) -> None:
    assert (schemas.FOLDER / name).read_text(encoding="utf-8") == schemas.FILES[name]


@pytest.mark.parametrize("name", corpus.ALL)
def test_every_rulebook_of_ours_is_valid(name: str) -> None:
    assert not faults(corpus.ALL[name])
    assert not schemas.refused(corpus.ALL[name])


@pytest.mark.parametrize("name", corpus.CASES)
def test_every_case_is_valid_with_the_rulebook_in_it(name: str) -> None:
    schemas.CASE.validate(corpus.CASES[name])
    spoilt = {**corpus.CASES[name], "rulebook": {**document(practical()), "nobody": 1}}
    assert not schemas.CASE.is_valid(spoilt)


def test_every_key_of_the_schema_is_tried() -> None:
    assert set(keys_of(rulebook_schema.schema())) == set(written_keys([*corpus.ALL.values()])) | set(rulebook.DEFAULT_EFFECTS)
    assert set(re.findall("'kind': '([a-z_]+)'", str(corpus.ALL))) >= corpus.WORDS


@pytest.mark.parametrize("name", corpus.ALL)
def test_both_know_the_same_keys_everywhere(name: str) -> None:
    given, extra = corpus.ALL[name], sorted(every_key())
    for path in objects(given):
        spoilt = copy.deepcopy(given)
        here = found(spoilt, path)
        added = [key for key in extra if key not in here]
        here.update(dict.fromkeys(added))
        where = "".join(f"/{step}" for step in path)
        strangers = {fault.path for fault in faults(spoilt) if fault.message in UNKNOWN}
        assert strangers == schemas.refused(spoilt) & {f"{where}/{key}" for key in added}, where


@pytest.mark.parametrize("name", corpus.SMALL)
def test_what_the_reader_takes_is_valid_and_what_is_wrong_by_itself_is_not(name: str) -> None:
    given = corpus.SMALL[name]
    for path in places(given):
        target = found(given, path[:-1])
        before = target[path[-1]]
        for value in SPOILT:
            target[path[-1]] = value
            assert disagreement(given) is None, f"{path} = {value!r}"
        target[path[-1]] = before
        if isinstance(target, dict):
            shorter = copy.deepcopy(given)
            del found(shorter, path[:-1])[path[-1]]
            assert disagreement(shorter) is None, f"without {path}"


def disagreement(given: dict[str, Any]) -> object:
    """What one of schema and reader finds wrong in the form of a rulebook and the other does not; None: nothing."""
    wrong = faults(given)
    if schemas.RULEBOOK.is_valid(given):
        return {fault for fault in wrong if fault.message in FORM and not ELSEWHERE.fullmatch(fault.path)} or None
    return None if wrong else schemas.refused(given)


@pytest.mark.parametrize(
    ("faulty", "place"),
    [
        ({**document(practical()), "format": 2}, "/format"),
        ({**document(practical()), "rounding": {"event": {"places": 2}, "total": {"places": 2}}}, "/rounding/team"),
        (document(practical(full=99.5)), "/events/0/full"),
        (document(practical(panel={"method": "best"})), "/events/0/panel/method"),
        (document(practical(panel={"method": "trimmed_mean", "drop_low": 1, "drop_high": 1})), "/events/0/panel/from"),
        (document(practical(criteria=[points(max=-1)])), "/events/0/criteria/0/max"),
        (document(practical(criteria=[{**points(), "stpe": "1"}])), "/events/0/criteria/0/stpe"),
        (document(theory(criteria=[points()])), "/events/0/criteria"),
        (document(practical(key="Ab")), "/events/0/key"),
        (document(), "/events"),
    ],
)
def test_both_refuse_at_the_same_place(faulty: dict[str, Any], place: str) -> None:
    assert place in {fault.path for fault in faults(faulty)}
    assert any(where == place or where.startswith(f"{place}/") for where in schemas.refused(faulty))


