"""Fixtures for every test: services and the browser start only when a test asks for them."""

pytest_plugins = ["tests.memory", "tests.drawing", "tests.services", "tests.browser", "tests.house", "tests.cast", "tests.live",
                  "tests.acting", "tests.order"]
