"""The judge's guide lies on the table: printed, it is one sheet with all its words."""

import pytest
from playwright.sync_api import Browser
from pypdfium2 import PdfDocument

from tests.cast import Cast
from tests.live import Live


@pytest.mark.browser
def test_the_judges_guide_is_one_printed_page(live: Live, cast: Cast, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{live.address}/guides/judge")
    parts = page.locator(".guide > h2").all_inner_texts()
    printed = PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    assert [[round(side) for side in sheet.get_size()] for sheet in printed] == [[595, 842]]
    words = "".join(printed[0].get_textpage().get_text_bounded().split())
    assert [part for part in (*parts, "只提醒，不会自动提交", "本轮已锁定，不能再评分。") if "".join(part.split()) not in words] == []
