"""What comes first in a system that is still empty: who has to be there, before the first contest can be set up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from competition.accounts.models import Account, Grant
from competition.contests.models import Contest
from competition.core.access import may
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.database import db
from competition.core.words import say as _
from competition.home.rules_building import to
from competition.home.rules_facts import Link

# The two who found a system are there from the beginning.
FOUNDERS = 2
GRANTING = ("administrator", "security_officer")


@dataclass(frozen=True)
class FirstStep:
    """One of them: what, why, done or not, where; ``link`` None: somebody else does it."""

    words: str
    why: str
    done: bool
    link: Link | None = None


def first_steps(actor: Actor) -> Sequence[FirstStep]:
    """The steps up to the first contest for who has a part in them; nothing any more once there is one."""
    if not actor.holds(*GRANTING, "organizer") or db.session.scalar(select(Contest.id).limit(1)) is not None:
        return []
    return [*(_of_administrators(actor) if actor.holds(*GRANTING) else []), _contest(actor)]


def _of_administrators(actor: Actor) -> list[FirstStep]:
    staff = db.session.scalar(select(func.count()).select_from(Account).where(~Account.login.startswith("phone:"))) or 0
    offices = db.session.scalar(select(Grant.id).where(Grant.role == "organizer", Grant.in_force(now())).limit(1)) is not None
    clerks = db.session.scalar(select(Grant.id).where(Grant.role == "clerk", Grant.in_force(now())).limit(1)) is not None
    accounts = to("accounts.new", _("建立工作账号")) if may(actor, "accounts.create") else None
    roles = to("accounts.index", _("打开账号和角色"))
    unions = to("organisations.index", _("看工会组织")) if may(actor, "organisations.look") else None
    return [
        FirstStep(_("建立工作账号"), _("先建组委会办公室的人，再建工会审核员、裁判长。每人一个账号，一次性链接当面交给本人。"),
                  staff > FOUNDERS, accounts),
        FirstStep(_("申请“组委会办公室”角色"),
                  _("打开账号，选角色和范围，由另一位系统管理员或安全管理员在“两人办理”中批准。"), offices, roles),
        FirstStep(_("核对工会组织，申请“工会审核员”角色"),
                  _("各市州、县区的工会已经在册。审核员的范围选他所在的工会，下级工会的报名也由他看。"), clerks, unions or roles),
    ]


def _contest(actor: Actor) -> FirstStep:
    link = to("contests.new", _("新建赛事")) if actor.holds("organizer") else None
    why = _("由组委会办公室办理。新建后打开赛事首页，按步骤设项目、评分规则、报名条件，再公布。"
            "裁判长、裁判员等赛事的角色，等赛事建好再申请。")
    return FirstStep(_("新建赛事"), why, False, link)
