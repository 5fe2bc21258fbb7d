"""The states that no link leads to fit a phone and a desk, and are accessible, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.screens.states import look_at_states

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_every_state_fits_and_is_accessible(browser: Browser, tmp_path: Path, language: str) -> None:
    assert look_at_states(browser, tmp_path, ["phone", "desktop"], language=language) == []
