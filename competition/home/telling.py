"""Telling people of requests for a second person: those who may decide, then whoever asked."""

from datetime import datetime

from flask import current_app

from competition.core import approvals
from competition.core.access import table
from competition.core.approvals import KINDS, Approval
from competition.home.queries import deciders
from competition.notices import service as notices

OUTCOMES = {
    "approved": ("您的申请已批准并办理", "由 {name} 批准，已经办理。"),
    "refused": ("您的申请没有批准", "{name} 没有批准，未办理。可以按意见修改后重新申请。"),
    "expired": ("您的申请已过期", "三天内没有人审批，未办理。仍需要办理的，请重新申请并与审批人联系。"),
}


@approvals.watch
def tell_about(approval: Approval, at: datetime) -> None:
    """A message with the way to the request, in the transaction that changed it."""
    link = f"/approvals/{approval.id}"
    if approval.state == "asked":
        body = f"{approval.summary}\n申请人：{approval.asked_name}。理由：{approval.reason}"
        roles = table(current_app)[KINDS[approval.kind].act].roles
        notices.tell(deciders(approval, roles, at), kind="approval.asked", title=f"等您审批：{KINDS[approval.kind].title}", body=body,
                     link=link, at=at)
    elif approval.state in OUTCOMES:
        title, words = OUTCOMES[approval.state]
        body = "\n".join(filter(None, [approval.summary, words.format(name=approval.decided_name),
                                       f"审批意见：{approval.note}" if approval.note else ""]))
        notices.tell([approval.asked_by], kind=f"approval.{approval.state}", title=title, body=body, link=link, at=at)
