"""A small world in which everything exists twice: once for the roles of the table, once for somebody else.

*Own* is a county's: contests (one takes entries, one is being judged, one is published, one is a draft) with
everything that belongs to them; whoever stands in the table's columns holds his role there. *Foreign* is the
same of another county. One function builds both, so that an address which opens for the one and not for the
other differs in nothing but whose it is.
"""

import hashlib
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pikepdf
from flask import Flask
from PIL import Image
from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts.identity import Document
from competition.accounts.models import Account, Grant, SignIn
from competition.accounts.service_help import ask_help
from competition.arena import service as arena
from competition.arena.queries import decoded
from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.certificates import service as certificates
from competition.certificates.models import Batch, Certificate
from competition.certificates.queries import ready_template
from competition.certificates.service_print import sheet_of
from competition.contests import service_workbooks as workbooks
from competition.contests.models import Contest, Round, RulebookPreview
from competition.contests.queries import current_rulebook, rounds_of
from competition.contests.workbook.whole import workbook_of
from competition.core import approvals, audit, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.clock import now
from competition.core.crypto import new_token, token_hash
from competition.core.database import atomic, db, get
from competition.core.files import store
from competition.core.jobs import Job
from competition.displays import service as displays
from competition.judging import queries as judging_queries
from competition.judging import queries_paper as judging_papers
from competition.judging import service as judging
from competition.judging.models import Device
from competition.judging.rules import DeviceEvent, sheet_text
from competition.judging.rules_paper import Line
from competition.notices import service as notices
from competition.organisations.models import Union
from competition.registration import service as registration
from competition.registration.models import Entrant, Entry, Team
from competition.registration.rules_data import TeamData
from competition.results import service as results
from competition.results.models import PublishedRow, TieDecision
from competition.results.queries import current_publications
from tests.access_matrix.people import BARRED, COLUMNS, EVERYBODY, ROLELESS, Column
from tests.builders import entry_data, judged_contest, make_contest, published_contest
from tests.cast import Cast, id_card, make_cast
from tests.judges import Judge, criteria_of, sit_down
from tests.judging.handing import handed
from tests.registration.rosters import filled

EVENT = "basic"
SMALL: dict[str, Any] = {"events": ("theory", EVENT), "seats": 3}
Values = dict[str, dict[str, Any]]


@dataclass
class Side:
    """What one county has. ``common``: a contest of the province in which it has an entry. ``values``: the
    parameters of addresses, by what they are about."""

    county: Union
    common: Contest
    clerk: Actor
    contestant: Account
    leader: Account
    contests: dict[str, Contest]
    values: Values = field(default_factory=dict)
    judges: list[Judge] = field(default_factory=list)

    @property
    def mine(self) -> list[Contest]:
        """The contests for which the people of the table hold roles."""
        return list(self.contests.values())


@dataclass(frozen=True)
class World:
    """Facts of the two sides, and by what each column proves who it is. Holds no row of the database."""

    own: Values
    foreign: Values
    sessions: dict[str, str]
    devices: dict[str, str]
    accounts: dict[str, uuid.UUID]


def build_world(app: Flask) -> World:
    """Fill the empty database of ``app``."""
    with app.app_context():
        cast = make_cast()
        common = make_contest(cast, host=cast.province, review_levels=("county",), name="全省报名中")
        own, foreign = make_side(cast, cast.county, common, "本县"), make_side(cast, cast.other_county, common, "外县")
        people = {c.key: account_of(c, cast, own) for c in COLUMNS if c.credential == "session"}
        people |= {key: barred_account(key, cast) for key in (*BARRED, *ROLELESS, EVERYBODY)}
        for side in (own, foreign):
            send_workbooks(side, [people[c.key] for c in COLUMNS if c.role in ("organizer", "chief_judge")], cast)
        sessions = {key: session_of(key, account) for key, account in people.items()}
        world = World(own.values, foreign.values, sessions, tablets(own, cast), {key: account.id for key, account in people.items()})
        db.session.remove()
    return world


