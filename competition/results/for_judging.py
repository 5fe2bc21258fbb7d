"""What judging asks before a locked round is unlocked: what already stands on its marks. No word of who anybody is."""

import uuid

from flask_babel import gettext as _

from competition.arena.queries import codes_opened
from competition.contests.models import Round
from competition.contests.queries import current_rulebook, load_rules
from competition.core.database import get
from competition.core.formats import show_moment
from competition.judging.hooks import CODES_OPENED, Standing
from competition.results import queries, rules
from competition.results.book import name_of


def stands_on(round_id: uuid.UUID) -> list[Standing]:
    """That the codes of the round's event are open, and every ranking in force that its marks went into."""
    round_ = get(Round, round_id)
    opening = codes_opened(round_.event_id)
    found = []
    if opening is not None:
        found.append(Standing(CODES_OPENED, _("作品号已于 %(at)s 解密", at=show_moment(opening.opened_at, round_.contest.zone))))
    published = queries.current_publications(round_.contest_id)
    scopes = rules.scopes_of(load_rules(current_rulebook(round_.contest_id))) if published else {}
    for scope, publication in published.items():
        if scope not in scopes or round_.event.key in scopes[scope].events:
            words = _("“%(name)s”的成绩已发布（第 %(n)s 版）", name=name_of(publication), n=publication.version)
            found.append(Standing(f"published:{scope}:{publication.version}", words))
    return found
