"""``python3 -m tests.catalogues``: bring ``competition/translations`` up to date with the sentences in the source."""

from tests.setup import ensure

if __name__ == "__main__":
    ensure(["tests.catalogues.update"])
