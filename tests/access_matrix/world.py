"""A small world in which everything exists twice: once for the roles of the table, once for somebody else.

*Own* is a county's: contests (one takes entries, one is being judged, one is published, one is a draft) with
everything that belongs to them; whoever stands in the table's columns holds his role there. *Foreign* is the
same of another county. One function builds both, so that an address which opens for the one and not for the
other differs in nothing but whose it is.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts.identity import Document
from competition.accounts.models import Account, Grant
from competition.accounts.service_help import ask_help
from competition.activities import service as activities
from competition.activities.models import Declaration
from competition.certificates import service as certificates
from competition.certificates.models import Batch, Certificate
from competition.certificates.models_fonts import GlyphPicture, UnionFont
from competition.certificates.models_telling import Telling, Told
from competition.certificates.queries import ready_template
from competition.certificates.ready import designed
from competition.certificates.service_assets import add_asset
from competition.certificates.service_outs import note_hand_outs
from competition.certificates.service_printers import set_printer
from competition.certificates.service_templates import begin_template, publish_template
from competition.certificates.signing import code_of
from competition.contests import service_workbooks as workbooks
from competition.contests.models import Contest, RulebookPreview
from competition.contests.queries import current_rulebook, rounds_of
from competition.contests.workbook.whole import workbook_of
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.files import store
from competition.evaluation import service as evaluation
from competition.evaluation.queries import one_of, set_of
from competition.evaluation.rules import EXAMPLE
from competition.notices import service as notices
from competition.organisations.models import Union
from competition.participation.models_doubts import Doubt
from competition.participation.models_snapshots import FigureSnapshot
from competition.participation.queries_bulletin import payload as figures_of
from competition.participation.queries_bulletin import snapshots_of
from competition.participation.rules_questions import Question
from competition.registration import service as registration
from competition.registration.models import Entry
from competition.registration.rules_data import TeamData
from competition.results import service as results
from competition.results.models import PublishedRow, TieDecision
from competition.results.queries import current_publications
from competition.returns import service_api
from competition.returns.service import begin_return
from tests.access_matrix.askers import account_of, barred_account, session_of, systems, tablets
from tests.access_matrix.people import BARRED, COLUMNS, EVERYBODY, ROLELESS
from tests.access_matrix.reporting import fill_returns
from tests.access_matrix.rosters import fill_rosters
from tests.access_matrix.running import fill_running
from tests.access_matrix.side import EVENT, Side, Values, finished, paper, picture_bytes, queued, record
from tests.activities.made import LABOUR
from tests.builders import entry_data, judged_contest, make_contest, published_contest
from tests.cast import Cast, id_card, make_cast
from tests.judges import round_of
from tests.registration.rosters import filled

SMALL: dict[str, Any] = {"events": ("theory", EVENT), "seats": 3}


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
        devices = tablets(own, cast) | systems(own)
        world = World(own.values, foreign.values, sessions, devices, {key: account.id for key, account in people.items()})
        db.session.remove()
    return world


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
    for fill in (fill_contests, fill_registration, fill_running, fill_results, fill_certificates, fill_notices, fill_people,
                 fill_activities, fill_returns, fill_rosters, fill_evaluation):
        fill(side, cast)
    return side


def doubt_about(side: Side) -> uuid.UUID:
    """Something that was found in a return of the county."""
    told = begin_return(side.county.id, side.contests["published"].id, 24_300, "bulk", actor=SYSTEM, at=now())
    with atomic() as session:
        doubt = Doubt(kind="round", key=str(told.id), inputs="", state="open", union_id=side.county.id, return_id=told.id,
                      figures={"people": 100}, found_at=now(), changed_at=now())
        session.add(doubt)
        session.flush()
        audit.record("test", actor=SYSTEM, subject=("doubt", doubt.id), at=now())
        return doubt.id


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
    side.values["target"] = {"scope": side.county.region_code}
    side.values["doubt"] = {"doubt_id": doubt_about(side), "what": "give"}


def fill_activities(side: Side, cast: Cast) -> None:
    """A declaration that waits for the prefecture; an activity that is over, with a stage, a file, a result and an evaluated unit."""
    waiting = declaration_of(side, cast, f"{side.county.name_zh}申报中的活动")
    made = declaration_of(side, cast, f"{side.county.name_zh}核准的活动")
    for act in (lambda: activities.approve(made.id, cast.prefecture.id, actor=SYSTEM, at=cast.at),
                lambda: activities.start(made.id, actor=SYSTEM, at=cast.at), lambda: activities.finish(made.id, actor=SYSTEM, at=cast.at)):
        act()
    db.session.refresh(made, ["stages"])
    stage = made.stages[0]
    result = activities.put_achievement(
        made.id, activities.Result("测试成果", "invention", "测试单位", "", False, 0, True), actor=SYSTEM, at=cast.at)
    activities.set_sheet(made.id, "实效 100", actor=SYSTEM, at=cast.at)
    row = activities.put_assessment(made.id, "测试单位", {"实效": "90"}, remark="", honour="", actor=SYSTEM, at=cast.at)
    file = activities.add_file(made.id, stage.id, picture_bytes(), name="a.jpg", actor=SYSTEM, at=cast.at)
    side.values["declaration"] = {"declaration_id": waiting.id}
    side.values["activity"] = {
        "declaration_id": made.id, "stage_id": stage.id, "owner_id": stage.id, "file_id": file.id, "achievement_id": result.id,
        "assessment_id": row.id}


def fill_evaluation(side: Side, cast: Cast) -> None:
    """A score by hand with its evidence, and an evaluation that was locked."""
    year = now().year
    if set_of(year) is None:
        evaluation.set_indicators(year, EXAMPLE, "测试", actor=SYSTEM, at=cast.at)
    upload = evaluation.evidence(picture_bytes(), name="a.jpg")
    given = evaluation.give("union", side.county.id, year, "i1", "90", "测试依据", upload, actor=SYSTEM, at=cast.at)
    locked = evaluation.lock("union", year, [one_of("union", side.county.id, year, cast.at.date())], "测试", actor=SYSTEM, at=cast.at)
    side.values["evaluated"] = {"kind": "union", "subject_id": side.county.id, "key": "i1", "given_id": given.id, "lock_id": locked.id}


def declaration_of(side: Side, cast: Cast, name: str) -> Declaration:
    """One that waits for the prefecture; the organizer of the table's contests holds his role for it too."""
    made = activities.declare(side.county.id, replace(LABOUR, name=name, kind="five_small"), actor=SYSTEM, at=cast.at)
    activities.submit(made.id, actor=SYSTEM, at=cast.at)
    contest = get(Contest, made.contest_id)
    side.contests[name] = contest
    return made


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
                                "round_id": round_of(contest, EVENT).id}
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
    fetched = note_hand_outs(
        batch.id, [certificate.id], fetched_by="试领取人", fetched_on=cast.at.date(), note="", actor=asking, at=cast.at)
    side.values["certificate"] = {"contest_id": contest.id, "batch_id": batch.id, "certificate_id": certificate.id, "page": 0,
                                  "hand_out_id": fetched[0].id, "suffix": "xlsx", "ready": "award",
                                  "told_id": told_about(batch.id, certificate.id, asking, cast),
                                  **template_of(contest.host_union_id, asking, cast.at)}
    waiting = certificates.prepare_batch(publication.id, ready_template("participation").id, title="准备的证书", actor=asking, at=cast.at)
    side.values["prepared"] = {"contest_id": contest.id, "batch_id": waiting.id, "page": 0, "key": waiting.settings["rows"][0]}
    fill_letters(side, contest, printed, cast)
    side.values["own_certificate"] = {"certificate_id": certificate.id}
    side.values["code"] = {"code": code_of(certificate), "kid": kept.settings["kid"]}


