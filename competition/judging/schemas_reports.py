"""What a tablet says of itself, as it travels."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from competition.judging.rules_reports import TabletSays

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
CheckName = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
# A clock may be wrong by years; what is stored of it has an end.
MOST_SKEW_S = 10**6


class Strict(BaseModel):
    """Nothing but the named fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadyRound(Strict):
    """Which rulebook and which list of works the tablet has of a round."""

    id: UUID
    rulebook: Annotated[str, Field(max_length=80)]
    works_tag: Annotated[str, Field(max_length=40)]


class Ready(Strict):
    """What preparing for a start without network has shown, check by check. ``at`` is the tablet's clock."""

    at: datetime
    ok: bool
    checks: Annotated[dict[CheckName, Literal["ok", "warn", "bad"]], Field(max_length=20)]
    rounds: Annotated[list[ReadyRound], Field(max_length=50)] = []


class Report(Strict):
    """What the tablet says of itself; ``last_made`` is the highest ``device_seq`` it has made, ``held`` counts what it has not sent
    yet by work, ``stuck`` what it sent and the server neither took nor kept aside (unless a later event replaced it; a tablet that
    says nothing of it keeps its round open), ``ready`` is sent until it was answered once."""

    pending: Count | None = None
    last_made: Count | None = None
    client_at: datetime | None = None
    app_version: Annotated[str, Field(max_length=40)] = ""
    battery: Annotated[int, Field(ge=0, le=100)] | None = None
    charging: bool | None = None
    held: Annotated[dict[UUID, Count], Field(max_length=400)] = {}
    stuck: Annotated[dict[UUID, Count], Field(max_length=400)] | None = None
    ready: Ready | None = None

    def says(self, at: datetime) -> TabletSays:
        """As the rules know it; ``at`` is the server's moment, against which the tablet's clock is held."""
        return TabletSays(
            pending=self.pending, last_made=self.last_made, skew_s=self._skew(at), app_version=self.app_version,
            battery=self.battery, charging=self.charging, held=_by_work(self.held),
            stuck=None if self.stuck is None else _by_work(self.stuck),
            ready=None if self.ready is None else self.ready.model_dump(mode="json", exclude={"at"}))

    def _skew(self, at: datetime) -> int | None:
        if self.client_at is None or self.client_at.tzinfo is None:
            return None
        return max(-MOST_SKEW_S, min(MOST_SKEW_S, int((self.client_at - at).total_seconds())))


def _by_work(counts: dict[UUID, int]) -> dict[str, int]:
    return {str(work): count for work, count in counts.items()}
