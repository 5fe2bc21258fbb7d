"""Before anything is published all of it is counted a second time, from what the tablets sent: a difference keeps it back."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from competition.contests.models import Contest
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging.models import MarkEvent, Sheet
from competition.judging.models_figures import Figure
from competition.judging.queries import marks_of_event
from competition.judging.queries_sent import Sent, replayed, sent_of_event
from competition.results import drafting, service
from competition.results import service_publish as publishing
from competition.results.standing import Computed
from tests.builders import judged_contest, open_codes
from tests.cast import Cast

SMALL: dict[str, Any] = {"events": ("theory", "basic"), "seats": 3}


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    """Four contestants, judged, locked and opened."""
    made = judged_contest(any_cast, 4, **SMALL)
    open_codes(any_cast, made)
    return made


def refused(cast: Cast, contest: Contest) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        service.ask_publish(contest.id, service.scopes(contest.id), "核对无误", actor=cast.actor("organizer"), at=cast.at)
    return caught.value


def behind_the_back(statement: Any) -> None:
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(statement)
    db.session.expire_all()


def test_a_sheet_that_no_tablet_changed_is_found(contest: Contest, any_cast: Cast) -> None:
    sheet = db.session.scalars(select(Sheet).where(Sheet.state == "handed_in")).first()
    assert sheet is not None
    slot = next(iter(sheet.marks))
    marks = {**sheet.marks, slot: {**sheet.marks[slot], "value": "0"}}
    behind_the_back(update(Sheet).where(Sheet.id == sheet.id).values(marks=marks))
    error = refused(any_cast, contest)
    assert error.code == "totals_differ"
    assert "手工拉面基本功" in error.message
    assert any("卫生与准备：记为" in one for one in error.details["differences"])


def test_what_a_tablet_sent_cannot_be_changed_afterwards_either(contest: Contest, any_cast: Cast) -> None:
    one = db.session.scalars(select(MarkEvent).where(MarkEvent.kind == "mark")).first()
    assert one is not None
    behind_the_back(update(MarkEvent).where(MarkEvent.id == one.id).values(value="0"))
    assert refused(any_cast, contest).code == "totals_differ"


TWISTS: dict[str, Callable[[drafting.DraftRow], drafting.DraftRow]] = {
    "成绩：记为 12.34": lambda row: replace(row, value="12.34"),
    "名次：记为 9": lambda row: replace(row, rank=9),
    "状态：记为 超时淘汰": lambda row: replace(row, status="OUT"),
    "奖项：记为 无": lambda row: replace(row, awards=()),
    "理论知识：记为 1": lambda row: replace(row, figures={**row.figures, "theory": "1"}),
}


@pytest.mark.parametrize("sentence", list(TWISTS))
def test_each_figure_rank_and_award_that_the_engine_would_get_wrong_is_named(
    contest: Contest, any_cast: Cast, monkeypatch: pytest.MonkeyPatch, sentence: str
) -> None:
    real = drafting.draft

    def twisted(computed: Computed, wanted: Any) -> dict[str, drafting.Draft]:
        made = real(computed, wanted)
        first, *rest = made["total:overall"].rows
        return {**made, "total:overall": replace(made["total:overall"], rows=(TWISTS[sentence](first), *rest))}

    monkeypatch.setattr(publishing, "draft", twisted)
    error = refused(any_cast, contest)
    assert error.code == "totals_differ"
    assert len(error.details["differences"]) == 1
    assert sentence in error.message


def test_a_theory_mark_is_append_only_and_counted_as_it_stands(contest: Contest, any_cast: Cast) -> None:
    """The newest figure holds for both calculations: there is no second record of a keyed figure."""
    assert db.session.scalars(select(Figure).where(Figure.key == "theory")).first() is not None
    asked = service.ask_publish(contest.id, service.scopes(contest.id), "核对无误", actor=any_cast.actor("organizer"), at=any_cast.at)
    assert asked.payload["scopes"]


# ---- what was sent, played again -----------------------------------------------------------------


def test_playing_again_gives_the_sheets(contest: Contest, any_cast: Cast) -> None:
    for event in contest.events:
        marks = marks_of_event(event.id)
        assert sorted(replayed(sent_of_event(event.id), marks)) == sorted(marks)


WORK, ONE, TWO = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
SLOT = (WORK, 1, "taste", 1)


def sent(value: str, device: uuid.UUID, seq: int, *, kind: str = "mark", late: bool = False) -> Sent:
    return Sent(SLOT, kind, value, device, seq, late)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ([sent("5", ONE, 1), sent("6", ONE, 2)], "6"),
        ([sent("6", ONE, 2), sent("5", ONE, 1)], "6"),
        ([sent("6", ONE, 2), sent("5", TWO, 1)], "5"),
        ([sent("6", ONE, 2), sent("", ONE, 3, kind="withdraw")], None),
        ([sent("6", ONE, 2), sent("", ONE, 3, kind="withdraw"), sent("7", ONE, 4)], "7"),
    ],
)
def test_the_newest_word_of_a_tablet_stays(said: list[Sent], value: str | None) -> None:
    sheet = [(WORK, 1, "taste", 1, "0"), (WORK, 1, "look", 1, "3")]
    assert replayed(said, sheet) == ([] if value is None else [(*SLOT, value)])


def test_a_late_mark_that_two_people_let_in_may_be_the_one_that_counts() -> None:
    said = [sent("5", ONE, 1, late=True), sent("6", TWO, 1)]
    for value in ("5", "6"):
        assert replayed(said, [(*SLOT, value)]) == [(*SLOT, value)]
    assert replayed(said, [(*SLOT, "9")]) == [(*SLOT, "6")]
