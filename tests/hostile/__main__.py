"""``python -m tests.hostile``: walk over all addresses, and write docs/hostile-input.md anew. Says what was wrong."""

import sys
import tempfile
from pathlib import Path

from tests.access_matrix.browser import Door
from tests.hostile.listing import DOCUMENT, listing
from tests.hostile.targets import build_hostile_world
from tests.hostile.walk import walk
from tests.house import build_to_be_asked

with tempfile.TemporaryDirectory() as folder:
    app = build_to_be_asked(Path(folder))
    door, world = Door(app, Path(folder) / "kept.db"), build_hostile_world(app)
    door.keep()
    done = walk(door, world)
    DOCUMENT.write_text(listing(done), encoding="utf-8")
print(f"{done.count} requests, {len(done.wrong)} wrong", *done.wrong, sep="\n")
sys.exit(bool(done.wrong))
