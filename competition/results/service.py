"""The verbs of results, by subject in ``service_*``; this is the door for other rooms."""

from competition.results.gathering import compute
from competition.results.service_book import get_book, print_book
from competition.results.service_live import LIVE, ask_workbook, get_workbook
from competition.results.service_publish import ask_correct, ask_publish, scopes
from competition.results.service_sums import ask_signature, check_signable, check_sums, draw_sample, sum_states
from competition.results.service_ties import decide_tie, questions

__all__ = [
    "LIVE", "ask_correct", "ask_publish", "ask_signature", "ask_workbook", "check_signable", "check_sums", "compute", "decide_tie",
    "draw_sample", "get_book", "get_workbook", "print_book", "questions", "scopes", "sum_states",
]
