"""What tests of the pages of registration share: the form in steps, an entry that was handed in."""

import uuid
from typing import Any

from flask.testing import FlaskClient

from competition.core.clock import now
from competition.registration import queries, service
from competition.registration.models import Entry
from tests.builders import entry_data
from tests.cast import Cast, id_card, phone

# On which paper somebody agreed who is entered by staff.
SIGNED = {"consent": "y", "paper": "同意书，存测试工会"}


def kind_of(client: FlaskClient, address: str) -> str:
    with client.get(address) as answer:
        return answer.content_type


def person(**more: Any) -> dict[str, Any]:
    return {"name": "试·选手", "document_type": "id_card", "document_number": id_card(), "phone": phone(), **more}


WORK = {"employer": "测试拉面馆", "employer_ownership": "non_public", "region_code": "630224", "union_id": "", "trade": "拉面制作",
        "skill_level": "3", "worker_group": "lamian"}


def fill(client: FlaskClient, contest_id: uuid.UUID, events: list[str], **more: Any) -> str:
    """The first three steps; returns the address of the form."""
    base = f"/contests/{contest_id}/entry"
    assert client.post(f"{base}/person", data=person(**more)).status_code == 303
    assert client.post(f"{base}/work", data=WORK).status_code == 303
    assert client.post(f"{base}/events", data={"events": events, "team_id": "", "team_role": "member"}).status_code == 303
    return base


def event_ids(contest_id: uuid.UUID) -> list[str]:
    return [str(e.id) for e in queries.events_of(contest_id) if not e.is_compulsory]


def submitted(cast: Cast, contest: Any, account_name: str = "", **more: Any) -> Entry:
    actor = cast.actor("contestant", name=account_name)
    return service.submit_entry(contest.id, entry_data(contest, **more), actor=actor, at=now(), consent="web")
