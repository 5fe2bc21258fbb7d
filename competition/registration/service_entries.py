"""Entries handed in: by the contestant, or by staff for somebody without a phone."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from competition.accounts.identity import clean_name
from competition.accounts.models import Person
from competition.accounts.service_consent import check_consents, give_consent
from competition.accounts.terms import CURRENT
from competition.contests.models import Contest, Event
from competition.contests.rules import registration_state
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import Upload
from competition.core.formats import together
from competition.registration import hooks, queries, queries_places, rules, rules_places
from competition.registration.models import Delegation, Entrant, Entry, Team
from competition.registration.rules_data import EntryData
from competition.registration.service_changes import forget_draft, person_for, says_nothing_new
from competition.registration.service_files import keep_file
from competition.registration.service_line import end_of_line, move_up, record, refuse, to_review

PAPER_LEAST = 4


def submit_entry(
    contest_id: uuid.UUID, data: EntryData, *, actor: Actor, at: datetime, consent: str | None = None
) -> Entry:
    """The contestant's own entry, new or corrected: submitted, or on the waiting list when a quota is full.

    ``consent`` is the channel (web, paper) by which the separate consent to sensitive data was given, now. What
    consent is needed is asked here, too: of somebody who took it back, or agreed to older texts, nothing is taken.
    Raises RuleBroken with the sentence and, in ``details['field']``, the form's field.
    """
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        entry = queries.own_entry(contest_id, actor.own_id)
        entry = _hand_in(contest, entry, data, actor=actor, at=at, account_id=actor.id, consent=consent)
        check_consents(actor.own_id)
        return entry


def register_for(
    contest_id: uuid.UUID, data: EntryData, *, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None,
    consent: str | None = "paper", paper: str = "", photo: Upload | None = None,
) -> Entry:
    """A clerk, a leader or the office enters somebody without a phone; with ``entry_id`` corrects such an entry.

    ``paper`` says on which paper the person agreed. The caller has checked the right for the union and the team, and
    taken the photo in (``take_file``).
    """
    check_paper(paper, actor)
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        entry = get(Entry, entry_id, lock=True) if entry_id else None
        if entry is not None and entry.contest_id != contest_id:
            raise NotFound(queries.NOT_FOUND)
        done = _hand_in(contest, entry, data, actor=actor, at=at, account_id=entry.account_id if entry else None, consent=consent,
                        paper=paper)
        if photo is not None:
            keep_file(done, contest, "photo", photo, actor=actor, at=at)
        return done


def _hand_in(
    contest: Contest, entry: Entry | None, data: EntryData, *, actor: Actor, at: datetime, account_id: uuid.UUID | None,
    consent: str | None, paper: str = "",
) -> Entry:
    check_open(contest, entry, at)
    events = queries.events_of(contest.id)
    if entry is not None and entry.state in rules.SETTLED and says_nothing_new(entry, data, events):
        # Handed in twice, or looked at and sent: that starts no review.
        forget_draft(entry)
        return entry
    move_up(contest, actor, at)
    before = queries_places.need_of(entry) if entry is not None and entry.state in rules.HOLDING else None
    act = "registration.change" if entry is not None and entry.state in rules.SETTLED else "registration.submit"
    entry = prepare(contest, events, entry, data, actor=actor, at=at, account_id=account_id, consent=consent,
                    paper=paper)
    _seat(contest, events, entry, before, act, actor, at)
    if before is not None:
        # Whoever gives up an event gives its place to who waits.
        move_up(contest, actor, at)
    return entry


def prepare(
    contest: Contest, events: Sequence[Event], entry: Entry | None, data: EntryData, *, actor: Actor, at: datetime,
    account_id: uuid.UUID | None, consent: str | None, paper: str = "",
) -> Entry:
    """Check everything but the places, and write the entry in the state it had (a new one as a draft)."""
    data = replace(data, name=_name(data.name), events=_events(events, data.events, in_team=data.team_id is not None))
    person = person_for(entry, data, account_id, actor, at)
    if account_id == actor.id and actor.person_id not in (None, person.id):
        raise RuleBroken(_("这个账号登记的是另一位本人的证件。请用报名人自己的账号报名，或请所在单位、领队代为报名。"),
                         code="other_person", status=422, field="document_number")
    _check_only_once(contest, entry, person, account_id)
    union_id = queries.union_for(data.union_id, data.region_code)
    team = _team(contest, entry, data, union_id)
    delegation = _delegation(contest, team, union_id)
    _check_eligible(contest, entry, data, person, by_staff=account_id is None)
    entry = _write(contest, entry, data, person, union_id, delegation, team, account_id, actor, at)
    if consent is not None:
        _agreed(entry, person, consent, paper, account_id, actor, at)
    return entry


def check_paper(paper: str, actor: Actor) -> None:
    """Raise unless whoever enters somebody else says on which paper that person agreed."""
    if actor.kind == "account" and len(paper.strip()) < PAPER_LEAST:
        raise RuleBroken(_("请写明本人签字的同意书：名称、签署日期、存放处。"), code="paper_required", status=422, field="paper")


def _agreed(
    entry: Entry, person: Person, channel: str, paper: str, account_id: uuid.UUID | None, actor: Actor, at: datetime
) -> None:
    # By a tick on the last step to the sensitive data alone; a signed paper holds everything.
    for purpose in ("sensitive",) if channel == "web" else tuple(CURRENT):
        consent = give_consent(purpose, account_id=account_id, person_id=person.id, channel=channel, paper=paper, actor=actor, at=at)
        entry.consent_id = consent.id


def check_open(contest: Contest, entry: Entry | None, at: datetime) -> None:
    """Raise unless the contest takes entries, or corrections of this one."""
    refusal = change_refusal(contest, entry, at)
    if refusal is not None:
        raise refuse(refusal)


def change_refusal(contest: Contest, entry: Entry | None, at: datetime) -> rules.Reason | None:
    """Why the contest takes no entry, or no change of this one; None when it does."""
    state = registration_state(contest, at)
    if entry is not None:
        return rules.change_refusal(entry.state, state, drawn=hooks.is_drawn(entry.id))
    return None if state.is_open else rules.Reason(f"registration_{state.code}", state.sentence)


def _name(text: str) -> str:
    try:
        return clean_name(text)
    except ValueError as error:
        raise RuleBroken(str(error), code="name", status=422, field="name") from error


def _events(known: Sequence[Event], chosen: frozenset[uuid.UUID], *, in_team: bool) -> frozenset[uuid.UUID]:
    """The chosen events and the compulsory ones; a team's member may compete in the team's events alone."""
    for_persons = {e.id for e in known if e.entrant_kind == "person"}
    if chosen - for_persons:
        raise RuleBroken(_("所选项目不存在或不接受个人报名，请重新选择。"), code="event_unknown", status=422, field="events")
    wanted = chosen | {e.id for e in known if e.is_compulsory and e.entrant_kind == "person"}
    has_team_events = any(e.entrant_kind == "team" for e in known)
    if for_persons and not wanted and not (has_team_events and in_team):
        words = _("请至少选择一个参赛项目；只参加团体项目的，请选择代表队。") if has_team_events else _("请至少选择一个参赛项目。")
        raise RuleBroken(words, code="no_event", status=422, field="events")
    return wanted


def _check_only_once(contest: Contest, entry: Entry | None, person: Person, account_id: uuid.UUID | None) -> None:
    other = queries.find_living(contest.id, person.id)
    if other is None or (entry is not None and other.id == entry.id):
        return
    if account_id is not None and other.account_id == account_id:
        raise RuleBroken(_("您已经报名了本赛事，每人只能报一次。请在“我的报名”中查看或修改。"), code="entered_already",
                         field="document_number")
    raise RuleBroken(
        _("这个证件号码在本赛事中已有报名（可能由单位或领队代报，也可能是他人误填），不能重复报名。"
          "如非本人所报，请在“我的账号”中选择“证件号码被他人占用”，由工会核对证件后处理。"),
        code="document_entered", field="document_number")


def _team(contest: Contest, entry: Entry | None, data: EntryData, union_id: uuid.UUID | None) -> Team | None:
    if data.team_id is None:
        return None
    team = db.session.get(Team, data.team_id)
    if team is None or team.contest_id != contest.id or team.state == "withdrawn":
        raise RuleBroken(_("所选代表队不存在或已退出，请重新选择。"), code="team_unknown", status=422, field="team_id")
    check_delegation(team, union_id)
    check_team_room(team, data.team_role, entry.id if entry else None)
    return team


def check_delegation(team: Team, union_id: uuid.UUID | None, *, field: str = "team_id") -> None:
    """Raise when the people of this union come with another delegation than the team's."""
    own = queries.delegation_for(team.contest_id, union_id)
    if own is not None and team.delegation_id not in (None, own.id):
        raise RuleBroken(
            _("“%(team)s”属于%(theirs)s，按所属工会应随%(own)s参赛，不能编入。请选择本代表团的代表队，或核对工作地区和所属工会。",
              team=team.name, theirs=get(Delegation, team.delegation_id).name, own=own.name),
            code="other_delegation", field=field)


