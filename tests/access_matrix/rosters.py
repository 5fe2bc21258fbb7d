"""What stands on each side for the pages of rosters of returns."""

from competition.core.clock import now
from competition.core.database import get
from competition.counting.rules_periods import month_number
from competition.returns.models_import import ReturnImport
from competition.returns.service import begin_return
from competition.returns.service_import import send_table
from tests.access_matrix.side import Side
from tests.builders import run_apart
from tests.cast import Cast
from tests.returns.tables import book, people


def fill_rosters(side: Side, cast: Cast) -> None:
    """A return's roster, and a table that the clerk sent for it, its faults marked."""
    contest, month = side.contests["published"].id, month_number(cast.at.date())
    found = begin_return(side.county.id, contest, month, "roster", actor=side.clerk, at=cast.at)
    kept = send_table(found.id, book([*people(1), ["试误", "1", "", "", ""]]), "名册.xlsx", actor=side.clerk, at=now())
    run_apart(get(ReturnImport, kept.id).job_id)  # type: ignore[arg-type]
    run_apart(get(ReturnImport, kept.id).marking_id)  # type: ignore[arg-type]
    side.values["roster_return"] = {"return_id": found.id, "import_id": kept.id}
