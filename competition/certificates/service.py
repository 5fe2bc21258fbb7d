"""The verbs: prepare, ask, issue, print, revoke, replace."""

from competition.certificates.service_batches import (
    ask_issue,
    check_prepared,
    discard_batch,
    ensure_ready_templates,
    has_address,
    is_demonstration,
    prepare_anew,
    prepare_batch,
    prepare_from,
    prepare_roster,
    prepare_units,
)
from competition.certificates.service_issue import issue_certificates
from competition.certificates.service_numbers import set_numbering
from competition.certificates.service_print import print_batch, restart_printing
from competition.certificates.service_register import ask_replace, ask_revoke

__all__ = [
    "ask_issue", "ask_replace", "ask_revoke", "check_prepared", "discard_batch", "ensure_ready_templates", "has_address",
    "is_demonstration", "issue_certificates", "prepare_anew", "prepare_batch", "prepare_from",
    "prepare_roster", "prepare_units", "print_batch", "restart_printing", "set_numbering",
]
