"""Reading how a criterion is marked: one function for each kind."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from competition.scoring import exact
from competition.scoring.criteria import Counts, Deduct, Grades, Judgement, Marking, PassFail, Points
from competition.scoring.each import Each
from competition.scoring.faults import ZEROED, FaultKind, Faults, Veto
from competition.scoring.read_times import read_unit
from competition.scoring.reader import OUTCOMES, Node, read_words
from competition.scoring.readings import Bands, Measured, Scale, Timed
from competition.scoring.texts import Words
from competition.scoring.wording import N_

_ONE = Fraction(1)
_FEWEST_LEVELS = 2


def _best(node: Node) -> Fraction:
    return node.decimal("max", above=0) or _ONE


def _points(node: Node) -> Marking:
    best = _best(node)
    step = node.decimal("step", above=0) or _ONE
    low = node.decimal("min", required=False) or exact.ZERO
    if node.clean():
        if low >= best:
            node.fault("min", N_("最低分必须小于满分。"))
        elif (best - low) % step != 0:
            node.fault("step", N_("步长 %(step)s 除不尽满分 %(full)s（从最低分算起）。"), step=exact.text(step), full=exact.text(best))
    return Points(best, step, low)


def _deduct(node: Node) -> Marking:
    best = _best(node)
    cap = node.decimal("cap", required=False, above=0) or best
    if node.clean() and cap > best:
        node.fault("cap", N_("扣分上限不能超过满分。"))
    return Deduct(
        best=best,
        per=node.decimal("per", above=0) or _ONE,
        input_max=Fraction(node.whole("most", required=False, low=1, high=9999) or 99),
        cap=cap,
        zero_from=node.whole("zero_from", required=False, low=1),
        each=read_each(node),
    )


def read_each(node: Node) -> Each:
    """How many faults count as one."""
    size = node.whole("each", required=False, low=2, high=9999)
    if node.has("count") and not node.has("each"):
        node.fault("count", N_("没有写每多少次计一次（each），就不能写 count。"))
    return Each(size or 1, node.choice("count", ("full", "started"), "full") == "started")


def _counts(node: Node) -> Marking:
    most = Fraction(node.whole("most", required=False, low=1, high=9999) or 9999)
    return Counts(_best(node), node.decimal("per", above=0) or _ONE, most)


def _measured(node: Node) -> Marking:
    tolerance = node.decimal("tolerance") or exact.ZERO
    beyond = node.decimal("zero_beyond", required=False)
    if beyond is not None and node.clean() and beyond < tolerance:
        node.fault("zero_beyond", N_("“一处超过即为零分”的界限不能小于允许偏差。"))
    return Measured(
        target=node.decimal("target", required=False),
        best=_best(node),
        places=node.whole("places", low=1, high=100) or 1,
        tolerance=tolerance,
        per_over=node.decimal("per_over") or exact.ZERO,
        zero_from=node.whole("zero_from", required=False, low=1),
        zero_beyond=beyond,
    )


def _bands(node: Node) -> Marking:
    best = _best(node)
    bands = []
    for band in node.children("bands", least=1):
        limit, points = band.decimal("upto"), band.decimal("points")
        bands.append((limit or exact.ZERO, points or exact.ZERO))
        band.close()
    otherwise = node.decimal("otherwise", required=False) or exact.ZERO
    if node.clean():
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(bands)):
            node.fault("bands", N_("各档的上限（upto）必须从小到大。"))
        if max(otherwise, *(points for _, points in bands)) != best:
            node.fault("max", N_("满分必须等于各档中最高的分值。"))
    return Bands(tuple(bands) or ((exact.ZERO, best),), otherwise, node.decimal("target", required=False))


def _judgement(node: Node) -> Marking:
    items = node.items("levels", least=_FEWEST_LEVELS)
    names = tuple(read_words(value, path, node.faults) for path, value in items)
    return Judgement(_best(node), names if len(names) >= _FEWEST_LEVELS else (Words(""),) * _FEWEST_LEVELS)


def _pass_fail(node: Node) -> Marking:
    return PassFail(_best(node))


def _grades(node: Node) -> Marking:
    best = _best(node)
    points, names, texts = [], [], []
    for grade in node.children("grades", least=_FEWEST_LEVELS):
        points.append(grade.decimal("points") or exact.ZERO)
        names.append(grade.words())
        texts.append(grade.words("text", required=False))
        grade.close()
    if node.clean() and max(points) != best:
        node.fault("max", N_("满分必须等于各档中最高的分值。"))
    return Grades(tuple(points) or (best,), tuple(names), tuple(texts))


def _scale(node: Node) -> Marking:
    best = _best(node)
    at = []
    for point in node.children("at", least=2):
        at.append((point.decimal("value") or exact.ZERO, point.decimal("points") or exact.ZERO))
        point.close()
    step = node.decimal("step", required=False, above=0) or Fraction(1, 100)
    rule = Scale(tuple(at) or ((exact.ZERO, best),), step, node.decimal("target", required=False))
    if node.clean():
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(at)):
            node.fault("at", N_("各点的读数（value）必须从小到大。"))
        if rule.best != best:
            node.fault("max", N_("满分必须等于各档中最高的分值。"))
    return rule


def _timed(node: Node) -> Marking:
    best = _best(node)
    over, early = node.child("over"), node.child("early")
    base = node.decimal("base", required=False)
    if base is not None and node.clean() and base > best:
        node.fault("base", N_("按时完成的分值不能超过满分。"))
    if over is None and early is None:
        node.fault("over", N_("超时扣分（over）和提前加分（early）至少要写一个。"))
    return Timed(
        best=best,
        limit=node.decimal("limit_s", above=0) or _ONE,
        base=best if base is None else base,
        over=None if over is None else read_unit(over),
        early=None if early is None else read_unit(early),
    )


def _faults(node: Node) -> Marking:
    best = _best(node)
    kinds = tuple(_fault(item) for item in node.children("faults", least=1))
    cap = node.decimal("cap", required=False, above=0) or best
    if node.clean() and cap > best:
        node.fault("cap", N_("扣分上限不能超过满分。"))
    return Faults(best, kinds, cap)


def _fault(node: Node) -> FaultKind:
    zero, zero_from = node.flag("zero"), node.whole("zero_from", required=False, low=1)
    if zero and zero_from is not None:
        node.fault("zero_from", N_("写了 zero，就不能再写 zero_from。"))
    then = node.child("outcome")
    start, outcome = None, ""
    if then is not None:
        start, outcome = then.whole("from", low=1), then.choice("code", OUTCOMES)
        then.close()
    kind = FaultKind(
        name=node.words(),
        per=node.decimal("per") or exact.ZERO,
        most=node.whole("most", required=False, low=1, high=9999) or 99,
        zero_from=1 if zero else zero_from,
        outcome_from=start,
        outcome=outcome,
        each=read_each(node),
    )
    node.close()
    return kind


def _veto(node: Node) -> Marking:
    return Veto(node.choice("then", (ZEROED, *OUTCOMES), ZEROED), node.whole("from", required=False, low=1, high=100))


KINDS: dict[str, Callable[[Node], Marking]] = {
    "points": _points,
    "deduct": _deduct,
    "measured": _measured,
    "bands": _bands,
    "judgement": _judgement,
    "pass_fail": _pass_fail,
    "counts": _counts,
    "faults": _faults,
    "grades": _grades,
    "timed": _timed,
    "scale": _scale,
    "veto": _veto,
}


def names_of(marking: Marking) -> tuple[Words, ...]:
    """What the levels, the grades or the kinds of fault are called."""
    if isinstance(marking, Faults):
        return tuple(kind.name for kind in marking.kinds)
    return marking.names if isinstance(marking, Judgement | Grades) else ()
