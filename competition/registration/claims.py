"""The code on a contestant's card by which an entry that others made is claimed.

It is derived, not stored: whoever reads the database learns no code. It stands on the card alone, never on the form of the
entry, which also shows the ID number.
"""

import uuid

from competition.accounts.rules_totp import RECOVERY_ALPHABET
from competition.core.crypto import blind_index

LENGTH = 8


def claim_code(entry_id: uuid.UUID) -> str:
    """Eight characters that can be typed, always the same for one entry."""
    number, code = int(blind_index("claim_code", str(entry_id)), 16), ""
    for _place in range(LENGTH):
        number, digit = divmod(number, len(RECOVERY_ALPHABET))
        code += RECOVERY_ALPHABET[digit]
    return code
