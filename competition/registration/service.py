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
from competition.registration.service_teams import add_delegation as add_delegation
from competition.registration.service_teams import add_delegations as add_delegations
from competition.registration.service_teams import change_delegation as change_delegation
from competition.registration.service_teams import change_team as change_team
from competition.registration.service_teams import create_team as create_team
from competition.registration.service_teams import put_in_team as put_in_team
from competition.registration.service_teams import remove_delegation as remove_delegation
from competition.registration.service_teams import set_conditions as set_conditions
from competition.registration.service_teams import withdraw_team as withdraw_team
