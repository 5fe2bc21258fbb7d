"""What the second person is shown of a request about an account: the account itself."""

import uuid

from flask_babel import lazy_gettext as _

from competition.core.approvals import Approval
from competition.core.shown import Behind, Shown


def account(approval: Approval) -> Shown:
    """The page on which the account's roles stand."""
    return Shown(links=[Behind(_("看这个账号现有的角色"), "accounts.show", {"account_id": uuid.UUID(approval.subject_id)})])
