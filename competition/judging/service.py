"""The verbs of judging, by subject in ``service_*``; this is the door for other rooms."""

from competition.judging.service_absence import ask_absence, open_absences, open_tablets
from competition.judging.service_answers import ask_key, key_template, open_change, preview_key, read_key, set_key
from competition.judging.service_decide import decide_spread, look_for_spreads
from competition.judging.service_evidence import keep_photo, need_signature
from competition.judging.service_figures import (
    faulty_of,
    preview_figures,
    record_figure,
    record_figures,
    record_many,
    take_figures,
    template_of,
)
from competition.judging.service_handover import ask_handover, open_handover_request, read_handover, take_handover
from competition.judging.service_late import ask_late_marks, open_late
from competition.judging.service_marks import accept_events
from competition.judging.service_moves import move_sheet, read_pair, why_not
from competition.judging.service_paper import drop_paper, key_sheet
from competition.judging.service_rounds import end_excusal, excuse, lock_round, open_round, send_back, touch_rounds
from competition.judging.service_seats import close_seat, create_panel, make_cards
from competition.judging.service_sitters import seat_judge, seat_judges
from competition.judging.service_tablets import end_if_barred, open_seat, report_device, stop_device
from competition.judging.service_unlock import ask_unlock, open_unlock

__all__ = [
    "accept_events",
    "ask_absence",
    "ask_handover",
    "ask_key",
    "ask_late_marks",
    "ask_unlock",
    "close_seat",
    "create_panel",
    "decide_spread",
    "drop_paper",
    "end_excusal",
    "end_if_barred",
    "excuse",
    "faulty_of",
    "keep_photo",
    "key_sheet",
    "key_template",
    "lock_round",
    "look_for_spreads",
    "make_cards",
    "move_sheet",
    "need_signature",
    "open_absences",
    "open_change",
    "open_handover_request",
    "open_late",
    "open_round",
    "open_seat",
    "open_tablets",
    "open_unlock",
    "preview_figures",
    "preview_key",
    "read_handover",
    "read_key",
    "read_pair",
    "record_figure",
    "record_figures",
    "record_many",
    "report_device",
    "seat_judge",
    "seat_judges",
    "send_back",
    "set_key",
    "stop_device",
    "take_figures",
    "take_handover",
    "template_of",
    "touch_rounds",
    "why_not",
]
