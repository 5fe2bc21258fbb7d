"""Is there a key to sign certificates with, and for how long yet?"""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from competition.certificates import signing
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.formats import in_zone, show_date
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
    said = _("%(owner)s，有效期至 %(day)s", owner=key.owner, day=show_date(key.until))
    if key.until <= now():
        yield Finding("wrong", subject, said, _("证书已经过期：换上有效的证书，改好以前不能制作证书。"))
    elif key.until - now() < SOON:
        yield Finding("note", subject, said, _("证书快要到期，请准备新的证书。"))
    else:
        yield Finding("ok", subject, said)


def check_signing_keys(_settings: Settings) -> Iterator[Finding]:
    """The keys of QR codes: which one signs, whether it can be opened, and which count no more."""
    subject = _("二维码签名密钥")
    try:
        found, current = signing.all_keys(), signing.current_key(now())
        if current is not None:
            signing.sign(current, b"doctor")
    except SQLAlchemyError:
        return  # what is wrong with the database is said elsewhere
    except ValueError:
        yield Finding("wrong", subject, _("密钥打不开：COMP_FIELD_KEYS 不是封存它时的那一份。"),
                      _("找回原来的 COMP_FIELD_KEYS；改好以前不能制作证书。"))
        return
    if current is None:
        yield Finding("ok", subject, _("%(year)s 年还没有，第一次签发证书时自动生成", year=in_zone(now()).year))
        return
    distrusted = sum(1 for key in found if key.distrusted_at)
    said = _("%(kid)s 正在使用，共 %(n)s 把", kid=current.kid, n=len(found))
    if distrusted:
        yield Finding("note", subject, _("%(said)s，其中 %(bad)s 把已宣布失信", said=said, bad=distrusted),
                      _("失信密钥签的纸质证书只能联网查验，请通知持证人。"))
    else:
        yield Finding("ok", subject, said)
