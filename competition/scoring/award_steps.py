"""Why somebody gets a prize or a title: the step that explains it."""

from competition.scoring import exact
from competition.scoring.awards import Won, ranges
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import Writer
from competition.scoring.inputs import Decision


def award_step(won: Won, base: int, decision: Decision | None, write: Writer) -> Step | None:
    """By which rule it was given; ``base`` took part, ``decision`` settled a tie at its border."""
    rule, tier = won
    facts: dict[str, Fact] = {"by": rule.by}
    if rule.by in {"ranks", "percent", "half"}:
        first, last = ranges(rule, base)[rule.tiers.index(tier)]
        facts |= {"first": first, "last": last, "base": base, "mode": rule.mode}
        facts |= {"percent": exact.text(tier.percent)} if tier.percent is not None else {}
    elif rule.by == "medals":
        facts["within"] = exact.text(rule.within)
        facts |= {"start": exact.text(tier.start)} if tier.start is not None else {}
    elif rule.by == "best_of":
        facts["of"] = rule.of
    if tier.minimum is not None:
        facts["minimum"] = exact.text(tier.minimum)
    if decision is not None:
        facts |= {"decided": decision.reason, "lot": decision.by == "lot"}
    return write.step("award", tier.name.zh, "", (), facts)
