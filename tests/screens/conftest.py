"""The small demonstration, walked once and served, for every test of this folder."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.live import Live
from tests.screens import world
from tests.screens.look import Looker
from tests.screens.walk import Walk, walk
from tests.services import free_port


@pytest.fixture(scope="session")
def app_to_walk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The small demonstration."""
    return world.make(tmp_path_factory.mktemp("screens"))


@pytest.fixture(scope="session")
def walked(app_to_walk: Flask) -> Walk:
    """All that can be reached in it."""
    return walk(app_to_walk)


@pytest.fixture(scope="session")
def served(app_to_walk: Flask) -> Iterator[Live]:
    """It at an address."""
    live = Live(app_to_walk, free_port())
    live.start()
    yield live
    live.stop()


@pytest.fixture(scope="session")
def looker(served: Live, browser: Browser) -> Iterator[Looker]:
    """A browser in front of it."""
    found = Looker(browser, served.address)
    yield found
    found.close()


@pytest.fixture(scope="session")
def inspector(served: Live, browser: Browser) -> Iterator[Looker]:
    """Another one, with axe in every page."""
    found = Looker(browser, served.address, brings_axe=True)
    yield found
    found.close()