def record(what: str, contest: Contest, cast: Cast) -> None:
    """The audit row of what a test writes as rows."""
    audit.record(f"test.{what}", actor=SYSTEM, subject=("contest", contest.id), at=cast.at, chain=contest.id)


# ---- one side --------------------------------------------------------------------------------------


def make_side(cast: Cast, county: Union, common: Contest, name: str) -> Side:
    """Four contests of a county with everything in them."""
    clerk = cast.account("clerk", "union", county.id)
    side = Side(
        county, common, Actor("account", clerk.id, name=clerk.display_name, held=cast.actor("clerk", "union", county.id).held),
        cast.account("contestant", name=f"试选手{name}"), cast.account("contestant", name=f"试领队{name}"),
        {
            "entering": make_contest(cast, host=county, review_levels=("county",), events=("theory", EVENT, "broth"), name=f"{name}报名中"),
            "running": judged_contest(cast, 4, lock=False, host=county, name=f"{name}评分中", **SMALL),
            "published": published_contest(cast, 4, host=county, name=f"{name}已发布", **SMALL),
            "fresh": make_contest(cast, host=county, name=f"{name}没有人报名"),
            "draft": make_contest(cast, host=county, phase="draft", name=f"{name}未公布"),
        },
    )
    for contest in side.mine:
        db.session.refresh(contest, ["events"])
    for fill in (fill_contests, fill_registration, fill_running, fill_results, fill_certificates, fill_notices, fill_people):
        fill(side, cast)
    return side


def round_of(contest: Contest, key: str = EVENT) -> Round:
    return next(r for r in rounds_of(contest.id) if r.event.key == key)


def fill_contests(side: Side, cast: Cast) -> None:
    """The contest's own pages, staff's and the public's."""
    contest, draft = side.contests["entering"], side.contests["draft"]
    side.values["contest"] = {
        "contest_id": contest.id, "event_id": contest.events[0].id, "change": "postpone", "number": 1, "key": "courier"}
    side.values["public"] = {"contest_id": contest.id}
    side.values["fresh"] = {"contest_id": side.contests["fresh"].id, "name": "person"}
    side.values["draft"] = {
        "contest_id": draft.id, "name": "person", "scope": f"event:{EVENT}", "version": 1, "which": "list",
        "round_id": rounds_of(draft.id)[0].id}
    side.values["chain"] = {"chain": str(contest.id), "seq": 1}
    side.values["unions"] = {"union_id": side.county.id, "code": side.county.region_code}


def send_workbooks(side: Side, people: list[Account], cast: Cast) -> None:
    """Each of them has sent the rules of the contest as a workbook, which waits to be taken over."""
    contest = side.contests["entering"]
    book = workbook_of(current_rulebook(contest.id).document, [], lines=["测试"])
    for account in people:
        workbooks.keep_workbook(contest.id, book, file_name="测试.xlsx", actor=Actor("account", account.id), at=cast.at)


def fill_registration(side: Side, cast: Cast) -> None:
    """The contestant's entry, one in a team with its leader, one of another county's person, a roster that a clerk read."""
    contest, county = side.contests["entering"], side.county
    delegation = registration.add_delegation(contest.id, county.id, "测试代表团", actor=SYSTEM, at=cast.at)
    team = registration.create_team(
        contest.id, TeamData("测试代表队", county.id, side.leader.id, side.leader.display_name), actor=SYSTEM, at=cast.at)
    own = registration.submit_entry(contest.id, entry_data(contest, union_id=county.id), at=cast.at, consent="web",
                                    actor=Actor("account", side.contestant.id, name=side.contestant.display_name))
    member = registration.register_for(
        contest.id, entry_data(contest, union_id=county.id, team_id=team.id), actor=SYSTEM, at=cast.at)
    common = registration.register_for(
        side.common.id, entry_data(side.common, union_id=county.id, region_code=county.region_code), actor=SYSTEM, at=cast.at)
    with atomic() as session:
        picture = store(picture_bytes(), name="photo.jpg", media_type="image/jpeg", sensitivity="personal", actor=SYSTEM, at=cast.at)
        session.flush()
        for entry in (own, member, common):
            row = get(Entry, entry.id)
            row.photo_id = row.form_scan_id = picture.id
        # Staff wrote these, so staff may correct them.
        for entry in (member, common):
            get(Entry, entry.id).state = "returned"
        record("files", contest, cast)
    book = filled(registration.template(contest, side.clerk), [{"姓名": "试名单一"}])
    roster = registration.read_roster(contest, book, "名单.xlsx", "同意书，存测试工会", actor=side.clerk, at=now())
    shared = {"contest_id": contest.id, "team_id": team.id, "delegation_id": delegation.id, "kind": "photo"}
    side.values["entry"] = shared | {"entry_id": member.id}
    side.values["shared"] = {"contest_id": side.common.id, "entry_id": common.id, "kind": "photo"}
    side.values["roster"] = {"contest_id": contest.id, "import_id": roster.id}
    side.values["trail"] = {"kind": "entry", "key": member.id}
    side.values["own_entry"] = {"entry_id": own.id, "kind": "photo"}


