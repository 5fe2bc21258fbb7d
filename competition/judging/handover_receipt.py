"""What a tablet without a network is told of the file that it handed over: a code for its camera (see ``docs/handover.md``). Pure.

The proof is made with what only the server and the tablet have: the hash of the tablet's token, which is never shown.
"""

import hashlib
from collections.abc import Mapping

from competition.judging.handover_file import in_letters

PREFIX = "JR1"
TAKEN, ASIDE, REFUSED = ("accepted", "repeated"), ("quarantined",), ("conflict", "refused")


def receipt(token_hash: str, code: str, counts: Mapping[str, int]) -> str:
    """The text of the receipt: prefix, handover code, how many events were taken, kept aside, not taken, and the proof.

    ``counts``: how many events got each answer; ``token_hash``: hexadecimal SHA-256 of the tablet's token.
    """
    told = [sum(counts.get(name, 0) for name in names) for names in (TAKEN, ASIDE, REFUSED)]
    said = ":".join([PREFIX, code, *map(str, told)])
    proof = hashlib.sha256(f"{token_hash}\n{said}".encode()).hexdigest()
    return f"{said}:{in_letters(proof)}"
