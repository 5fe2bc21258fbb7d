"""The roles of the demonstration: one invented person each, signed in by one click, with a password that fits nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts.models import Account
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.organisations.models import Union
from competition.organisations.queries import union_of_region


@dataclass(frozen=True)
class Role:
    """Somebody whom a visitor can be. ``region`` names the union of a clerk; ``where`` is the page to begin with."""

    key: str
    role: str
    title: Any
    does: Any
    region: str | None = None
    where: str = "home.desk"


ROLES = (
    Role("organizer", "organizer", _("组委会办公室（甲）"), _("建赛事、发通知、看进度、申请发布成绩和签发证书")),
    Role("organizer2", "organizer", _("组委会办公室（乙）"), _("第二人：审批甲提出的申请")),
    Role("county_clerk", "clerk", _("化隆县工会审核员"), _("审核本县选手的报名，向上级工会上报活动"), "630224"),
    Role("prefecture_clerk", "clerk", _("海东市工会审核员"), _("复审下属县区的报名，审核它们的活动上报"), "630200"),
    Role("province_clerk", "clerk", _("省总工会审核员"), _("终审全省的报名和活动上报"), "630000"),
    Role("coding_judge", "coding_judge", _("加密裁判"), _("抽签、加密，保管编码表")),
    Role("chief_judge", "chief_judge", _("裁判长"), _("看评分进度，锁定各轮，处理分歧")),
    Role("timekeeper", "timekeeper", _("计时员"), _("登记每件作品的用时")),
    Role("check_in_judge", "check_in_judge", _("检录裁判"), _("核对参赛证，登记到场和缺考")),
    Role("scorekeeper", "scorekeeper", _("记分员（甲）"), _("录入理论成绩和纸质评分表，核对统分")),
    Role("scorekeeper2", "scorekeeper", _("记分员（乙）"), _("第二人：把纸质评分表再录一遍")),
    Role("supervisor", "supervisor", _("监督仲裁组"), _("监督抽签、解密，审批发布")),
    Role("leader", "leader", _("领导（只看）"), _("看全省参赛人数和目标进度"), where="participation.dashboard"),
    Role("auditor", "auditor", _("审计员"), _("查看审计记录")),
    Role("administrator", "administrator", _("系统管理员"), _("管理账号和工会组织")),
    Role("security_officer", "security_officer", _("安全管理员"), _("审批角色授予")),
)
CONTESTANTS = (
    Role("contestant_open", "contestant", _("选手（报名中）"), _("看自己的报名走到哪一步"), where="home.my_entries"),
    Role("contestant_running", "contestant", _("选手（比赛中）"), _("看自己的参赛安排"), where="home.my_entries"),
    Role("contestant_done", "contestant", _("选手（已获奖）"), _("看成绩的来历，下载证书"), where="home.my_results"),
)
LOGIN = "demo-"


def add_staff(at: datetime) -> dict[str, Account]:
    """An account for each role, by key."""
    home = union_of_region("630000")
    if home is None:
        raise LookupError("630000")
    return {role.key: _add(role, home, at) for role in ROLES}


def _add(role: Role, home: Union, at: datetime) -> Account:
    union = union_of_region(role.region) if role.region else home
    scoped = role.role in ("clerk", "organizer", "chief_judge", "coding_judge", "check_in_judge", "timekeeper", "scorekeeper", "supervisor")
    with atomic():
        account = accounts.create_account(
            login=f"{LOGIN}{role.key}", display_name=f"演示·{role.title}", password=None, actor=SYSTEM, at=at)
        accounts.grant_role(
            account.id, role.role, scope_kind="union" if scoped else "system",
            scope_id=union.id if scoped and union else None, actor=SYSTEM, at=at)
    return account


def demo_accounts() -> dict[str, Account]:
    """The accounts of the start page, by key."""
    found = db.session.scalars(select(Account).where(Account.login.startswith(LOGIN)))
    return {account.login.removeprefix(LOGIN): account for account in found}
