"""The rulebook: a JSON document, checked as a whole and named by the hash of its content.

The format is described in ``docs/rulebook.md``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from competition.scoring.model import Criterion, Effect, Event, Rulebook, TeamRule, Total, Words
from competition.scoring.read_events import read_event
from competition.scoring.read_rounding import read_rounding
from competition.scoring.read_scopes import check_scopes, read_total
from competition.scoring.read_teams import read_team
from competition.scoring.reader import Fault, Node
from competition.scoring.rounding import STAGES, Rounding
from competition.scoring.wording import N_

__all__ = [
    "DEFAULT_EFFECTS",
    "FORMAT",
    "Criterion",
    "Event",
    "Fault",
    "Rulebook",
    "RulebookFaults",
    "TeamRule",
    "Total",
    "Words",
    "canonical",
    "digest",
    "load",
    "read",
]

FORMAT = 1
UNKNOWN_OUTCOME = N_("不认识的情况“%(code)s”，可用的有：%(options)s。")
PUBLISHED_STAGES = ("event", "total", "team")

# Our own defaults; a rulebook may set every one of them otherwise.
DEFAULT_EFFECTS = {
    "ABSENT": Effect(in_total="zero", took_part=False),
    "WITHDRAWN": Effect(in_total="out", took_part=False),
    "DISQUALIFIED": Effect(in_total="out", took_part=True),
    "RESULT_CANCELLED": Effect(in_total="zero", took_part=True),
    "ZERO": Effect(in_total="zero", took_part=True),
    "OUT": Effect(in_total="out", took_part=True),
}


class RulebookFaults(ValueError):
    """A document that is no rulebook; ``faults`` lists everything wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda fault: (fault.path, fault.say())))
        super().__init__("\n".join(f"{fault.path}: {fault.say()}" for fault in self.faults))


def canonical(document: Mapping[str, object]) -> str:
    """The document as JSON text that does not depend on key order or blanks."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(document: Mapping[str, object]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode(errors="surrogatepass")).hexdigest()


def load(document: Mapping[str, object]) -> Rulebook:
    """Read and check a rulebook; raises RulebookFaults with every fault at once."""
    found, faults = read(document)
    if faults:
        raise RulebookFaults(faults)
    return found


def read(document: Mapping[str, object]) -> tuple[Rulebook, tuple[Fault, ...]]:
    """The rulebook as far as it can be read, and everything wrong with it. Only without faults may it be computed with."""
    faults: list[Fault] = []
    node = Node(document, "", faults)
    if node.whole("format", low=1) not in {FORMAT, None} and node.clean("format"):
        node.fault("format", N_("只认识格式 %(n)s。"), n=FORMAT)
    nodes = (node.children("events", least=1), node.children("totals"), node.children("teams"))
    events = tuple(read_event(item) for item in nodes[0])
    totals = tuple(read_total(item) for item in nodes[1])
    teams = tuple(read_team(item) for item in nodes[2])
    key, version, name = node.key(), node.whole("version", low=1), node.words()
    rounding, effects = _rounding(node), _effects(node)
    totals = check_scopes(node, nodes, events, totals, teams)
    node.close()
    # What is faulty may hold what no canonical form has, and is frozen nowhere.
    sealed = "" if faults else digest(document)
    found = Rulebook(key, version or 1, name, sealed, events, totals, teams, rounding, effects, node.source)
    return found, RulebookFaults(faults).faults


def _rounding(node: Node) -> dict[str, Rounding]:
    table = node.child("rounding", required=True)
    if table is None:
        return {}
    rules = {}
    for stage in STAGES:
        rule = read_rounding(table.child(stage, required=stage in PUBLISHED_STAGES))
        if rule is not None:
            rules[stage] = rule
    table.close()
    return rules


def _effects(node: Node) -> dict[str, Effect]:
    effects = dict(DEFAULT_EFFECTS)
    table = node.child("outcomes")
    for code in () if table is None else table.entries():
        item = table.child(code) if table is not None else None
        if table is not None and code not in DEFAULT_EFFECTS:
            table.fault(code, UNKNOWN_OUTCOME, code=code, options=tuple(DEFAULT_EFFECTS))
            continue
        if item is None:
            continue
        usual = DEFAULT_EFFECTS[code]
        effects[code] = Effect(
            in_total=item.choice("in_total", ("zero", "out"), usual.in_total),
            took_part=item.flag("took_part") if item.has("took_part") else usual.took_part,
            prizes=item.flag("prizes"),
        )
        item.flag("took_part")
        item.close()
    return effects
