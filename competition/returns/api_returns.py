"""Returns from other systems: begun, filled in, handed up, asked about."""

import binascii
from base64 import b64decode
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from spectree import Response as Answers

from competition.core.access import act
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import Upload, take_upload
from competition.counting.rules_periods import month_code, month_number_of
from competition.returns import queries_api as reads
from competition.returns import schemas_api as schemas
from competition.returns import service as returns
from competition.returns import service_api as service
from competition.returns.api import CHANGES, REFUSALS, TOKEN, blueprint, done_once, spec, this_token
from competition.returns.models import Return
from competition.returns.people_api import people_of
from competition.returns.queries_import import people_in
from competition.returns.queries_reporting import activities
from competition.returns.rules import RETURNED, ROSTER

FOUND = {"HTTP_404": schemas.ErrorOut, **REFUSALS}
EVIDENCE = ("pdf", "image")


def load_return(return_id: UUID) -> Return:
    """A return of the token's union or below; raises NotFound."""
    found = reads.return_of(this_token(), return_id)
    if found is None:
        raise NotFound(_("没有找到这份上报，或者它不属于本令牌的工会。"))
    return found


def _out(found: Return) -> dict[str, Any]:
    """As it stands, with what was done with it."""
    steps = reads.steps(found.id)
    back = next((step.reason for step, _union in reversed(steps) if step.verdict == "give_back"), None)
    return schemas.ReturnOut(
        **_line(found), waiting_at=reads.union_name(found.waiting_at), reason=back if found.state == RETURNED else None,
        people=people_in(found) if found.kind == ROSTER else None, heads=found.heads, overlap=found.overlap, measures=found.measures,
        steps=[schemas.StepOut(verdict=step.verdict, union=union, by=step.by_name, reason=step.reason, at=step.at)
               for step, union in steps],
    ).model_dump(mode="json")


def _line(found: Return) -> dict[str, Any]:
    return {"id": found.id, "contest": found.activity.contest.code, "union": found.union_id, "union_name": found.union.name_zh,
            "month": month_code(found.month), "kind": found.kind, "version": found.version, "state": found.state}


@blueprint.get("/contests")
@spec.validate(query=schemas.PageQuery, resp=Answers(HTTP_200=schemas.ContestsOut, **REFUSALS), security=TOKEN, tags=["returns"])
@act("participation.api_read")
def contests(query: schemas.PageQuery) -> schemas.ContestsOut:
    """Activities that the token's union can report about."""
    page = activities(this_token().union, page=query.page)
    found = [schemas.ContestOut(code=one.code, name=one.name_zh, kind=one.kind, level=one.level, starts_on=one.starts_on,
                                ends_on=one.ends_on) for one in page]
    return schemas.ContestsOut(contests=found, page=page.page, pages=page.pages, total=page.total)


@blueprint.get("/returns")
@spec.validate(query=schemas.ReturnsQuery, resp=Answers(HTTP_200=schemas.ReturnsOut, **REFUSALS), security=TOKEN, tags=["returns"])
@act("participation.api_read")
def list_returns(query: schemas.ReturnsQuery) -> schemas.ReturnsOut:
    """Returns of the token's union and those below, the newest first."""
    page = reads.returns(this_token(), month_number_of(query.month) if query.month else None, query.page)
    found = [schemas.ReturnLine(**_line(one)) for one in page]
    return schemas.ReturnsOut(returns=found, page=page.page, pages=page.pages, total=page.total)


@blueprint.post("/returns")
@spec.validate(json=schemas.BeginIn, resp=Answers(HTTP_200=schemas.ReturnOut, **CHANGES), security=TOKEN, tags=["returns"])
@act("participation.api_report")
def begin(json: schemas.BeginIn) -> Any:
    """Begin a return as a draft: one union, one activity, one month."""
    token = this_token()
    union_id = json.union or token.union_id
    if not reads.reaches(token, union_id):
        raise NotFound(_("没有找到这个工会，或者它不属于本令牌的工会。"))
    contest = reads.contest_by_code(union_id, json.contest)
    if contest is None:
        raise NotFound(_("没有找到这项活动，或您的工会不能上报它。"))
    return done_once(lambda actor, at: _out(load_return(returns.begin_return(
        union_id, contest.id, month_number_of(json.month), json.kind, actor=actor, at=at).id)))


