"""The verbs of this room. Whoever calls asks who may."""

from competition.activities.service_decide import approve as approve
from competition.activities.service_decide import finish as finish
from competition.activities.service_decide import give_back as give_back
from competition.activities.service_decide import set_flagship as set_flagship
from competition.activities.service_decide import start as start
from competition.activities.service_declare import Declared as Declared
from competition.activities.service_declare import change_declaration as change_declaration
from competition.activities.service_declare import declare as declare
from competition.activities.service_declare import submit as submit
from competition.activities.service_declare import take_back as take_back
from competition.activities.service_declare import withdraw as withdraw
from competition.activities.service_results import Result as Result
from competition.activities.service_results import close_evaluation as close_evaluation
from competition.activities.service_results import put_achievement as put_achievement
from competition.activities.service_results import put_assessment as put_assessment
from competition.activities.service_results import remove_achievement as remove_achievement
from competition.activities.service_results import set_sheet as set_sheet
from competition.activities.service_stages import acknowledge as acknowledge
from competition.activities.service_stages import add_file as add_file
from competition.activities.service_stages import give_back_report as give_back_report
from competition.activities.service_stages import remove_file as remove_file
from competition.activities.service_stages import save_report as save_report
from competition.activities.service_stages import submit_report as submit_report
