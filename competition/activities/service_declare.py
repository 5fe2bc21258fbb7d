"""A union declares an activity: written, handed in, taken back, dropped. What is declared is a contest of its kind."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from competition.activities import queries, rules
from competition.activities.models import Declaration, DeclarationStep, StageReport
from competition.activities.rules_stages import check_years, planned
from competition.contests.models import Contest
from competition.contests.service import change_contest, create_contest, set_bodies
from competition.contests.service_course import take_step
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.notices.service import tell
from competition.organisations.models import Union
from competition.organisations.queries import ancestors, home_union


@dataclass(frozen=True)
class Declared:
    """What is declared. ``bodies``: (role, name) in the order of the notice; ``named_stages``: lines, for the rhythm ``named``."""

    name: str
    kind: str
    level: str
    starts_on: date
    ends_on: date
    industry: str
    region_code: str | None
    bodies: Sequence[tuple[str, str]]
    aim: str
    measures: str
    expected_heads: int
    rhythm: str
    named_stages: str = ""


def declare(union_id: uuid.UUID, what: Declared, *, actor: Actor, at: datetime) -> Declaration:
    """A draft of a union."""
    with atomic() as session:
        get(Union, union_id)
        _check(what)
        home = home_union()
        if home is not None:
            # Codes are counted: one declares at a time.
            get(Union, home.id, lock=True)
        contest = create_contest(
            code=queries.next_code(what.starts_on.year), name_zh=what.name, host_union_id=union_id, starts_on=what.starts_on,
            ends_on=what.ends_on, bodies=what.bodies, kind=what.kind, level=what.level, industry=what.industry,
            region_code=what.region_code, summary=what.aim, actor=actor, at=at)
        made = Declaration(id=uuid.uuid4(), contest_id=contest.id, created_at=at, route=[], sheet=[], **_beside(what))
        session.add(made)
        session.flush()
        note(made, "begin", actor, at)
    return made


def change_declaration(declaration_id: uuid.UUID, what: Declared, *, actor: Actor, at: datetime) -> None:
    """Write it otherwise, as long as it is the declarer's own."""
    with atomic():
        found = held(declaration_id)
        rules.check_editable(found.state)
        _check(what)
        contest = change_contest(
            found.contest_id, version=found.contest.version, name_zh=what.name, kind=what.kind, level=what.level, industry=what.industry,
            starts_on=what.starts_on, ends_on=what.ends_on, region_code=what.region_code, summary=what.aim, actor=actor, at=at)
        set_bodies(contest.id, what.bodies, version=contest.version, actor=actor, at=at)
        for name, value in _beside(what).items():
            setattr(found, name, value)
        note(found, "change", actor, at)


def _beside(what: Declared) -> dict[str, object]:
    return {"aim": what.aim, "measures": what.measures, "expected_heads": what.expected_heads, "rhythm": what.rhythm,
            "named_stages": what.named_stages if what.rhythm == "named" else ""}


def _check(what: Declared) -> None:
    if what.kind not in rules.KINDS or what.level not in rules.DECIDES:
        raise RuleBroken(_("请选择活动的类型和级别。"), code="kind", status=422, field="kind")
    if what.expected_heads < 1:
        raise RuleBroken(_("请填写预计参加人数，至少 1 人。"), code="heads", status=422, field="expected_heads")
    if what.ends_on >= what.starts_on:
        check_years(what.starts_on, what.ends_on)
        planned(what.rhythm, what.starts_on, what.ends_on, what.named_stages)


def submit(declaration_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Hand it to the next union that decides; where the declarer is that union itself, it is approved at once."""
    with atomic():
        found = held(declaration_id)
        rules.check_editable(found.state)
        contest = found.contest
        above = [(str(union.id), union.level) for union in ancestors(contest.host_union_id)[1:]]
        found.route, found.state = rules.route(above, contest.host_union.level, contest.level), rules.SUBMITTED
        note(found, "submit", actor, at, union_id=contest.host_union_id)
        go_on(found, None, actor, at)


def go_on(found: Declaration, node: uuid.UUID | None, actor: Actor, at: datetime) -> None:
    """To the next union, or approved: inside of an act of this room."""
    following = rules.after(found.route, str(node) if node else None)
    found.waiting_at = uuid.UUID(following) if following else None
    if following is None:
        _approved(found, actor, at)
        return
    contest = found.contest
    tell(queries.people_of(found.waiting_at, at), kind="activities.submitted", link=link_of(found), at=at,
         title=_("等您审核：%(name)s", name=contest.name_zh),
         body=_("%(union)s申报了一项竞赛活动，请审核。", union=contest.host_union.name_zh))


def _approved(found: Declaration, actor: Actor, at: datetime) -> None:
    """It becomes a contest that is going to be, with its stages."""
    found.state = rules.APPROVED
    contest = take_step(found.contest_id, "announce", "", actor, at)
    stages = planned(found.rhythm, contest.starts_on, contest.ends_on, found.named_stages)
    db.session.add_all(StageReport(declaration_id=found.id, position=place, name=stage.name, due_on=stage.due_on, measures={})
                       for place, stage in enumerate(stages, 1))
    note(found, "approved", actor, at, stages=len(stages))
    if found.route:
        tell(people_concerned(found, at), kind="activities.approved", link=link_of(found), at=at,
             title=_("已核准：%(name)s", name=contest.name_zh), body=_("活动已核准，可以按期开展，并按阶段提交小结。"))


def take_back(declaration_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The declarer takes back what nobody has approved to the end."""
    with atomic():
        found = held(declaration_id)
        if found.state != rules.SUBMITTED:
            raise RuleBroken(_("只有待审核的申报可以撤回。"), code="not_submitted")
        found.state, found.waiting_at = rules.DRAFT, None
        note(found, "take_back", actor, at)


def withdraw(declaration_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """The activity will not take place; it stays on record. Only before it is approved: after that it is cancelled as a contest."""
    with atomic():
        found = held(declaration_id)
        rules.check_editable(found.state)
        why = rules.needed(reason)
        found.state = rules.WITHDRAWN
        take_step(found.contest_id, "cancel", why, actor, at)
        note(found, "withdraw", actor, at, reason=why)


# ---- for all verbs of this room --------------------------------------------------------------------


def held(declaration_id: uuid.UUID) -> Declaration:
    """The declaration, read again and held until the commit, and its contest."""
    found = get(Declaration, declaration_id, lock=True)
    get(Contest, found.contest_id, lock=True)
    return found


def note(
    found: Declaration, verdict: str, actor: Actor, at: datetime, *, union_id: uuid.UUID | None = None, reason: str | None = None,
    about: str = "", step: bool = True, **details: object,
) -> None:
    """What was done, in the activity's own history (``step``) and in the audit chain of its contest."""
    if step:
        db.session.add(DeclarationStep(declaration_id=found.id, union_id=union_id, verdict=verdict, reason=reason, about=about,
                                       by_id=actor.id, by_name=actor.name, at=at))
    audit.record(f"activities.{verdict}", actor=actor, subject=("contest", found.contest_id), at=at, chain=found.contest_id, reason=reason,
                 details={**({"name": about} if about else {}), **details})


def people_concerned(found: Declaration, at: datetime) -> list[uuid.UUID]:
    """Who hears of what was decided: who handed it in, and who works for the union that declares."""
    sent = queries.submitter(found.id)
    return [*([sent] if sent else []), *queries.people_of(found.contest.host_union_id, at)]


def link_of(found: Declaration) -> str:
    """The page of an activity."""
    return f"/activities/{found.id}"