def picture_bytes() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "JPEG")
    return out.getvalue()


def photographed(judge: Judge, work: Work, criterion: str, cast: Cast) -> DeviceEvent:
    """A sheet that came back, got a photo, and was handed in again."""
    sheet, picture = judging_queries.find_sheet(judge.seat.id, work.id), picture_bytes()
    assert sheet is not None
    judging.send_back(sheet.id, reason="测试：请附照片", actor=SYSTEM, at=cast.at)
    photo = judge.event(work, "photo", criterion, hashlib.sha256(picture).hexdigest())
    judge.send(photo, judge.event(work, "hand_in", value=sheet_text(sheet.marks)))
    judging.keep_photo(judge.device.id, photo.id, picture, at=now())
    return photo


def fill_running(side: Side, cast: Cast) -> None:
    """A round being judged: its draw, its panel, a tablet, an excusal, a workbook of figures, the day's entrants."""
    contest = side.contests["running"]
    round_ = round_of(contest)
    seats = judging_queries.seats_of_round(round_.id)
    side.judges = [sit_down(seat, at=now()) for seat in seats]
    works = list_works(round_.id)
    photo = photographed(side.judges[0], works[0], criteria_of(round_)[0].key, cast)
    excusal = judging.excuse(round_.id, seat_id=seats[2].id, work_id=works[3].id, reason="回避", actor=SYSTEM, at=cast.at)
    preview = judging.preview_figures(round_.id, judging.template_of(round_.id), file_name="a.xlsx", actor=SYSTEM, at=cast.at)
    brought = handed(side.judges[0], None, [side.judges[0].event(works[0], criterion=criteria_of(round_)[0].key, value="1")])
    handover = judging.read_handover(
        contest.id, brought, way="file", file_name="a.json", events={round_.event_id}, actor=SYSTEM, at=cast.at)
    half_keyed = judging_papers.printed(round_, [works[1]], [seats[0]])[0]
    judging.key_sheet(round_.id, str(half_keyed.number), lowest(half_keyed.lines), actor=cast.actor("scorekeeper", name="录入第一遍的人"),
                      at=now())
    entrants = list(decoded(round_.event_id).values())
    badges = arena.print_badges(contest.id, None, names=True, actor=SYSTEM, at=cast.at)
    finished(badges, contest, cast)
    waiting = queued("participation.roll_up", contest, cast)
    shared = {"contest_id": contest.id, "round_id": round_.id, "event_id": round_.event_id, "work_id": works[0].id}
    side.values["round"] = shared | {
        "panel_id": seats[0].panel_id, "seat_id": seats[0].id, "device_id": side.judges[0].device.id, "excusal_id": excusal.id,
        "import_id": preview.id, "photo_id": photo.id, "handover_id": handover.id,
        "entrant_id": entrants[0].id, "which": "result", "suffix": "pdf",
        "number": str(half_keyed.number)}
    other = round_of(contest, "theory")
    side.values["other_event"] = {
        "contest_id": contest.id, "round_id": other.id, "event_id": other.event_id, "work_id": list_works(other.id)[0].id,
        "entrant_id": next(iter(decoded(other.event_id).values())).id, "suffix": "pdf", "import_id": uuid.uuid4(),
        "excusal_id": uuid.uuid4(), "scope": "event:theory"}
    code, token = displays.ask_code(at=now())
    display = displays.pair(contest.id, code=code, name="测试大屏", language="en", actor=SYSTEM, at=now())
    side.values["display"] = {"contest_id": contest.id, "display_id": display.id}
    side.values["screen"] = {"token": token}
    side.values["badges"] = {"contest_id": contest.id, "job_id": badges.id}
    side.values["job"] = {"job_id": waiting}
    side.values["team_entrant"] = {"contest_id": contest.id, "entrant_id": team_entrant(contest, cast)}
    asked = approvals.ask("arena.open_codes", subject=("event", round_.event_id), payload={"title": "测试项目", "codes": 4},
                          reason="测试申请", actor=cast.actor("coding_judge", name="申请解密的人"), at=now(), chain=contest.id)
    side.values["approval"] = {"approval_id": asked.id}


