"""``python3 -m tests.access_matrix``: write ``docs/access.md`` anew."""

from tests.setup import ensure

if __name__ == "__main__":
    ensure(["tests.access_matrix.printed"])
