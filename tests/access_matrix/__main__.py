"""``python -m tests.access_matrix``: write ``docs/access.md`` anew."""

import tempfile
from pathlib import Path

from tests.access_matrix.printed import FILE, printed
from tests.house import build

with tempfile.TemporaryDirectory() as folder:
    FILE.write_text(printed(build(Path(folder))), encoding="utf-8")