def lowest(lines: Iterable[Line]) -> dict[str, str]:
    """What stands in the boxes of a sheet of paper: the least that a judge may give."""
    return {box.field: str(getattr(line.criterion.marking, "low", 0)) for line in lines for box in line.boxes}


def paper(contest: Contest, cast: Cast) -> uuid.UUID:
    """A page that printing would have made."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    with atomic() as session:
        row = store(out.getvalue(), name="a.pdf", media_type="application/pdf", sensitivity="internal", actor=SYSTEM, at=cast.at)
        session.flush()
        record("paper", contest, cast)
    return row.id


def finished(job: Job, contest: Contest, cast: Cast) -> None:
    """Long work that is done, as its worker leaves it."""
    made = paper(contest, cast)
    with atomic() as session:
        row = session.get_one(Job, job.id)
        row.state, row.finished_at, row.result = "done", cast.at, {"file": str(made)}
        record("job", contest, cast)


def team_entrant(contest: Contest, cast: Cast) -> uuid.UUID:
    """A team entered for an event: what the page of the line-up is about."""
    with atomic() as session:
        team = session.scalars(select(Team).where(Team.contest_id == contest.id)).first()
        assert team is not None
        entrant = Entrant(id=uuid.uuid4(), contest_id=contest.id, event_id=contest.events[0].id, team_id=team.id)
        session.add(entrant)
        record("team_entrant", contest, cast)
    return entrant.id


def queued(kind: str, contest: Contest | None, cast: Cast) -> uuid.UUID:
    """Long work that nobody of the table asked for."""
    with atomic():
        job = jobs.start(kind, title="测试任务", payload={}, actor=SYSTEM, at=cast.at, chain=contest.id if contest else None)
        audit.record("test.job", actor=SYSTEM, subject=("job", job.id), at=cast.at)
    return job.id


def fill_results(side: Side, cast: Cast) -> None:
    """A published ranking with a sample of sums, a decision and the printed book."""
    contest = side.contests["published"]
    publication = current_publications(contest.id)[f"event:{EVENT}"]
    event = next(e for e in contest.events if e.key == EVENT)
    sample = results.draw_sample(event.id, actor=SYSTEM, at=cast.at)
    book = results.print_book(contest.id, actor=SYSTEM, at=cast.at)
    workbook = results.ask_workbook(contest.id, purpose="测试用途", rows=1, actor=SYSTEM, at=cast.at)
    finished(book, contest, cast)
    finished(workbook, contest, cast)
    with atomic() as session:
        row = session.scalars(select(PublishedRow).where(PublishedRow.publication_id == publication.id, PublishedRow.rank == 1)).one()
        session.get_one(Entry, row.entry_id).account_id = side.contestant.id
        works = [str(sample.works[0]["work"])]
        decision = TieDecision(contest_id=contest.id, scope=f"event:{EVENT}", subject=works, order=works, reason="测试决定", by_name="",
                               at=cast.at)
        session.add(decision)
        session.flush()
        record("own_row", contest, cast)
    computed = results.compute(contest.id)
    question = next(iter(results.questions(computed)))
    side.values["result"] = {
        "contest_id": contest.id, "event_id": event.id, "work_id": uuid.UUID(works[0]), "scope": f"event:{EVENT}", "version": 1,
        "who": str(row.entry_id), "key": question.key, "job_id": book.id, "row_id": row.id,
        "preview_id": preview_of(contest, cast)}
    side.values["workbook"] = {"contest_id": contest.id, "job_id": workbook.id}
    side.values["published"] = {"contest_id": contest.id, "scope": f"event:{EVENT}", "version": 1, "which": "list",
                                "round_id": round_of(contest).id}
    side.values["row"] = {"row_id": row.id}


def preview_of(contest: Contest, cast: Cast) -> uuid.UUID:
    """What a change of the rulebook would do, looked at by nobody yet."""
    with atomic() as session:
        document = current_rulebook(contest.id).document
        kept = RulebookPreview(
            contest_id=contest.id, stage="draft", from_number=document["version"], document=document, reason="测试需要", digest="",
            marks="",
            content={"lines": [], "same": 0, "problems": [], "published": [], "counted": [], "uncounted": [], "hidden": []},
            basis={"seq": 0, "digest": "", "regions": "", "events": []}, at=cast.at)
        session.add(kept)
        session.flush()
        return kept.id


def fill_certificates(side: Side, cast: Cast) -> None:
    """A batch issued and printed; the contestant's own certificate is in it."""
    contest = side.contests["published"]
    with atomic():
        get(Contest, contest.id).is_demo = True
        record("demo", contest, cast)
    publication = current_publications(contest.id)[f"event:{EVENT}"]
    asking, second = cast.actor("organizer", name="申请人"), cast.actor("supervisor", name="批准人")
    batch = certificates.prepare_batch(publication.id, ready_template("award").id, title="测试证书", actor=asking, at=cast.at)
    asked = certificates.ask_issue(batch.id, "名单已核对。", asking, cast.at)
    approvals.decide(asked.id, approve=True, actor=second, at=cast.at)
    printed = paper(contest, cast)
    with atomic() as session:
        kept = session.get_one(Batch, batch.id)
        kept.merged_id = kept.zip_id = printed
        for each in session.scalars(select(Certificate).where(Certificate.batch_id == batch.id)):
            each.file_id = printed
        record("printed", contest, cast)
    certificate = db.session.scalars(
        select(Certificate).join(Certificate.row).join(PublishedRow.entry).where(
            Certificate.batch_id == batch.id, Entry.account_id == side.contestant.id)).one()
    side.values["certificate"] = {"contest_id": contest.id, "batch_id": batch.id, "certificate_id": certificate.id, "page": 0}
    side.values["own_certificate"] = {"certificate_id": certificate.id}
    side.values["code"] = {"code": sheet_of(certificate, "").address.removeprefix("/v/")}


