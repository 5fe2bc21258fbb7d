"""Is there a good backup, young enough, that somebody can still open when this machine is gone?"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _

from competition.core.clock import now
from competition.core.config import Settings
from competition.core.errors import RuleBroken
from competition.core.formats import filesize
from competition.operations import catalogue, postgres, rules
from competition.operations.checks import LEAST_FREE, Finding
from competition.operations.keeping import who_keeps
from competition.operations.queries import contest_runs, has_data
from competition.operations.sealing import find_keys

NOW = "flask --app wsgi backup"


def age_words(moment: datetime, at: datetime) -> str:
    """How long ago, in the words of a person."""
    age = max(at - moment, timedelta())
    if age < timedelta(minutes=1):
        return str(_("刚刚"))
    if age < timedelta(hours=1):
        return str(_("%(n)s 分钟前", n=age // timedelta(minutes=1)))
    if age < timedelta(days=2):
        return str(_("%(n)s 小时前", n=age // timedelta(hours=1)))
    return str(_("%(n)s 天前", n=age.days))


def check_backup(settings: Settings) -> Iterator[Finding]:
    """The newest proved backup, the last try, the tools, the key."""
    if settings.demo:
        yield Finding("ok", _("备份"), _("演示数据不必备份"))
        return
    try:
        yield from _tools(settings)
        yield from _newest(settings, now())
        yield from _key(settings)
    except RuleBroken as error:
        yield Finding("wrong", _("备份"), error.message, _("改正后执行：%(line)s", line=NOW))


def _tools(settings: Settings) -> Iterator[Finding]:
    if not settings.is_sqlite and not (postgres.program("pg_dump") and postgres.program("pg_restore")):
        yield Finding("wrong", _("备份"), _("没有找到 pg_dump 和 pg_restore，无法备份"),
                      _("由管理员执行：apt-get install -y %(package)s（版本不低于数据库服务器）", package=postgres.PACKAGE))
    folder = settings.backup_folder
    free = shutil.disk_usage(folder).free if folder.exists() else LEAST_FREE
    if free < LEAST_FREE:
        yield Finding("wrong", _("备份"), _("备份目录 %(path)s 所在磁盘只剩 %(free)s", path=folder, free=filesize(free)),
                      _("请清理磁盘，或用 COMP_BACKUP_DIR 指到别的磁盘。"))


def _newest(settings: Settings, at: datetime) -> Iterator[Finding]:
    found = catalogue.receipts(settings)
    newest = catalogue.newest_verified(found)
    if found and not found[0].is_verified:
        yield Finding("wrong", _("备份"), _("最近一次备份没有通过检验：%(why)s", why=found[0].fault or _("检验没有做完")),
                      _("查明原因后执行：%(line)s", line=NOW))
    if newest is None:
        if has_data():
            yield Finding("wrong", _("备份"), _("还没有一份检验过的备份"), _("执行：%(line)s", line=NOW))
        else:
            yield Finding("ok", _("备份"), _("还没有数据，不必备份"))
        return
    said = _("最近一份检验过的备份：%(age)s，%(size)s", age=age_words(newest.moment, at), size=filesize(newest.size))
    if rules.is_too_old(newest.moment, at, contest_runs=contest_runs()):
        todo = _("定时器每夜备份，比赛期间每小时一次：请检查定时器和任务处理进程，并立即执行：%(line)s", line=NOW)
        yield Finding("wrong", _("备份"), said, todo)
    else:
        yield Finding("ok", _("备份"), said)
    if newest.lost:
        yield Finding("wrong", _("备份"), _("制作备份时有 %(n)s 个上传的文件已经缺失或损坏", n=newest.lost),
                      _("请从更早的备份中找回，或请当事人重新上传。"))


def _key(settings: Settings) -> Iterator[Finding]:
    keys = find_keys(settings)
    if keys is not None and who_keeps(settings, keys) is None:
        yield Finding("note", _("备份密钥"), _("还没有登记密钥保管在别处；这台机器坏了，没有密钥就打不开备份"),
                      _("把 backup.key 和 secrets.json（或环境变量里的密钥）抄存到别处封存，与备份分开，然后执行：%(line)s",
                        line="flask --app wsgi backup key --kept 保管处"))
