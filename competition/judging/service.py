"""The verbs of judging, by subject in ``service_*``; this is the door for other rooms."""

from competition.judging.service_figures import preview_figures, record_figure, record_figures, record_many, take_figures, template_of
from competition.judging.service_late import ask_late_marks
from competition.judging.service_marks import accept_events
from competition.judging.service_rounds import ask_unlock, end_excusal, excuse, lock_round, open_round, send_back
from competition.judging.service_seats import close_seat, create_panel, make_cards, open_seat, report_device, seat_judge

__all__ = [
    "accept_events", "ask_late_marks", "ask_unlock", "close_seat", "create_panel", "end_excusal", "excuse", "lock_round", "make_cards",
    "open_round", "open_seat", "preview_figures", "record_figure", "record_figures", "record_many", "report_device",
    "seat_judge", "send_back", "take_figures", "template_of",
]
