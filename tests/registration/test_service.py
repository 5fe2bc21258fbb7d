"""Entries on a real database: handed in, seated, reviewed, withdrawn."""

from competition.registration import queries
from tests.builders import approved_entries, make_contest
from tests.cast import Cast


def test_approved_entries_stand_in_every_event(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    entries = approved_entries(any_cast, contest, 3)
    assert [e.number for e in entries] == ["0001", "0002", "0003"]
    for event in queries.events_of(contest.id):
        assert [e.entry_id for e in queries.approved_entrants(event.id)] == [e.id for e in entries]
