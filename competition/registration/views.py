"""All pages of this room hang on one blueprint."""

from competition.registration import views_entries as views_entries
from competition.registration import views_own as views_own
from competition.registration import views_register as views_register
from competition.registration import views_steps as views_steps
from competition.registration import views_teams as views_teams
from competition.registration.pages import blueprint as blueprint