def fill_notices(side: Side, cast: Cast) -> None:
    """A draft with a file, and a published announcement with one."""
    contest = side.contests["entering"]
    made = [notices.save_notice("contest", contest.id, title=f"测试公告{n}", body="正文", actor=SYSTEM, at=cast.at) for n in (1, 2)]
    files = [notices.attach_file(n.id, picture_bytes(), name="a.jpg", actor=SYSTEM, at=cast.at) for n in made]
    notices.publish_notice(made[1].id, actor=SYSTEM, at=cast.at)
    side.values["notice"] = {"notice_id": made[0].id, "attachment_id": files[0].id, "contest": contest.id}
    side.values["announcement"] = {"notice_id": made[1].id, "attachment_id": files[1].id}


def fill_people(side: Side, cast: Cast) -> None:
    """What belongs to one person: a message, a sign-in; an account with a role for those who look after accounts."""
    with atomic():
        message = notices.tell([side.contestant.id], kind="test", title="测试消息", body="正文", link="/messages", at=cast.at)[0]
        audit.record("test.message", actor=SYSTEM, subject=("message", message.id), at=cast.at)
    row, _token = accounts.open_session(side.contestant.id, device="test", at=now())
    # Somebody else than those of the table, whose roles the table needs.
    staff = cast.account("judge", "contest", side.contests["running"].id, name="账号页上的人")
    grant = db.session.scalars(select(Grant).where(Grant.account_id == staff.id)).one()
    asked = ask_help("password", name="试忘记", document=Document("id_card", "CHN", id_card()), phone="+8619900000001",
                     union_id=side.county.id, note="", at=now())
    side.values["help"] = {"request_id": asked.id}
    link = accounts.make_link("password", account_id=staff.id, at=now(), hours=72, actor=SYSTEM)
    first = accounts.make_link("first_administrator", account_id=None, at=now(), hours=24, actor=SYSTEM)
    side.values["invitation"], side.values["founding"] = {"token": link}, {"token": first}
    side.values["words"] = {"purpose": "privacy", "version": "1", "name": "judge", "picture": "start", "lang": "en"}
    side.values["message"] = {"message_id": message.id}
    side.values["sign_in"] = {"sign_in_id": row.id}
    side.values["account"] = {"account_id": staff.id, "grant_id": grant.id}
    side.values["roll_up"] = {"job_id": queued("participation.roll_up", None, cast)}


