"""The staff's pages as a test asks for them: signed in with a role, read, filled in; what is not answered as expected fails."""

import uuid

from flask.testing import FlaskClient

from competition.contests.models import Round
from competition.core.actors import SYSTEM
from competition.judging import service
from tests.cast import Cast

REASON = "测试：理由"


def base(round_: Round) -> str:
    return f"/manage/contests/{round_.contest_id}/judging"


def signed_in(client: FlaskClient, cast: Cast, role: str, scope_kind: str = "system", scope_id: uuid.UUID | None = None) -> FlaskClient:
    return cast.sign_in(client, cast.account(role, scope_kind, scope_id))


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.get_data(as_text=True)


def post(client: FlaskClient, address: str, status: int = 303, **data: object) -> str:
    answer = client.post(address, data=data)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def open_it(round_: Round, cast: Cast) -> None:
    service.open_round(round_.id, actor=SYSTEM, at=cast.at)
