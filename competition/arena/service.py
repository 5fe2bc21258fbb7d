"""The verbs of the arena, in one place for other rooms: drawing lots, the day, codes."""

from competition.arena.service_badges import get_badges as get_badges
from competition.arena.service_badges import print_badges as print_badges
from competition.arena.service_codes import OPEN_CODES as OPEN_CODES
from competition.arena.service_codes import ask_open_codes as ask_open_codes
from competition.arena.service_codes import read_codes as read_codes
from competition.arena.service_day import check_in as check_in
from competition.arena.service_day import mark_absent as mark_absent
from competition.arena.service_day import record_outcome as record_outcome
from competition.arena.service_draw import draw_round as draw_round
from competition.arena.service_draw import redraw as redraw
from competition.arena.service_lineup import change_lineup as change_lineup
from competition.arena.service_lineup import lineup_refusal as lineup_refusal
