"""Each ready rulebook from the tablets to the certificates: every paper says what was computed by hand.

What happens is told in ``tests/scoring/ready_stories.py``, and what comes of it is proved in ``tests/scoring/test_ready_by_hand.py``.
"""

import io
import re
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from competition.certificates import service as certificates
from competition.core.clock import now
from competition.results.models import Publication
from competition.results.queries import current_with_rows
from competition.scoring.inputs import Decision
from competition.scoring.scores import Row, Scores
from competition.scoring.wording import CHINESE
from tests.cast import Cast
from tests.results.ready_contest import Played
from tests.scoring.ready import KEYS
from tests.scoring.ready_stories import STORIES

# Where ranks may not be shared: who is equal in everything, and the lot that is drawn.
LOTS = {"electrician": ("overall", "ED")}
PLACES = [*(("sqlite", key) for key in KEYS), ("postgresql", "masonry")]


@pytest.mark.parametrize(("any_app", "key"), PLACES, indirect=["any_app"])
def test_from_the_tablets_to_the_certificates(any_cast: Cast, client_of: FlaskClient, key: str) -> None:
    small = STORIES[key]()
    if key in LOTS:
        small.theory(E="100")
    played = Played(any_cast, client_of, key, small)
    played.judged()
    played.opened()
    decisions = []
    if key in LOTS:
        total, order = LOTS[key]
        played.decided(order)
        decisions = [Decision(f"total:{total}", tuple(order), "", "lot")]
    scores = small.scores(*decisions)
    scopes = {f"{kind}:{item['key']}": item["key"] for kind, items in (("event", "events"), ("total", "totals"), ("team", "teams"))
              for item in small.document.get(items, [])}
    played.published(scopes)
    publications = {found.scope: found for found in current_with_rows(played.contest_id)}
    assert set(publications) == set(scopes)
    check_workbook(played, scores, scopes)
    for scope, found in publications.items():
        check_public(played, scores.rows(scopes[scope]), found)
        check_papers(played, scores.rows(scopes[scope]), found)
    check_certificates(played, publications, scores, scopes)


@pytest.fixture
def client_of(any_cast: Cast, request: pytest.FixtureRequest) -> FlaskClient:
    """A browser at the application of the database in turn."""
    found: FlaskClient = request.getfixturevalue("any_app").test_client()
    return found


def awards_of(played: Played, row: Row, scope: str) -> str:
    """The awards of a line as papers name them."""
    kind, _, key = scope.partition(":")
    rule = next(item for item in played.small.document[f"{kind}s"] if item["key"] == key)
    names = {tier["key"]: tier["name"]["zh"] for award in rule.get("awards", []) for tier in award["tiers"]}
    return "、".join(names[one] for one in row.awards)


def check_workbook(played: Played, scores: Scores, scopes: dict[str, str]) -> None:
    """The results book as a workbook: rank, name, figure, awards, outcome."""
    played.be("organizer")
    answer = played.client.post(played.path("/book.xlsx"), data={"purpose": "核对成绩"})
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    for scope, key in scopes.items():
        kind, _, _key = scope.partition(":")
        name = next(item["name"]["zh"] for item in played.small.document[f"{kind}s"] if item["key"] == key)
        lines = book.get_sheet_by_name(name).to_python()
        head = next(number for number, line in enumerate(lines) if line[0] == "名次")
        found = [(line[0] or None, line[1], line[lines[head].index("成绩")], *line[-2:]) for line in lines[head + 1:] if line[1]]
        wanted = [(row.rank, played.name(row.entry), "" if row.value is None else float(row.value),
                   awards_of(played, row, scope), "" if row.status == "OK" else CHINESE.status(row.status)) for row in scores.rows(key)]
        assert sorted(found, key=lambda line: str(line[1])) == sorted(wanted, key=lambda line: str(line[1])), scope


def check_public(played: Played, rows: tuple[Row, ...], found: Publication) -> None:
    """What everybody reads: rank, name, awards; in the order of ranks."""
    played.client.delete_cookie("session")
    page = played.see(f"/contests/{played.contest_id}/results/{found.scope}")
    listed = re.findall(r'class="place"[^>]*>(\d+)</span>\s*<span class="name"><strong>([^<]+)</strong>.*?</li>', page, re.DOTALL)
    assert sorted(listed) == sorted((str(row.rank), played.name(row.entry)) for row in rows if row.rank is not None)
    assert [rank for rank, _name in listed] == sorted((rank for rank, _name in listed), key=int)
    for row in rows:
        line = re.search(rf"<strong>{played.name(row.entry)}</strong>.*?</li>", page, re.DOTALL)
        assert (line is not None) == (row.rank is not None)
        for award in filter(None, awards_of(played, row, found.scope).split("、")):
            assert line is not None
            assert award in line[0]


def check_papers(played: Played, rows: tuple[Row, ...], found: Publication) -> None:
    """The page that explains a line, and the printed sheet of every line."""
    played.be("organizer")
    lines = {row.public_name: row for row in found.rows}
    assert set(lines) == {played.name(row.entry) for row in rows}
    sheets = unescape(played.see(played.path(f"/book/{found.scope}/sheets")))
    papers = dict(re.findall(r'<th scope="row">(?:姓名|代表队)</th><td>([^<]+)</td>(.*?)</table>', sheets, re.DOTALL))
    for row in rows:
        line, paper = lines[played.name(row.entry)], papers[played.name(row.entry)]
        assert (line.value, line.rank, line.status) == (None if row.value is None else str(row.value), row.rank, row.status)
        assert f"<strong>{CHINESE.status(row.status) if row.value is None else row.value}</strong>" in paper
        assert f"<td>{awards_of(played, row, found.scope) or '—'}</td>" in paper
    one = rows[0]
    shown = unescape(played.see(played.path(f"/scopes/{found.scope}/{lines[played.name(one.entry)].who}")))
    assert played.name(one.entry) in shown
    assert one.value is not None
    assert str(Decimal(one.value)) in shown


def check_certificates(played: Played, publications: dict[str, Publication], scores: Scores, scopes: dict[str, str]) -> None:
    """Certificates that are prepared from each publication name the winners and their awards, and nobody else."""
    template = next(t.id for t in certificates.ensure_ready_templates(now()) if t.kind == "award")
    played.be("organizer")
    for scope, found in publications.items():
        winners = {played.name(row.entry): awards_of(played, row, scope) for row in scores.rows(scopes[scope]) if row.awards}
        if not winners:
            continue
        made = played.do(played.path("/prepare", "certificates"), source=str(found.id), template=str(template), title="获奖证书",
                         dated_on="2026-06-02")
        page = played.see(made.location)
        assert f"申请签发 {len(winners)} 份证书" in page
        for name, awards in winners.items():
            assert re.search(rf"<tr>(?:(?!</tr>).)*{name}(?:(?!</tr>).)*{awards}(?:(?!</tr>).)*</tr>", page, re.DOTALL), (name, awards)
