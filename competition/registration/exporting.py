"""The list of entries as a workbook: masked numbers, who took it, when and what for on top."""

from collections.abc import Sequence

from flask_babel import lazy_gettext

from competition.contests.models import Contest
from competition.core.formats import show_moment
from competition.core.sheets import write_table
from competition.core.taken import Taken, declare
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration import rules
from competition.registration.models import Entry

ENTRIES = declare("registration.entries", lazy_gettext("报名名单"), is_personal=True)

HEAD = ("参赛编号", "姓名", "性别", "证件号码（掩码）", "手机号码（掩码）", "工作单位", "单位性质", "所属工会", "工作地区", "工种",
        "技能等级", "群体", "代表团", "代表队", "队内身份", "参赛项目", "状态", "提交时间")
WIDTHS = (10, 12, 6, 22, 16, 28, 10, 22, 20, 14, 16, 18, 18, 22, 10, 40, 10, 20)


def entries_workbook(contest: Contest, entries: Sequence[Entry], taken: Taken) -> bytes:
    """One row for each entry."""
    note = f"{contest.name}　报名名单　共 {len(entries)} 条　证件和手机号码已掩码，请妥善保管。"
    return write_table(ENTRIES.title, HEAD, [_row(contest, e) for e in entries], taken=taken, note=note, widths=WIDTHS)


def _row(contest: Contest, entry: Entry) -> list[str]:
    person = entry.person
    return [
        entry.number or "", entry.name, str(rules.SEXES.get(person.sex or "", "")) if person else "",
        (person.document_masked or "") if person else "", (person.phone_masked or "") if person else "",
        entry.employer, str(OWNERSHIP.get(entry.employer_ownership, "")), entry.union.name if entry.union else "",
        entry.region.name if entry.region else "", entry.trade,
        str(SKILL_LEVELS.get(entry.skill_level, "")) if entry.skill_level is not None else "",
        str(WORKER_GROUPS.get(entry.worker_group, "")), entry.delegation.name if entry.delegation else "",
        entry.team.name if entry.team else "", str(rules.TEAM_ROLES.get(entry.team_role, "")) if entry.team else "",
        "、".join(e.name for e in entry.events), str(rules.STATES.get(entry.state, entry.state)),
        show_moment(entry.submitted_at, contest.zone) if entry.submitted_at else "",
    ]
