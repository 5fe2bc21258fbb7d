"""The contest that is being judged: what stands in its hall, on its desks and on its screens."""

import hashlib
import uuid
from collections.abc import Iterable

from sqlalchemy import select

from competition.arena import service as arena
from competition.arena.queries import decoded
from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest
from competition.core import approvals
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic
from competition.displays import service as displays
from competition.judging import queries as judging_queries
from competition.judging import queries_paper as judging_papers
from competition.judging import service as judging
from competition.judging.rules import DeviceEvent, sheet_text
from competition.judging.rules_paper import Line
from competition.registration.models import Entrant, Team
from tests.access_matrix.side import EVENT, Side, finished, picture_bytes, queued, record
from tests.cast import Cast
from tests.judges import Judge, criteria_of, round_of, sit_down
from tests.judging.handing import handed


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
    round_ = round_of(contest, EVENT)
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


def team_entrant(contest: Contest, cast: Cast) -> uuid.UUID:
    """A team entered for an event: what the page of the line-up is about."""
    with atomic() as session:
        team = session.scalars(select(Team).where(Team.contest_id == contest.id)).first()
        assert team is not None
        entrant = Entrant(id=uuid.uuid4(), contest_id=contest.id, event_id=contest.events[0].id, team_id=team.id)
        session.add(entrant)
        record("team_entrant", contest, cast)
    return entrant.id
