"""What was handed in can be changed while registration is open; what comes next starts from what is known."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from competition.accounts import service_sign_up
from competition.accounts.identity import parse_document
from competition.accounts.service_consent import withdraw_consent
from competition.accounts.terms import CURRENT
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.core.actors import Actor
from competition.core.audit import history
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.registration import hooks, queries, service
from competition.registration.models import Entry
from competition.registration.rules_data import EntryData
from tests.builders import entry_data, make_contest
from tests.cast import Cast, id_card, phone, sign_in
from tests.pictures import picture

PASSWORD = "湖边的面馆早上六点开门"


def enter(cast: Cast, contest: Contest, name: str = "甲", **more: Any) -> Entry:
    return service.submit_entry(contest.id, entry_data(contest, **more), actor=cast.actor("contestant", name=name), at=cast.at,
                                consent="web")


def chosen(contest: Contest) -> list[uuid.UUID]:
    return [event.id for event in queries.events_of(contest.id) if event.entrant_kind == "person" and not event.is_compulsory]


def same_but(contest: Contest, entry: Entry, **more: Any) -> EntryData:
    return entry_data(contest, name=entry.name, document=None, phone=None, **more)


def change(cast: Cast, entry: Entry, name: str = "甲", **more: Any) -> Entry:
    return service.submit_entry(entry.contest_id, same_but(entry.contest, entry, **more), actor=cast.actor("contestant", name=name),
                                at=cast.at + timedelta(hours=1), consent="web")


def approved(cast: Cast, contest: Contest, **more: Any) -> Entry:
    entry = enter(cast, contest, **more)
    for union in (cast.county, cast.prefecture, cast.province):
        if get(Entry, entry.id).state != "approved":
            service.review_entry(entry.id, "approve", actor=cast.actor("clerk", "union", union.id), at=cast.at)
    found = get(Entry, entry.id)
    assert found.state == "approved"
    return found


def test_one_of_two_events_is_given_up_and_its_place_goes_on(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    first, second = chosen(contest)[:2]
    event = next(event for event in queries.events_of(contest.id) if event.id == second)
    contests.change_event(event.id, actor=any_cast.actor("organizer", "contest", contest.id), at=any_cast.at, quota=1)
    entry = enter(any_cast, contest, "甲", events=[first, second])
    waits = enter(any_cast, contest, "乙", events=[second])
    assert waits.state == "waiting"
    changed = change(any_cast, entry, events=[first])
    assert (changed.id, changed.state) == (entry.id, "submitted")
    assert second not in {one.event_id for one in get(Entry, entry.id).entrants}
    assert get(Entry, waits.id).state == "submitted"
    assert history("entry", entry.id)[0].act == "registration.change"


def test_an_approved_entry_goes_back_to_review_and_keeps_its_number(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    entry = approved(any_cast, contest)
    number = entry.number
    changed = change(any_cast, entry, employer="另一家测试面馆", events=chosen(contest)[:1])
    assert (changed.state, changed.number, changed.employer) == ("submitted", number, "另一家测试面馆")
    assert changed.decided_at is None
    assert changed.review_union_id == any_cast.county.id


def test_nothing_new_starts_no_review(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    entry = approved(any_cast, contest, events=chosen(contest)[:1])
    version, acts = entry.version, len(history("entry", entry.id))
    same = change(any_cast, entry, events=chosen(contest)[:1])
    assert (same.state, same.version, len(history("entry", entry.id))) == ("approved", version, acts)


def test_after_the_closing_date_only_what_was_sent_back_is_changed(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    entry = enter(any_cast, contest)
    assert contest.registration_closes_at is not None
    late = contest.registration_closes_at + timedelta(minutes=1)
    for verb in (lambda: service.submit_entry(contest.id, same_but(contest, entry, employer="晚了"), at=late,
                                              actor=any_cast.actor("contestant", name="甲")),
                 lambda: service.save_draft(contest.id, {"employer": "晚了"}, actor=any_cast.actor("contestant", name="甲"), at=late)):
        with pytest.raises(RuleBroken, match="联系审核的工会退回修改") as refused:
            verb()
        assert refused.value.code == "registration_closed"
    service.review_entry(entry.id, "return", "单位写全称", actor=any_cast.actor("clerk", "union", any_cast.county.id), at=late)
    done = service.submit_entry(contest.id, same_but(contest, entry, employer="晚了也行"), at=late,
                                actor=any_cast.actor("contestant", name="甲"))
    assert (done.state, done.employer) == ("submitted", "晚了也行")


def test_once_lots_are_drawn_nothing_changes(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    contest = make_contest(any_cast)
    entry = enter(any_cast, contest)
    drawn = {entry.id}
    monkeypatch.setattr(hooks, "drawn", [lambda entry_id: entry_id in drawn])
    with pytest.raises(RuleBroken, match="已经抽签") as refused:
        change(any_cast, entry, employer="另一家")
    assert refused.value.code == "drawn"


def test_a_phone_typed_anew_is_kept(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    entry = enter(any_cast, contest, phone="+8619900001111")
    assert entry.person is not None
    assert entry.person.phone_masked == "199****1111"
    service.submit_entry(contest.id, entry_data(contest, name=entry.name, document=None, phone="+8619900002222"),
                         actor=any_cast.actor("contestant", name="甲"), at=any_cast.at, consent="web")
    db.session.expire_all()
    again = queries.get_entry(entry.id)
    assert again.person is not None
    assert again.person.phone_masked == "199****2222"


def test_whoever_types_somebody_elses_number_does_not_change_that_phone(any_cast: Cast) -> None:
    contest, other = make_contest(any_cast), make_contest(any_cast)
    document = parse_document("id_card", id_card())
    entry = enter(any_cast, contest, "甲", document=document, phone="+8619900001111")
    enter(any_cast, other, "乙", document=document, phone="+8619900003333")
    db.session.expire_all()
    person = queries.get_entry(entry.id).person
    assert person is not None
    assert person.phone_masked == "199****1111"


# ---- the pages -------------------------------------------------------------------------------


def account(client: FlaskClient, serial: int = 1) -> Any:
    made = service_sign_up.sign_up(name="试·面匠", phone=f"+86{phone(serial)}", password=PASSWORD, purposes=tuple(CURRENT), at=now())
    sign_in(client, made)
    return made


WORK = {"employer": "测试拉面馆", "employer_ownership": "non_public", "region_code": "630224", "union_id": "", "trade": "拉面制作",
        "skill_level": "3", "worker_group": "lamian"}


def fill(client: FlaskClient, contest: Contest, number: str, events: Sequence[uuid.UUID]) -> None:
    base = f"/contests/{contest.id}/entry"
    who = {"name": "试·面匠", "document_type": "id_card", "document_number": number, "phone": phone(1)}
    assert client.post(f"{base}/person", data=who).status_code == 303
    assert client.post(f"{base}/work", data=WORK).status_code == 303
    assert client.post(f"{base}/events", data={"events": [str(e) for e in events], "team_id": "", "team_role": "member"}).status_code == 303


def hand_in(client: FlaskClient, contest: Contest) -> str:
    done = client.post(f"/contests/{contest.id}/entry/check", data={"sensitive": "y", "truth": "y"})
    assert done.status_code == 303, done.text
    return client.get(done.location).text


def test_name_and_phone_are_known_from_the_account(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    account(client)
    assert "199****0001" in client.get("/account").text
    page = client.get(f"/contests/{contest.id}/entry/person").text
    assert 'value="试·面匠"' in page
    assert f'value="{phone(1)}"' in page


def test_a_phone_one_figure_short_is_refused_in_the_entry(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    account(client)
    base = f"/contests/{contest.id}/entry/person"
    who = {"name": "试", "document_type": "id_card", "document_number": id_card()}
    short = client.post(base, data={**who, "phone": "1391234567"})
    assert (short.status_code, "现在是 10 位" in short.text) == (422, True)
    assert client.post(base, data={**who, "phone": "+977 9812345678"}).status_code == 303


def test_the_check_shows_the_own_numbers_in_full_and_leads_back(cast: Cast, client: FlaskClient) -> None:
    contest, number = make_contest(cast), id_card()
    account(client)
    fill(client, contest, number, chosen(contest)[:1])
    page = client.get(f"/contests/{contest.id}/entry/check").text
    assert f"{number[:6]} {number[6:14]} {number[14:]}" in page
    assert f"{phone(1)[:3]} {phone(1)[3:7]} {phone(1)[7:]}" in page
    assert "（按工作地区对应）" in page
    assert f"/contests/{contest.id}/entry/work?then=check" in page
    back = client.post(f"/contests/{contest.id}/entry/work?then=check", data={**WORK, "trade": "别的"})
    assert back.location.endswith("/entry/check")


def test_a_draft_goes_on_where_it_stopped(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    account(client)
    base = f"/contests/{contest.id}/entry"
    who = {"name": "试·面匠", "document_type": "id_card", "document_number": id_card(), "phone": phone(1)}
    assert client.get(base).location.endswith("/entry/person")
    client.post(f"{base}/person", data=who)
    assert client.get(base).location.endswith("/entry/work")
    client.post(f"{base}/work", data=WORK)
    assert client.get(base).location.endswith("/entry/events")
    client.post(f"{base}/events", data={"team_id": "", "team_role": "member"})
    assert client.get(base).location.endswith("/entry/check")
    assert "没有勾选任何可选项目" in client.get(f"{base}/check").text


def test_a_handed_in_entry_is_changed_on_its_pages(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    me = account(client)
    fill(client, contest, id_card(), chosen(contest)[:2])
    page = hand_in(client, contest)
    entry = queries.own_entry(contest.id, me.id)
    assert entry is not None
    assert "修改提交以后从头审核" in page
    base = f"/contests/{contest.id}/entry"
    assert "提交修改" in client.get(f"{base}/check").text
    client.post(f"{base}/events?then=check", data={"events": [str(chosen(contest)[0])], "team_id": "", "team_role": "member"})
    waiting = client.get(f"/my/entries/{entry.id}").text
    assert "有没有提交的修改" in waiting
    assert len(queries.get_entry(entry.id).entrants) == 3
    assert "修改已提交，等待审核" in hand_in(client, contest)
    db.session.expire_all()
    assert len(queries.get_entry(entry.id).entrants) == 2
    assert "内容没有变化" in hand_in(client, contest)


def test_a_change_is_discarded_by_its_owner_alone(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    me = account(client)
    fill(client, contest, id_card(), chosen(contest)[:1])
    hand_in(client, contest)
    entry = queries.own_entry(contest.id, me.id)
    assert entry is not None
    client.post(f"/contests/{contest.id}/entry/work?then=check", data={**WORK, "employer": "没有提交的"})
    cast.sign_in(client, cast.account("contestant", name="别人"))
    assert client.post(f"/my/entries/{entry.id}/change/discard").status_code == 404
    sign_in(client, me)
    assert client.post(f"/my/entries/{entry.id}/change/discard").status_code == 303
    assert "有没有提交的修改" not in client.get(f"/my/entries/{entry.id}").text
    assert service.read_draft(entry.id) == {}


def test_the_photo_of_an_earlier_entry_is_taken_along_when_asked_for_and_only_then(cast: Cast, client: FlaskClient) -> None:
    contest, other = make_contest(cast), make_contest(cast)
    me = account(client)
    sent = client.post(f"/contests/{contest.id}/entry/person", content_type="multipart/form-data",
                       data={"name": "试·面匠", "document_type": "id_card", "photo": (picture(), "我.jpg"), "save": "1"})
    assert sent.status_code == 303
    step = f"/contests/{other.id}/entry/person"
    assert "沿用上次的照片" not in client.get(step).text, "nothing was handed in yet"
    fill(client, contest, id_card(), chosen(contest)[:1])
    hand_in(client, contest)
    first = queries.own_entry(contest.id, me.id)
    assert first is not None
    assert "沿用上次的照片" in client.get(step).text
    typed = {"name": "试·面匠", "document_type": "id_card"}
    client.post(step, data={**typed, "save": "1"})
    begun = queries.own_entry(other.id, me.id)
    assert begun is not None
    assert begun.photo_id is None, "nothing is carried by itself"
    assert client.post(step, data={**typed, "earlier_photo": "1"}).location.endswith(step)
    entry = get(Entry, begun.id)
    assert entry.photo is not None
    assert first.photo is not None
    assert (entry.photo_id != first.photo_id, entry.photo.sha256) == (True, first.photo.sha256)
    assert history("entry", entry.id)[0].details == {"kind": "photo", "sha256": entry.photo.sha256, "from": str(first.id)}
    with client.get(f"/my/entries/{entry.id}/files/photo") as answer:
        assert answer.mimetype == "image/jpeg"
    page = client.get(step).text
    assert "已上传的照片" in page
    assert "沿用上次的照片" not in page


def test_no_photo_is_taken_along_without_consent_or_from_somebody_else(cast: Cast, client: FlaskClient) -> None:
    contest, other = make_contest(cast), make_contest(cast)
    me = account(client)
    fill(client, contest, id_card(), chosen(contest)[:1])
    hand_in(client, contest)
    step, typed = f"/contests/{other.id}/entry/person", {"name": "试·面匠", "document_type": "id_card", "earlier_photo": "1"}
    refused = client.post(step, data=typed)
    assert (refused.status_code, "没有可以沿用的照片" in refused.text) == (409, True)
    actor, mine = Actor("account", me.id, name="试·面匠"), queries.own_entry(contest.id, me.id)
    assert mine is not None
    service.attach(mine.id, "photo", picture().read(), "我.jpg", actor=actor, at=now())
    with atomic():
        withdraw_consent("privacy", account_id=me.id, person_ids=[], actor=actor, at=now())
    refused = client.post(step, data=typed)
    assert (refused.status_code, "还没有同意现行的个人信息处理规则" in refused.text) == (409, True)
    begun = queries.own_entry(other.id, me.id)
    assert begun is not None
    assert begun.photo_id is None


def test_entering_again_starts_from_the_earlier_entry(cast: Cast, client: FlaskClient) -> None:
    contest, other = make_contest(cast), make_contest(cast)
    me = account(client)
    fill(client, contest, id_card(), chosen(contest)[:1])
    hand_in(client, contest)
    first = queries.own_entry(contest.id, me.id)
    assert first is not None
    service.withdraw_entry(first.id, "报错了", actor=Actor("account", me.id, name="试·面匠"), at=now())
    base = f"/contests/{contest.id}/entry"
    assert client.get(base).location.endswith("/entry/person")
    page = client.get(f"{base}/person").text
    assert "已用您在" in page
    assert "不需要更换请留空" in page
    assert 'value="测试拉面馆"' in client.get(f"{base}/work").text
    assert "checked" in client.get(f"{base}/events").text
    client.post(f"{base}/person", data={"name": "试·面匠", "document_type": "id_card"})
    hand_in(client, contest)
    again = queries.own_entry(contest.id, me.id)
    assert again is not None
    assert (again.id != first.id, again.person_id, again.employer) == (True, first.person_id, "测试拉面馆")
    listed = client.get("/my/entries").text
    assert "以另一份为准" in listed
    assert "重新报名</a>" not in listed
    assert 'value="测试拉面馆"' in client.get(f"/contests/{other.id}/entry/work").text
