"""Named totals: weighted sums of published figures, and teams as sums of their members."""

from collections.abc import Mapping
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import INCOMPLETE, OK, Draft, Writer
from competition.scoring.model import Event, Part, Rulebook, TeamRule, Total
from competition.scoring.rounding import round_to

_COUNTING = (OK, "ZERO")


def score_total(
    rulebook: Rulebook,
    total: Total,
    below: Mapping[str, Mapping[str, Draft]],
    overall: Mapping[str, str],
    write: Writer,
) -> list[Draft]:
    """The drafts of a total: for everyone who entered all of its parts.

    ``below``: drafts of events and totals by key and entry; ``overall``: outcomes that are
    recorded for everything.
    """
    entered = [set(below[part.of]) for part in total.parts]
    return [
        _total(rulebook, total, {part.of: below[part.of][entry] for part in total.parts}, entry, overall, write)
        for entry in sorted(set.intersection(*entered))
    ]


def _total(
    rulebook: Rulebook,
    total: Total,
    parts: Mapping[str, Draft],
    entry: str,
    overall: Mapping[str, str],
    write: Writer,
) -> Draft:
    team = next(iter(parts.values())).team
    status = overall.get(entry) or _status(rulebook, [part.status for part in parts.values()])
    steps = [_reference(rulebook, key, part, write) for key, part in parts.items()]
    rule = rulebook.rounding["total"]
    if status not in _COUNTING:
        facts: dict[str, Fact] = {"status": status, "late": False}
        return Draft(entry, status, None, {}, write.step("outcome", total.name.zh, "", steps, facts), team=team)
    if status == "ZERO":
        zero: dict[str, Fact] = {"status": status, "late": False}
        made = write.step("outcome", total.name.zh, round_to(exact.ZERO, rule), steps, zero)
        return Draft(entry, status, round_to(exact.ZERO, rule), {"score": exact.ZERO}, made, team=team)
    shares = {part.of: _share(rulebook, total, part, parts[part.of]) for part in total.parts}
    value = exact.add(shares.values())
    made = _step(rulebook, total, parts, shares, steps, write)
    value, made = write.rounded(total.name.zh, value, rule, made)
    figures, partial = _figures(rulebook, total, parts)
    figures["score"] = value
    return Draft(entry, OK, round_to(value, rule), figures, made, partial, team)


def _status(rulebook: Rulebook, statuses: list[str]) -> str:
    """What the outcomes in the parts mean for the total."""
    if INCOMPLETE in statuses:
        return INCOMPLETE
    fallen = [status for status in statuses if status != OK]
    for status in sorted(fallen, key=list(rulebook.outcomes).index):
        if rulebook.outcomes[status].in_total == "out":
            return status
    standing = [status for status in fallen if status not in _COUNTING]
    return standing[0] if standing and len(standing) == len(statuses) else OK


def _share(rulebook: Rulebook, total: Total, part: Part, draft: Draft) -> Fraction:
    """What a part adds, exactly: its published figure, scaled to the total's full marks."""
    value = exact.ZERO if draft.value is None else Fraction(draft.value)
    if part.weight is None:
        return value
    return value * part.weight / 100 * Fraction(total.full) / part_full(rulebook, part.of)


def _reference(rulebook: Rulebook, key: str, draft: Draft, write: Writer) -> Step | None:
    """A pointer to the part's own derivation, which stands with the part."""
    facts: dict[str, Fact] = {"of": key, "entry": draft.entry, "status": draft.status}
    value = "" if draft.value is None else exact.text(draft.value)
    return write.step("part", part_scope(rulebook, key).name.zh, value, (), facts)


def part_scope(rulebook: Rulebook, key: str) -> Event | Total:
    """The event or total ``key``."""
    scopes: tuple[Event | Total, ...] = (*rulebook.events, *rulebook.totals)
    for scope in scopes:
        if scope.key == key:
            return scope
    raise KeyError(key)


def has_time(rulebook: Rulebook, key: str) -> bool:
    """Whether time is measured in the event, or in any event of the total."""
    scope = part_scope(rulebook, key)
    if isinstance(scope, Event):
        return scope.time is not None
    return any(has_time(rulebook, part.of) for part in scope.parts)


def part_full(rulebook: Rulebook, key: str) -> Fraction:
    """Full marks of the event or total ``key``."""
    return Fraction(part_scope(rulebook, key).full)


def _step(
    rulebook: Rulebook,
    total: Total,
    parts: Mapping[str, Draft],
    shares: Mapping[str, Fraction],
    steps: list[Step | None],
    write: Writer,
) -> Step | None:
    rows: Fact = tuple(
        (
            part_scope(rulebook, part.of).name.zh,
            exact.text(parts[part.of].value or exact.ZERO),
            "" if part.weight is None else exact.text(part.weight),
            exact.text(part_full(rulebook, part.of)),
            exact.text(shares[part.of]),
            "" if parts[part.of].value is not None else parts[part.of].status,
        )
        for part in total.parts
    )
    code = "weighted" if total.method == "weighted" else "total"
    facts: dict[str, Fact] = {"parts": rows, "full": exact.text(Fraction(total.full))}
    return write.step(code, total.name.zh, exact.add(shares.values()), steps, facts)


def _figures(rulebook: Rulebook, total: Total, parts: Mapping[str, Draft]) -> tuple[dict[str, Fraction], frozenset[str]]:
    """The figures of the parts under their paths, and the time over all of them."""
    figures: dict[str, Fraction] = {}
    partial: set[str] = set()
    for key, draft in parts.items():
        figures[key] = exact.ZERO if draft.value is None else Fraction(draft.value)
        for name, value in draft.figures.items():
            if name != "score":
                figures[f"{key}.{name}"] = value
        partial |= {f"{key}.{name}" for name in draft.partial}
    timed = [f"{key}.time" for key in parts if has_time(rulebook, key)]
    times = [figures[name] for name in timed if name in figures]
    if times:
        figures["time"] = exact.add(times)
        if len(times) < len(timed) or partial.intersection(timed):
            partial.add("time")
    return figures, frozenset(partial)


def score_team(rulebook: Rulebook, team: TeamRule, members: Mapping[str, list[Draft]], write: Writer) -> list[Draft]:
    """The drafts of the teams: the sum of what each team's members have published.

    A member without a figure counts as 0, and makes the team's other sums partial.
    """
    drafts = []
    for key, people in sorted(members.items()):
        counting = [person for person in people if person.value is not None]
        unknown = any(person.status == INCOMPLETE for person in people)
        present = bool(counting)
        total = exact.add(Fraction(person.value) for person in counting if person.value is not None)
        rule = rulebook.rounding["team"]
        rows: Fact = tuple(
            (
                person.entry,
                exact.text(person.value or exact.ZERO),
                "" if person.value is not None else person.status,
            )
            for person in people
        )
        steps = [_reference(rulebook, team.of, person, write) for person in people]
        made = write.step("team", team.name.zh, total, steps, {"members": rows})
        if unknown or not present:
            status = INCOMPLETE if unknown else people[0].status
            drafts.append(Draft(key, status, None, {}, made))
            continue
        value, made = write.rounded(team.name.zh, total, rule, made)
        names = sorted({name for person in counting for name in person.figures if name != "score"})
        figures = {name: exact.add(person.figures[name] for person in counting if name in person.figures) for name in names}
        short = team.size is not None and len(people) < team.size
        partial = {name for name in names if short or any(name not in person.figures or name in person.partial for person in people)}
        drafts.append(Draft(key, OK, round_to(value, rule), {"score": value, **figures}, made, frozenset(partial)))
    return drafts
