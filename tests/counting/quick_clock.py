"""The clock's process, striking the nightly roll-up every second; each stroke is noted after it was heard."""

import os
from dataclasses import replace
from itertools import count
from typing import Any

from competition.app import create_app
from competition.core import clockwork, jobs
from competition.core.clock import now
from competition.core.config import load_settings
from competition.core.database import atomic


def main() -> None:
    """Until it is killed."""
    app, strokes, fire = create_app(load_settings()), count(), jobs.fire
    nightly = next(planned for planned in jobs.SCHEDULE if planned.name == "participation.nightly")
    jobs.SCHEDULE[:] = [replace(nightly, trigger={"second": "*"})]

    def heard(name: str, slot: str, at: Any) -> Any:
        job = fire(name, slot, at)
        with atomic() as session:
            session.add(jobs.JobSlot(name="heard", slot=f"{os.getpid()}-{next(strokes)}", claimed_at=now()))
        return job

    jobs.fire = heard
    clockwork.build_scheduler(app).start()


if __name__ == "__main__":
    main()