def told_about(batch_id: uuid.UUID, certificate_id: uuid.UUID, actor: Actor, cast: Cast) -> uuid.UUID:
    """A text message that did not go out."""
    with atomic() as session:
        telling = Telling(id=uuid.uuid4(), batch_id=batch_id, words="{姓名}", state="stopped", changed_by=actor.id, changed_at=cast.at)
        told = Told(id=uuid.uuid4(), telling_id=telling.id, certificate_id=certificate_id, state="given_up", next_at=cast.at)
        session.add(telling)
        session.flush()
        session.add(told)
        session.flush()
        audit.record("test.telling", actor=SYSTEM, subject=("batch", batch_id), at=cast.at)
    return told.id


def template_of(union_id: uuid.UUID, actor: Actor, at: datetime) -> dict[str, Any]:
    """A template of the contest's union, a picture and a printer of it."""
    draft = begin_template(union_id, "本会模板", "award", designed("award"), actor=actor, at=at)
    seal = add_asset(union_id, picture_bytes(), kind="seal", name="印章", width_mm=42, actor=actor, at=at)
    return {
        "draft_id": draft.id, "template_id": publish_template(draft.id, seen=draft.edits, actor=actor, at=at).id,
        "asset_id": seal.id,
        "printer_id": set_printer(union_id, "文印室", 1, 0, actor=actor, at=at).id}


def fill_letters(side: Side, contest: Contest, printed: uuid.UUID, cast: Cast) -> None:
    """A font of the county's union, and a picture of a character; reading real ones has tests of its own."""
    with atomic() as session:
        font = UnionFont(union_id=side.county.id, family="测试字体", licence="测试授权", file_id=printed, sample_id=printed,
                         points=[[65, 90]], added_at=cast.at)
        glyph = GlyphPicture(contest_id=contest.id, name="测试某", char="某", file_id=printed, added_at=cast.at)
        session.add_all([font, glyph])
        session.flush()
        record("letters", contest, cast)
    side.values["font"] = {"union_id": side.county.id, "font_id": font.id}
    side.values["glyph"] = {"contest_id": contest.id, "picture_id": glyph.id}


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
    side.values["words"] = {"purpose": "privacy", "version": "1", "name": "judge", "picture": "start", "lang": "en",
                            "month": "2026-05"}
    side.values["message"] = {"message_id": message.id}
    side.values["sign_in"] = {"sign_in_id": row.id}
    side.values["account"] = {"account_id": staff.id, "grant_id": grant.id}
    with atomic() as session:
        payload, version = figures_of(Question()), len(snapshots_of("2026")) + 1
        frozen = FigureSnapshot(period="2026", version=version, payload=payload, payload_digest="", made_at=cast.at, made_name="测试")
        session.add(frozen)
        session.flush()
        audit.record("test.snapshot", actor=SYSTEM, subject=("snapshot", frozen.id), at=cast.at)
    side.values["snapshot"] = {"snapshot_id": frozen.id}
    side.values["roll_up"] = {"job_id": queued("participation.roll_up", None, cast)}
    token, _text = service_api.make_token("测试系统", side.county.id, can_report=True, days=1, actor=SYSTEM, at=now())
    side.values["api_token"] = {"token_id": token.id}
