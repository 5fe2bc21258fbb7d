"""What people do about their own data across the rooms: take consent back, have everything erased.

Both are one transaction; each room empties its own rows.
"""

import uuid
from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext as _

from competition.accounts.identity import ERASED
from competition.accounts.models import Account
from competition.accounts.service import verify_password
from competition.accounts.service_consent import withdraw_consent as take_back
from competition.accounts.service_erase import erase_account
from competition.arena.service_erase import erase_reasons
from competition.certificates.service_fonts import forget_pictures
from competition.certificates.service_outs import forget_outs
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.core.overwriting import overwriting
from competition.home.own_data import Subject
from competition.home.queries_rights import obstacles_of, split_entries
from competition.home.rules_rights import WORD
from competition.notices.service_erase import erase_messages
from competition.operations import erasures
from competition.registration.models import Entry
from competition.registration.queries_own import teams_led, told_about
from competition.registration.service_erase import erase_entries
from competition.registration.service_line import withdraw_entry
from competition.returns.service_erase import unname_facts

# Why an entry was withdrawn: of the record, in one language.
WITHDRAWN = "本人撤回了对处理个人信息的同意"


def _own(actor: Actor) -> Account:
    return get(Account, actor.own_id, lock=True)


def withdraw_consent(purpose: str, *, actor: Actor, at: datetime) -> list[Entry]:
    """The consent to a text holds no longer; entries for which no lots are drawn are withdrawn with it. Returns them."""
    with atomic():
        subject = Subject(_own(actor), actor)
        take_back(purpose, account_id=subject.account.id, person_ids=subject.person_ids, actor=actor, at=at)
        goes, _stays = split_entries(subject)
        for entry in sorted(goes, key=lambda one: one.contest_id):
            withdraw_entry(entry.id, WITHDRAWN, actor=actor, at=at)
    return goes


def erase_own(password: str, typed: str, *, actor: Actor, at: datetime) -> None:
    """Everything that says who the actor is goes, with password and typed word; what was awarded and counted stays.

    Raises RuleBroken with the first thing that stands against it now.
    """
    if typed.strip() != str(WORD):
        raise RuleBroken(_("请照样输入“%(word)s”。", word=WORD), code="not_confirmed", status=422, field="confirm_name")
    verify_password(actor.own_id, password, field="password", at=at)
    with atomic(), overwriting():
        subject = Subject(_own(actor), actor)
        for contest_id in sorted({entry.contest_id for entry in subject.entries}):
            get(Contest, contest_id, lock=True)
        _check_obstacles(subject, at)
        _erase(subject, actor, at)
    erasures.note_quietly(current_app.extensions["settings"])


def erase_again(account_id: uuid.UUID, at: datetime) -> bool:
    """Who was erased after a backup was made stands whole again once it is restored: erased once more, and what kept others
    from erasing themselves then is no reason now. False when nothing was left to erase."""
    with atomic(), overwriting():
        account = get(Account, account_id, lock=True)
        if account.erased_at is not None:
            return False
        subject = Subject(account, Actor("account", account.id, account.person_id, account.display_name))
        for contest_id in sorted({entry.contest_id for entry in subject.entries}):
            get(Contest, contest_id, lock=True)
        _erase(subject, SYSTEM, at)
    return True


def check_erasable(actor: Actor, *, at: datetime) -> None:
    """Raise RuleBroken (not_now) with the first thing that stands against the erasure now."""
    _check_obstacles(Subject(_own(actor), actor), at)


def _check_obstacles(subject: Subject, at: datetime) -> None:
    found = obstacles_of(subject, at)
    if found:
        raise RuleBroken(_("%(why)s%(then)s", why=found[0].sentence, then=found[0].what_to_do), code="not_now")


def _erase(subject: Subject, actor: Actor, at: datetime) -> None:
    account_id, entries, persons = subject.account.id, subject.entries, subject.persons
    keys = {person.document_index: person.id for person in persons if person.document_index}
    entry_ids, contests = [entry.id for entry in entries], {entry.contest_id for entry in entries}
    readers, teams = told_about(entries), [team.id for team in teams_led(account_id)]
    names = [*{entry.name for entry in entries if entry.name}]
    entrants = erase_reasons(entry_ids, contests)
    erase_entries(entries, account_id, [*names, subject.account.display_name], actor=actor, at=at)
    forget_pictures(contests, names, ERASED)
    forget_outs([*(person.id for person in persons), *entry_ids], names, ERASED)
    facts = unname_facts(keys, at)
    names = sorted({*names, *erase_account(account_id, persons, at=at)})
    erase_messages(account_id, names, readers, ERASED)
    salts = audit.erase_salts([
        ("account", account_id), *(("person", person.id) for person in persons), *(("entry", key) for key in entry_ids),
        *(("entrant", key) for key in entrants), *(("team", key) for key in {*teams, *_teams(entries)})])
    audit.record("account.erase", actor=Actor("account", account_id) if actor.id else actor, subject=("account", account_id), at=at,
                 details={"persons": len(persons), "entries": len(entries), "facts": facts, "salts": salts})


def _teams(entries: list[Entry]) -> set[uuid.UUID]:
    # A line-up is on record with the names of all who went in.
    return {entry.team_id for entry in entries if entry.team_id}
