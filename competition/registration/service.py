"""The verbs of this room."""

from competition.registration.service_entries import move_up as move_up
from competition.registration.service_entries import promote_waiting as promote_waiting
from competition.registration.service_entries import read_draft as read_draft
from competition.registration.service_entries import register_for as register_for
from competition.registration.service_entries import save_draft as save_draft
from competition.registration.service_entries import submit_entry as submit_entry
from competition.registration.service_entries import withdraw_entry as withdraw_entry
from competition.registration.service_review import preview_many as preview_many
from competition.registration.service_review import review_entry as review_entry
from competition.registration.service_review import review_many as review_many
