"""``python3 -m tests.results.live 400``: so many drawn contests, each recalculated by LibreOffice and compared with the engine."""

import sys

from tests.results.live.drawn import differences, drawn

found = list(differences(drawn(int(sys.argv[1]) if len(sys.argv) > 1 else 100)))
print(*found or ["LibreOffice and the engine agree."], sep="\n")
sys.exit(bool(found))
