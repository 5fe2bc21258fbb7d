"""What a thing of a rulebook may refer to, in words: figures for ties and demands, events and totals, prizes. Pure."""

from flask_babel import gettext as _

from competition.contests.naming import named
from competition.contests.rules_outline import Document, Element, at
from competition.contests.rules_words_standing import figure_name
from competition.scoring.known import Known, figures_below, known_event
from competition.scoring.model import Event, Rulebook, TeamRule, Total

Pairs = list[tuple[str, str]]
PLACES = 8


def choices(book: Rulebook, document: Document, element: Element) -> dict[str, Pairs]:
    """The choices for references from ``element``; ``book``: the document as far as it can be read."""
    item = at(document, element.scope) if element.scope else {}
    found: tuple[Event | Total, ...] = (*book.events, *book.totals)
    scopes = [(one.key, named(one.name)) for one in found if one.key and one.key != item.get("key")]
    event = next((one for one in book.events if one.key == item.get("key")), None)
    figures = [(name, figure_name(name, book, event)) for name in figures_of(book, element, item.get("key"))]
    prizes = [(key, named(words)) for key, words in book.award_names.items()]
    return {"scope": scopes, "figure": sorted(figures, key=lambda one: (one[0].count("."), "." in one[0])), "tier": prizes}


def figures_of(book: Rulebook, element: Element, key: str | None) -> list[str]:
    """The figures of the ranking that ``element`` is part of."""
    known = _known(book)
    if element.scope[:1] != ("teams",):
        return sorted(known[key].figures) if key in known else []
    team = next((one for one in book.teams if one.key == key), None)
    return [] if team is None else _of_team(team, known)


def _known(book: Rulebook) -> dict[str | None, Known]:
    known: dict[str | None, Known] = {event.key: known_event(event) for event in book.events}
    for total in book.totals:
        known[total.key] = Known(_below(total, known), None, awards=total.awards)
    return known


def _below(total: Total, known: dict[str | None, Known]) -> set[str]:
    parts = [part for part in total.parts if part.of in known]
    return figures_below(parts, {str(key): one for key, one in known.items()}, times=total.method != "best")


def _of_team(team: TeamRule, known: dict[str | None, Known]) -> list[str]:
    if team.parts:
        parts = [part for part in team.parts if part.of in known]
        names = figures_below(parts, {str(key): one for key, one in known.items()}, times=True)
    else:
        names = (known[team.of].figures if team.of in known else set()) | ({team.of} if team.method in ("places", "prizes") else set())
    return sorted(names) + (["places", *(f"place_{n}" for n in range(1, PLACES + 1))] if team.by else [])


def with_present(pairs: Pairs, value: str) -> Pairs:
    """The choices and, if it is none of them, what is chosen now."""
    if not value or value in dict(pairs):
        return pairs
    return [*pairs, (value, _("%(key)s（规则中没有）", key=value))]


