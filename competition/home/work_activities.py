"""What waits on a desk of the activities of unions: to decide on, to read, to mend, to report."""

from datetime import datetime, timedelta

from competition.activities import queries
from competition.core.actors import Actor
from competition.core.formats import in_zone
from competition.core.words import say as _
from competition.home.rules_building import to
from competition.home.rules_work import Task

# A report comes on the desk so many days before its last day.
AHEAD = timedelta(days=7)


def activity_tasks(actor: Actor, at: datetime, zone: str) -> list[Task]:
    """A line for each; nobody has many of them at once."""
    if not actor.holds(*queries.DECIDERS):
        return []
    today = in_zone(at, zone).date()
    found = [Task(_("竞赛活动待审核，%(union)s申报", union=one.contest.host_union.name),
                  to("activities.show", _("去审核"), declaration_id=one.id), one.contest.name, one.created_at)
             for one in queries.to_decide(actor)]
    found += [Task(_("竞赛活动的申报被退回，请修改后重新提交"), to("activities.show", _("去修改"), declaration_id=one.id), one.contest.name)
              for one in queries.to_mend(actor)]
    found += [Task(_("阶段小结待收阅：%(stage)s", stage=one.name),
                   to("activities.stage", _("去收阅"), declaration_id=one.declaration_id, stage_id=one.id), one.declaration.contest.name,
                   one.submitted_at) for one in queries.reports_to_read(actor)]
    found += [Task(_("要提交阶段小结：%(stage)s", stage=one.name),
                   to("activities.stage", _("去填写"), declaration_id=one.declaration_id, stage_id=one.id), one.declaration.contest.name,
                   last=one.due_on) for one in queries.reports_to_write(actor, today + AHEAD)]
    return found
