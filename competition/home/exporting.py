"""The own data as a workbook: a sheet for each subject, for the person alone."""

from datetime import datetime

from flask_babel import lazy_gettext as _

from competition.accounts.models import Account
from competition.accounts.service import verify_password
from competition.core.actors import Actor
from competition.core.languages import on_record
from competition.core.sheets import Sheet, write_book
from competition.core.taken import declare, take
from competition.home.own_sections_more import everything

OWN_DATA = declare("home.own_data", _("我的信息"), is_personal=False, purpose=_("本人查阅和复制自己的信息"))
NAME = "my-data.xlsx"


def own_workbook(account: Account, password: str, *, actor: Actor, at: datetime, zone: str) -> bytes:
    """The same sections as on the page; with the right password the own numbers in full. That it was taken is on record."""
    if password:
        verify_password(account.id, password, field="password", at=at)
    with on_record():
        found = [one for one in everything(account, actor, is_full=bool(password)) if one.rows]
    taken = take(OWN_DATA, purpose="", rows=sum(len(one.rows) for one in found), subject=("account", account.id), actor=actor, at=at,
                 zone=zone, details={"full": bool(password)})
    return write_book([Sheet(str(one.title), [str(word) for word in one.header], one.rows) for one in found], taken=taken)
