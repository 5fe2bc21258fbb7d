"""The roles there are, and who may do what with accounts."""

from competition.core.access import Act

ROLES: dict[str, str] = {
    "administrator": "系统管理员",
    "security_officer": "安全管理员",
    "auditor": "审计员",
    "organizer": "组委会办公室",
    "chief_judge": "裁判长",
    "judge": "裁判员",
    "scorekeeper": "记分员",
    "timekeeper": "计时员",
    "coding_judge": "加密裁判",
    "supervisor": "监督仲裁",
    "clerk": "工会审核员",
    "leader": "领导（只看）",
    "team_leader": "领队",
    "contestant": "选手",
}

ACTS: list[Act] = []
