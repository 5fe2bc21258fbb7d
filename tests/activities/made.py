"""Activities as tests need them."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from competition.activities import service
from competition.activities.models import Declaration
from competition.activities.service import Declared
from competition.core.actors import SYSTEM
from competition.core.database import db, get
from tests.cast import AT, Cast

LABOUR = Declared(
    name="测试县劳动竞赛", kind="labour", level="prefecture", starts_on=date(2026, 3, 1), ends_on=date(2026, 9, 30), industry="energy",
    region_code="630224", bodies=[("organiser", "测试县总工会")],
    aim="多发电", measures="比安全、比质量", expected_heads=300, rhythm="quarter")


def declared(cast: Cast, **changes: Any) -> Declaration:
    """A draft of the county."""
    return service.declare(cast.county.id, replace(LABOUR, **changes), actor=SYSTEM, at=AT)


def submitted(cast: Cast, **changes: Any) -> Declaration:
    """One that waits for the prefecture."""
    made = declared(cast, **changes)
    service.submit(made.id, actor=SYSTEM, at=AT)
    return made


def approved(cast: Cast, *, start: bool = True, **changes: Any) -> Declaration:
    """One that the prefecture has approved, and that has begun."""
    made = submitted(cast, **changes)
    service.approve(made.id, cast.prefecture.id, actor=SYSTEM, at=AT)
    if start:
        service.start(made.id, actor=SYSTEM, at=AT)
    return fresh(made.id)


def fresh(declaration_id: uuid.UUID) -> Declaration:
    """As it stands in the database."""
    db.session.expire_all()
    return get(Declaration, declaration_id)