@blueprint.get("/returns/<uuid:return_id>")
@spec.validate(resp=Answers(HTTP_200=schemas.ReturnOut, **FOUND), security=TOKEN, tags=["returns"])
@act("participation.api_read")
def one_return(return_id: UUID) -> Any:
    """Where a return stands, whose turn it is, why it was given back."""
    return _out(load_return(return_id))


@blueprint.post("/returns/<uuid:return_id>/correction")
@spec.validate(json=schemas.CorrectIn, resp=Answers(HTTP_200=schemas.ReturnOut, **CHANGES), security=TOKEN, tags=["returns"])
@act("participation.api_report")
def correct(return_id: UUID, json: schemas.CorrectIn) -> Any:
    """A new version of a return that counts; until it counts itself, the old one does."""
    found = load_return(return_id)
    return done_once(lambda actor, at: _out(load_return(returns.correct_return(
        found.id, json.reason, json.kind or "", actor=actor, at=at).id)))


@blueprint.post("/returns/<uuid:return_id>/roster")
@spec.validate(json=schemas.RosterIn, resp=Answers(HTTP_200=schemas.RosterOut, **CHANGES), security=TOKEN, tags=["returns"])
@act("participation.api_report")
def roster(return_id: UUID, json: schemas.RosterIn) -> Any:
    """Take one part of a roster. A part with any fault is refused whole, each fault by its place."""
    found = load_return(return_id)
    people = people_of(found, json.people)
    return done_once(lambda actor, at: service.deliver(found.id, json.delivery, json.part, json.parts, people, actor=actor, at=at))


@blueprint.put("/returns/<uuid:return_id>/bulk")
@spec.validate(json=schemas.BulkIn, resp=Answers(HTTP_200=schemas.ReturnOut, **CHANGES), security=TOKEN, tags=["returns"])
@act("participation.api_report")
def bulk(return_id: UUID, json: schemas.BulkIn) -> Any:
    """Take a bulk figure with its evidence."""
    found, upload = load_return(return_id), _evidence(json.evidence)

    def put(actor: Any, at: Any) -> dict[str, Any]:
        service.put_bulk_with(found.id, json.heads, json.overlap, upload, actor=actor, at=at)
        return _out(load_return(found.id))

    return done_once(put)


def _evidence(sent: schemas.Evidence | None) -> Upload | None:
    """Cleaned before the act that keeps it."""
    if sent is None:
        return None
    try:
        data = b64decode(sent.data, validate=True)
    except binascii.Error as error:
        raise RuleBroken(_("依据材料不是 base64。"), code="evidence", status=422) from error
    return take_upload(data, name=sent.name, kinds=EVIDENCE)


@blueprint.put("/returns/<uuid:return_id>/measures")
@spec.validate(json=schemas.MeasuresIn, resp=Answers(HTTP_200=schemas.ReturnOut, **CHANGES), security=TOKEN, tags=["returns"])
@act("participation.api_report")
def measures(return_id: UUID, json: schemas.MeasuresIn) -> Any:
    """Take what the activity brought besides people, in place of what was said before."""
    found = load_return(return_id)

    def put(actor: Any, at: Any) -> dict[str, Any]:
        returns.put_measures(found.id, {name: value for name, value in json.model_dump().items() if value}, actor=actor, at=at)
        return _out(load_return(found.id))

    return done_once(put)


@blueprint.post("/returns/<uuid:return_id>/submit")
@spec.validate(resp=Answers(HTTP_200=schemas.ReturnOut, **CHANGES), security=TOKEN, tags=["returns"])
@act("participation.api_report")
def submit(return_id: UUID) -> Any:
    """Hand it to the union above."""
    found = load_return(return_id)

    def hand_up(actor: Any, at: Any) -> dict[str, Any]:
        returns.submit_return(found.id, actor=actor, at=at)
        return _out(load_return(found.id))

    return done_once(hand_up)


@blueprint.post("/returns/<uuid:return_id>/take-back")
@spec.validate(resp=Answers(HTTP_200=schemas.ReturnOut, **CHANGES), security=TOKEN, tags=["returns"])
@act("participation.api_report")
def take_back(return_id: UUID) -> Any:
    """Take it back before it counts."""
    found = load_return(return_id)

    def back(actor: Any, at: Any) -> dict[str, Any]:
        returns.take_back_return(found.id, actor=actor, at=at)
        return _out(load_return(found.id))

    return done_once(back)
