"""Telling people of requests for a second person: those who may decide, then whoever asked."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _

from competition.core import approvals
from competition.core.access import table
from competition.core.approvals import KINDS, Approval
from competition.home.queries import deciders
from competition.notices import service as notices

TITLES = {"approved": _("您的申请已批准并办理"), "refused": _("您的申请没有批准"), "expired": _("您的申请已过期")}


@approvals.watch
def tell_about(approval: Approval, at: datetime) -> None:
    """A message with the way to the request, in the transaction that changed it."""
    kind = KINDS[approval.kind]
    more: dict[str, Any] = {"link": f"/approvals/{approval.id}", "at": at}
    if approval.state == "asked":
        readers = deciders(approval, table(current_app)[kind.act].roles, at)
        title = _("等您审批：%(title)s", title=kind.title)
        notices.tell(readers, kind="approval.asked", title=title, body=request_of(approval), **more)
    elif approval.state in TITLES:
        notices.tell([approval.asked_by], kind=f"approval.{approval.state}", title=TITLES[approval.state],
                     body=outcome_of(approval), **more)


def request_of(approval: Approval) -> object:
    """What is asked for, for those who may decide."""
    return _("%(summary)s\n申请人：%(name)s。理由：%(reason)s", summary=approval.words, name=approval.asked_name,
             reason=approval.reason)


def outcome_of(approval: Approval) -> object:
    """What became of a request, for whoever asked."""
    said = {"summary": approval.words, "name": approval.decided_name, "note": approval.note}
    if approval.state == "expired":
        return _("%(summary)s\n三天内没有人审批，未办理。仍需要办理的，请重新申请并与审批人联系。", **said)
    if approval.state == "refused":
        return _("%(summary)s\n%(name)s 没有批准，未办理。可以按意见修改后重新申请。\n审批意见：%(note)s", **said)
    if approval.note:
        return _("%(summary)s\n由 %(name)s 批准，已经办理。\n审批意见：%(note)s", **said)
    return _("%(summary)s\n由 %(name)s 批准，已经办理。", **said)
