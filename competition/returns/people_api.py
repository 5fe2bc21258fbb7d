"""People as another system sends them, checked by the rules of every roster, as facts say them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from competition.core.crypto import blind_index
from competition.core.errors import RuleBroken
from competition.core.masks import mask_name
from competition.counting.rules_periods import UNKNOWN, month_days
from competition.counting.service_facts import Told
from competition.returns import queries_api as reads
from competition.returns.models import Return
from competition.returns.rules_api import without_numbers
from competition.returns.schemas_api import PersonIn
from competition.returns.service_staging import Shown
from competition.rosters.rules_rows import SEXES, Person, Row, mark_twice, read_row

MOST_FAULTS = 50
FIELDS = ("name", "number", "kind", "unit", "union", "region", "group", "ownership", "sex")


def people_of(found: Return, people: Sequence[PersonIn]) -> list[tuple[Told, Shown]]:
    """Each of them as a fact says it. Raises RuleBroken 422 with every fault by its place: what was sent is not repeated."""
    names = reads.names_for(found)
    rows = [read_row(Row(number, _texts(person)), names) for number, person in enumerate(people, 1)]
    mark_twice(rows)
    faults = [{"at": f"people.{row.line - 1}.{field}", "why": without_numbers(str(words))}
              for row in rows for field, words in row.faults.items()]
    if faults:
        raise RuleBroken(_("有 %(n)s 处需要修改，这一部分没有收下。", n=len(faults)), code="people", status=422,
                         faults=faults[:MOST_FAULTS])
    persons = [row.person for row in rows if row.person is not None]
    unions = reads.union_facts({person.union for person in persons if person.union} | {found.union_id})
    return [_said(found, person, unions, SEXES.get(sent.sex)) for person, sent in zip(persons, people, strict=True)]


def _texts(person: PersonIn) -> dict[str, str]:
    texts = {name: str(getattr(person, name)) for name in FIELDS}
    return texts | {"day": person.day.isoformat() if person.day else ""}


def _said(found: Return, person: Person, unions: dict[Any, tuple[str | None, str | None]], sex: str | None) -> tuple[Told, Shown]:
    union_id, born = person.union or found.union_id, person.document.birth_on
    region, industry = unions[union_id]
    told = Told(
        blind_index("document", person.document.index_text), person.day or month_days(found.month)[1], union_id,
        person.region or region or unions[found.union_id][0], industry=industry or found.activity.industry,
        ownership=person.ownership or UNKNOWN, worker_group=person.group, sex=person.document.sex or sex,
        birth_year=born.year if born else None)
    return told, Shown(mask_name(person.name), person.document.masked, person.unit)
