"""Is there a key to sign certificates with, and for how long yet?"""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _

from competition.core.clock import now
from competition.core.config import Settings
from competition.core.formats import show_date
from competition.core.pdf_keys import KeyUnusable, read_key
from competition.operations.checks import Finding

SOON = timedelta(days=30)


def check_certificate_key(settings: Settings) -> Iterator[Finding]:
    """The key that issued files are signed with; it may be missing, but not broken."""
    subject = _("签名证书")
    try:
        key = read_key(settings)
    except KeyUnusable as error:
        yield Finding("wrong", subject, error.message, _("检查 COMP_CERTIFICATE_KEY 和它的密码；改好以前不能制作证书。"))
        return
    if key is None:
        yield Finding("ok", subject, _("没有设置（COMP_CERTIFICATE_KEY），签发的 PDF 不带数字签名"))
        return
    said = _("%(owner)s，有效期至 %(day)s", owner=key.owner, day=show_date(key.until.date()))
    if key.until <= now():
        yield Finding("wrong", subject, said, _("证书已经过期：换上有效的证书，改好以前不能制作证书。"))
    elif key.until - now() < SOON:
        yield Finding("note", subject, said, _("证书快要到期，请准备新的证书。"))
    else:
        yield Finding("ok", subject, said)
