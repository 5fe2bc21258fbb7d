"""The page of security, for the security officer and the auditor."""

from flask import render_template, request

from competition.accounts.service_merge import clashes
from competition.auditing import queries_security as queries
from competition.auditing import rules
from competition.auditing.views import blueprint, day_of, titles, zone
from competition.core.access import act
from competition.core.clock import now


def asked() -> queries.Asked:
    """What the address asks for; what cannot be read is not asked."""
    args = request.args
    return queries.Asked(
        kind=args.get("kind", "") if args.get("kind") in queries.KINDS else "", since=day_of(args.get("since", "")),
        until=day_of(args.get("until", "")), who=args.get("who", "").strip()[:50], source=args.get("source", "").strip().lower()[:64])


@blueprint.get("/security")
@act("auditing.security")
def security() -> str:
    """Who tried what he may not, who was locked out, whose roles and ways in changed."""
    wanted = asked()
    people = clashes(now())
    known = queries.someones({one.id for accounts in people for one in accounts}) if people else {}
    return render_template(
        "auditing/security.html", found=queries.page_of(wanted, zone(), request.args.get("page", 1, type=int)), asked=wanted, zone=zone(),
        kinds=[(key, words) for key, (words, _acts) in queries.KINDS.items()], words=rules, titles=titles(),
        together=[[known[one.id] for one in accounts] for accounts in people])
