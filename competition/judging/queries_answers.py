"""Keys of theory papers, and what another key would change."""

import json
import uuid
from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import exists, select

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core.crypto import unseal
from competition.core.database import db
from competition.judging.models import RoundState
from competition.judging.models_answers import AnswerKey
from competition.judging.models_figures import Figure
from competition.judging.queries import current_figures, rules_of_round
from competition.judging.rules_answers import Key, lines_of, worth
from competition.judging.rules_figures import FigureKey, section_of, shown
from competition.scoring.model import Event
from competition.scoring.paper import ANSWERS, Paper

Points = Fraction | None


def opened(row: AnswerKey) -> Key:
    """What a version says: section → its key."""
    found: dict[str, str] = json.loads(unseal(row.answers_sealed, "answer_key", "answers", row.id))
    return found


def versions_of(event_id: uuid.UUID) -> list[AnswerKey]:
    """Every version, newest first, those that were not taken too."""
    return list(db.session.scalars(select(AnswerKey).where(AnswerKey.event_id == event_id).order_by(AnswerKey.number.desc())))


def key_rows(contest_id: uuid.UUID) -> dict[uuid.UUID, AnswerKey]:
    """The version that holds, by event, for a whole contest."""
    query = select(AnswerKey).where(AnswerKey.contest_id == contest_id, AnswerKey.taken_at.is_not(None))
    return {row.event_id: row for row in db.session.scalars(query.order_by(AnswerKey.number))}


def current_key(event_id: uuid.UUID) -> AnswerKey | None:
    """The version that holds."""
    query = select(AnswerKey).where(AnswerKey.event_id == event_id, AnswerKey.taken_at.is_not(None))
    return db.session.scalars(query.order_by(AnswerKey.number.desc()).limit(1)).first()


def keys_of(row: AnswerKey | None) -> Key:
    """What a version says, and nothing where there is none."""
    return opened(row) if row is not None else {}


def key_figures(event_id: uuid.UUID, key: Key) -> list[tuple[uuid.UUID, str, str]]:
    """A key written like figures, so that what was drawn from it is known to be old when it is another."""
    return [(event_id, f"key.{section}", answers) for section, answers in sorted(key.items())]


def key_of(event_id: uuid.UUID) -> Key:
    """What is right, by section; nothing while there is no key."""
    return keys_of(current_key(event_id))


def paper_of(round_: Round) -> Paper | None:
    """The paper of a round's event, by the rules that hold there."""
    return event_of(round_).paper


def event_of(round_: Round) -> Event:
    """The rules of a round's event."""
    _version, event = rules_of_round(round_, db.session.get(RoundState, round_.id))
    return event


def as_typed(round_: Round, key: FigureKey, value: str) -> str:
    """A figure that stands, as it is typed into its field."""
    return lines_of(section_of(event_of(round_), key.key), value) if key.kind == "answers" else shown(key.kind, value)


def has_answers(event_id: uuid.UUID) -> bool:
    """Whether somebody's answers were ever entered in an event."""
    query = select(exists().where(Figure.round_id == Round.id, Round.event_id == event_id, Figure.key.startswith(ANSWERS, autoescape=True)))
    return bool(db.session.scalar(query))


def effect(event_id: uuid.UUID, paper: Paper, after: Key) -> list[tuple[str, Points, Points]]:
    """(work code, points as they are, points by another key) of the works whose points are others, in their order."""
    before, found = key_of(event_id), []
    for round_id in db.session.scalars(select(Round.id).where(Round.event_id == event_id).order_by(Round.position)).all():
        answers = answers_of(round_id)
        for work in list_works(round_id):
            was, now = (worth(paper, key, answers.get(work.id, {})) for key in (before, after))
            if was != now:
                found.append((work.code, was, now))
    return found


def answers_of(round_id: uuid.UUID) -> Mapping[uuid.UUID, Mapping[str, str]]:
    """What was answered, by work and figure."""
    found: dict[uuid.UUID, dict[str, str]] = {}
    for (work_id, key), figure in current_figures(round_id).items():
        if key.startswith(ANSWERS) and figure.value:
            found.setdefault(work_id, {})[key] = figure.value
    return found
