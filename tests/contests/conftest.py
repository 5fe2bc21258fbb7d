"""Who edits the rulebook of a contest, and the contest."""

import pytest
from flask.testing import FlaskClient

from competition.contests import service
from competition.contests.models import Contest
from tests.cast import Cast


@pytest.fixture
def organizer(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The browser of the province's organizer."""
    return cast.sign_in(client, cast.account("organizer", "union", cast.province.id, "测试组委会"))


@pytest.fixture
def contest(cast: Cast) -> Contest:
    """A contest of the province in draft, without rulebook and events."""
    return service.create_contest(
        code="XJ1", name_zh="测试职工职业技能竞赛", host_union_id=cast.province.id, actor=cast.actor("organizer"),
        starts_on=cast.at.date(), ends_on=cast.at.date(), at=cast.at)
