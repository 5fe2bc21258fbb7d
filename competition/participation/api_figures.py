"""Figures for other systems: cells as they were counted, with what was reported besides and the target."""

from flask_babel import gettext as _
from spectree import Response as Answers

from competition.core.access import act
from competition.core.errors import NotFound
from competition.counting import queries
from competition.counting.rules import months_of
from competition.participation import queries_targets
from competition.participation import schemas_figures as schemas
from competition.returns import queries as queries_returns
from competition.returns import queries_api as reads
from competition.returns.api import REFUSALS, TOKEN, blueprint, spec, this_token
from competition.returns.rules_api import months_between
from competition.returns.schemas_api import ErrorOut


@blueprint.get("/figures")
@spec.validate(query=schemas.FiguresQuery, resp=Answers(HTTP_200=schemas.FiguresOut, HTTP_404=ErrorOut, **REFUSALS), security=TOKEN,
               tags=["figures"])
@act("participation.api_read")
def figures(query: schemas.FiguresQuery) -> schemas.FiguresOut:
    """The cells of a scope and period, of everybody or by the values of a dimension."""
    scope, period = reads.scope_of(this_token(), query.scope), query.period
    if scope is None:
        raise NotFound(_("没有这个范围，或者本令牌的工会看不到它。"))
    is_year = len(period) == 4
    cells = queries.cells(scope, [period, *(months_of(int(period)) if is_year and query.months else ())], query.dimension)
    told, run = queries_returns.reported(scope, *months_between(period)), queries.last_finished()
    target = queries_targets.target(int(period), scope) if is_year else None
    return schemas.FiguresOut(
        scope=scope, dimension=query.dimension, counted_at=run.finished_at if run else None, heads=told.heads, overlap=told.overlap,
        measures=told.measures, target=target.persons if target else None,
        cells=[schemas.CellOut(period=cell.period, value=cell.value, persons=cell.persons, person_times=cell.person_times,
                               new_persons=cell.new_in_stat_year if period.startswith("S") else cell.new_persons) for cell in cells])
