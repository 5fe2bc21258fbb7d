"""The workbook of formulas is taken like a list: with a purpose, on record, and it holds formulas, not results."""

import io
import zipfile

from flask.testing import FlaskClient

from tests.builders import published_contest
from tests.cast import Cast


def test_formulas_without_values_and_who_took_them(cast: Cast, client: FlaskClient) -> None:
    contest = published_contest(cast, 3, events=("basic",))
    path = f"/manage/contests/{contest.id}/results/live.xlsx"
    cast.sign_in(client, cast.account("organizer"))
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 422
    answer = client.post(path, data={"purpose": "档案留存"})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        pages = "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/"))
    assert "档案留存" in pages
    assert "本表与其一致。" in pages
    assert "ROUND(" in pages
    assert "<f>" in pages
    assert "</f><v></v>" in pages
