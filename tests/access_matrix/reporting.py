"""Returns of a side: a draft of the county itself, and one that a union below has handed up to it."""

from datetime import date

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.files import take_upload
from competition.counting.rules_periods import month_number
from competition.organisations import service as organisations
from competition.returns import service as returns
from competition.returns.models import Return
from tests.access_matrix.side import Side, picture_bytes
from tests.cast import Cast


def fill_returns(side: Side, cast: Cast) -> None:
    """Both are bulk figures with evidence; the second waits for the county."""
    below = organisations.add_union(side.county.id, name_zh=f"测试基层工会{side.county.region_code}", level="grassroots",
                                    on=date(2020, 1, 1), actor=SYSTEM, at=cast.at)
    month = month_number(now().date()) - 2
    draft, handed = (_filled(returns.begin_return(union.id, side.contests["fresh"].id, month, "bulk", actor=SYSTEM, at=now()), cast)
                     for union in (side.county, below))
    returns.submit_return(handed.id, actor=SYSTEM, at=cast.at)
    side.values["return"], side.values["handed_up"] = {"return_id": draft.id}, {"return_id": handed.id}


def _filled(made: Return, cast: Cast) -> Return:
    upload = take_upload(picture_bytes(), name="a.jpg", kinds=("image",))
    returns.put_figures(made.id, heads=10, overlap=1, upload=upload, measures={}, actor=SYSTEM, at=cast.at)
    return made
