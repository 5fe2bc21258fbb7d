"""What was true of the people of a roster when they took part, whoever sent it: by the row, the register of employers, the union."""

import uuid
from collections.abc import Sequence

from competition.counting.rules_periods import UNKNOWN
from competition.returns import queries_import as reads
from competition.returns.models import Return
from competition.rosters.rules_rows import SEXES, Person

# Union, division, industry, ownership, kind of unit, group, sex, year of birth: service_facts.Told from its union on.
Truth = tuple[uuid.UUID, str | None, str, str, str, str, str | None, int | None]


class Around:
    """What the rows of one roster do not say themselves; two statements however many they are."""

    def __init__(self, found: Return, persons: Sequence[Person]) -> None:
        # Asked once: for each of 50,000 rows it would take longer than all else that is done here.
        self.union_id, self.industry = found.union_id, found.activity.industry
        self.employers = reads.employers_named({person.unit for person in persons if person.unit})
        self.unions = reads.union_facts({person.union for person in persons if person.union} | {self.union_id})

    def of(self, person: Person, sex: str) -> Truth:
        """What was true of somebody; ``sex``: as it was written, for documents that do not say it."""
        union_id = person.union or self.union_id
        region, industry = self.unions[union_id]
        ownership, kind, trade = self.employers.get(person.unit, (UNKNOWN, UNKNOWN, UNKNOWN))
        born = person.document.birth_on
        return (union_id, person.region or region or self.unions[self.union_id][0],
                trade if trade != UNKNOWN else industry or self.industry, person.ownership or ownership, kind,
                person.group, person.document.sex or SEXES.get(sex.strip().lower()), born.year if born else None)