# ---- who asks ---------------------------------------------------------------------------------------


def account_of(column: Column, cast: Cast, own: Side) -> Account:
    """The account of a column, with its role in every place of its scope."""
    if column.key == "contestant":
        return own.contestant
    if column.key == "clerk":
        return cast.account("clerk", "union", own.county.id)
    account = own.leader if column.key == "team_leader" else cast.account("contestant", name=f"试{column.key}")
    places: list[tuple[str, uuid.UUID | None]] = {
        "system": [("system", None)], "union": [("union", own.county.id)], "own": [("contest", c.id) for c in own.mine],
        "event": [("event", e.id) for c in own.mine for e in c.events if e.key == EVENT],
    }[column.scope]
    for kind, scope_id in places:
        accounts.grant_role(account.id, column.role, scope_kind=kind, scope_id=scope_id, actor=SYSTEM, at=cast.at)
    return account


def barred_account(key: str, cast: Cast) -> Account:
    """Every role for the whole system, and what ends them all, if anything does. Exclusive roles come as rows: no verb gives
    them to one."""
    account, at = cast.account("contestant", name=f"试{key}"), now()
    begins = at + timedelta(days=1) if key == "early" else at - timedelta(days=2)
    ends = at - timedelta(seconds=1) if key == "lapsed" else None
    with atomic() as session:
        session.add_all(
            Grant(account_id=account.id, role=role, scope_kind="system", scope_id=None, valid_from=begins, valid_to=ends)
            for role in sorted({c.role for c in COLUMNS if c.role}))
        row = session.get_one(Account, account.id)
        row.is_active = key != "disabled"
        row.expires_at = at - timedelta(seconds=1) if key == "expired" else None
        audit.record("test.grants", actor=SYSTEM, subject=("account", account.id), at=at)
    return account


def session_of(key: str, account: Account) -> str:
    """The token of a sign-in of this account, with what has become of it."""
    at, token = now(), new_token()
    row = SignIn(token_hash=token_hash(token), account_id=account.id, password_version=account.password_version, device="test",
                 created_at=at, expires_at=at + timedelta(hours=12))
    row.ended_at = at if key == "signed_out" else None
    row.expires_at = at - timedelta(seconds=1) if key == "timed_out" else row.expires_at
    row.password_version -= int(key == "new_password")
    with atomic() as session:
        session.add(row)
        audit.record("test.sign_in", actor=SYSTEM, subject=("account", account.id), at=at)
    return token


def tablets(own: Side, cast: Cast) -> dict[str, str]:
    """Device tokens: a live one, one past its hour, one that nobody gave out."""
    live, dead = own.judges[0], own.judges[1]
    with atomic() as session:
        session.get_one(Device, dead.device.id).expires_at = now() - timedelta(seconds=1)
        record("tablet", own.contests["running"], cast)
    return {"tablet": live.token, "dead_tablet": dead.token, "no_tablet": new_token()}