def check_team_room(team: Team, role: str, entry_id: uuid.UUID | None) -> None:
    """Raise when the team already has as many members, or reserves, as the contest allows."""
    limits = queries.condition_of(team.contest_id)
    most = None if limits is None else limits.team_most if role == "member" else limits.reserve_most
    if most is None:
        return
    if queries.count_members(team.id, role, without=entry_id) >= most:
        raise RuleBroken(_("“%(team)s”的%(role)s已满 %(n)s 人，请与领队商量，或选择其他代表队。",
                           team=team.name, role=rules.TEAM_ROLES[role], n=most), code="team_full", field="team_id")


def _delegation(contest: Contest, team: Team | None, union_id: uuid.UUID | None) -> Delegation | None:
    if team is not None and team.delegation_id is not None:
        return get(Delegation, team.delegation_id)
    return queries.delegation_for(contest.id, union_id)


def _check_eligible(contest: Contest, entry: Entry | None, data: EntryData, person: Person, *, by_staff: bool) -> None:
    # Staff add photos afterwards: a roster has none.
    who = rules.Applicant(
        birth_on=person.birth_on, skill_level=data.skill_level, worker_group=data.worker_group, events=len(data.events),
        has_photo=by_staff or (entry is not None and entry.photo_id is not None), has_team=data.team_id is not None,
    )
    reasons = rules.eligibility(queries.condition_of(contest.id), who, contest.starts_on)
    if reasons:
        raise RuleBroken(together(*(r.sentence for r in reasons)), code=reasons[0].code, status=422, field=reasons[0].field)


