"""How to use the program: everybody finds the own guide, reads it as a page, sees its pictures."""

import pytest
from flask.testing import FlaskClient
from lxml import html

from competition.accounts import service as accounts
from competition.core.actors import SYSTEM
from competition.core.database import atomic
from competition.home.guides import GUIDES, OF_ROLE
from tests.cast import Cast


def href_of_guide(client: FlaskClient, path: str) -> str:
    """Where the link 使用说明 of a page leads."""
    links = html.fromstring(client.get(path).text).xpath("//*[contains(@class, 'guide-line')]/a")
    assert [link.text_content().strip() for link in links] == ["使用说明"]
    return str(links[0].get("href"))


def test_a_stranger_is_led_to_the_contestants_guide(client: FlaskClient, cast: Cast) -> None:
    assert href_of_guide(client, "/") == "/guides/contestant"


@pytest.mark.parametrize("role", [role for role in OF_ROLE if role not in ("contestant", "team_leader")])
def test_staff_are_led_to_the_guide_of_their_role(client: FlaskClient, cast: Cast, role: str) -> None:
    cast.sign_in(client, cast.account(role))
    assert href_of_guide(client, "/desk") == f"/guides/{OF_ROLE[role]}"


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_a_page(client: FlaskClient, cast: Cast, name: str) -> None:
    answer = client.get(f"/guides/{name}")
    page = html.fromstring(answer.text)
    assert len(page.xpath("//h1")) == 1
    anchors = {str(href)[1:] for href in page.xpath("//ol[@class='guide-contents']//a/@href")}
    assert anchors == set(page.xpath("//div[@class='guide']//h2/@id")) != set()
    for address in set(page.xpath("//div[@class='guide']//img/@src")):
        picture = client.get(str(address), buffered=True)
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert all(client.get(str(link)).status_code == 200 for link in page.xpath("//main//a/@href") if str(link).startswith("/"))


def test_staff_keep_their_menu_beside_a_guide(client: FlaskClient, cast: Cast) -> None:
    assert "staff-side" not in client.get("/guides/clerk").text
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    for page in ("/guides/clerk", "/guides"):
        assert 'class="staff-side' in client.get(page).text


def test_several_roles_read_a_list(client: FlaskClient, cast: Cast) -> None:
    account = cast.account("clerk")
    with atomic():
        accounts.grant_role(account.id, "supervisor", scope_kind="system", scope_id=None, actor=SYSTEM, at=cast.at)
    cast.sign_in(client, account)
    assert href_of_guide(client, "/desk") == "/guides"
    page = html.fromstring(client.get("/guides").text)
    assert page.xpath("(//ul[@class='guide-list'])[1]//a/@href") == ["/guides/clerk", "/guides/supervisor"]


@pytest.mark.parametrize("path", ["/guides/nobody", "/guides/..%2Fglossary", "/guides/pictures/nothing.png", "/guides/pictures/..%2Fui"])
def test_nothing_else_is_served(client: FlaskClient, cast: Cast, path: str) -> None:
    assert client.get(path).status_code == 404


def test_in_english_the_page_says_that_the_guide_is_chinese(client: FlaskClient, cast: Cast) -> None:
    chinese = html.fromstring(client.get("/guides/judge").text)
    client.post("/language", data={"locale": "en"})
    english = html.fromstring(client.get("/guides/judge").text)
    assert [page.xpath("string(//div[@class='guide']/@lang)") for page in (chinese, english)] == ["", "zh-Hans-CN"]
