"""How well the processes that print organizers' templates are locked up."""

from collections.abc import Iterator

from flask_babel import gettext as _

from competition.core.config import Settings
from competition.core.confined import has_own_network
from competition.operations.checks import Finding


def check_press(_settings: Settings) -> Iterator[Finding]:
    """Printing processes reach no network; the kernel sees to it where it may."""
    if has_own_network():
        yield Finding("ok", _("排版进程"), _("与网络隔开，只能读取模板自己的素材"))
    else:
        yield Finding("note", _("排版进程"), _("系统内核不允许单独隔开网络，只由程序拦截"),
                      _("允许普通账号建立命名空间（unshare）后，内核也会拦截；在容器中运行时也需放开。"))