def _write(
    contest: Contest, entry: Entry | None, data: EntryData, person: Person, union_id: uuid.UUID | None,
    delegation: Delegation | None, team: Team | None, account_id: uuid.UUID | None, actor: Actor, at: datetime,
) -> Entry:
    session = db.session()
    if entry is None:
        entry = Entry(id=uuid.uuid4(), contest_id=contest.id, account_id=account_id, registered_by=actor.id, created_at=at,
                      version=0, state="draft", entrants=[])
        session.add(entry)
    entry.person_id, entry.name, entry.union_id, entry.region_code = person.id, data.name, union_id, data.region_code
    entry.employer, entry.employer_ownership, entry.trade = data.employer, data.employer_ownership, data.trade
    entry.skill_level, entry.worker_group = data.skill_level, data.worker_group
    entry.delegation_id, entry.team_id = (delegation.id if delegation else None), (team.id if team else None)
    entry.team_role = data.team_role if team else "member"
    entry.submitted_at, entry.decided_at, entry.version = at, None, entry.version + 1
    _set_events(entry, data.events)
    forget_draft(entry)
    session.flush()
    return entry


def _set_events(entry: Entry, wanted: frozenset[uuid.UUID]) -> None:
    kept = [e for e in entry.entrants if e.event_id in wanted]
    new = wanted - {e.event_id for e in kept}
    entry.entrants = [*kept, *(Entrant(event_id=e, contest_id=entry.contest_id) for e in sorted(new))]


def _seat(
    contest: Contest, events: Sequence[Event], entry: Entry, before: rules_places.Need | None, act: str, actor: Actor,
    at: datetime,
) -> None:
    book, need = queries_places.ledger(contest, events, without=entry.id), queries_places.need_of(entry)
    full = book.full(need)
    kept = set(book.books(before)) if before is not None else set()
    if before is not None and set(full) - kept:
        raise RuleBroken(_("%(full)s，不能改报。请保留原来的项目，您的名额不变。",
                           full=rules_places.full_words([b for b in full if b not in kept], events)), code="event_full", field="events")
    if full and before is None:
        entry.state, entry.review_union_id = "waiting", None
        entry.waiting_since = entry.waiting_since or end_of_line(contest, at)
        record("registration.wait", entry, actor, at)
    else:
        to_review(contest, entry)
        record(act, entry, actor, at)
