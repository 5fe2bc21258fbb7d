"""People as another system sends them, checked by the rules of every roster, as facts say them."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from competition.core.crypto import blind_index
from competition.core.errors import RuleBroken
from competition.core.masks import mask_name
from competition.counting.rules_periods import month_days
from competition.counting.service_facts import Told
from competition.returns.models import Return
from competition.returns.queries_import import names_for
from competition.returns.queries_standing import Around
from competition.returns.rules_api import without_numbers
from competition.returns.schemas_api import PersonIn
from competition.returns.service_staging import Shown
from competition.rosters.rules_rows import Names, Row, mark_twice, read_row

MOST_FAULTS = 50
FIELDS = ("name", "number", "kind", "unit", "union", "region", "group", "ownership", "sex")


def people_of(found: Return, people: Sequence[PersonIn]) -> list[tuple[Told, Shown]]:
    """Each of them as a fact says it. Raises RuleBroken 422 with every fault by its place: what was sent is not repeated."""
    names = _names(found)
    rows = [read_row(Row(number, _texts(person)), names) for number, person in enumerate(people, 1)]
    mark_twice(rows)
    faults = [{"at": f"people.{row.line - 1}.{field}", "why": without_numbers(str(words))}
              for row in rows for field, words in row.faults.items()]
    if faults:
        raise RuleBroken(_("有 %(n)s 处需要修改，这一部分没有收下。", n=len(faults)), code="people", status=422,
                         faults=faults[:MOST_FAULTS])
    persons = [row.person for row in rows if row.person is not None]
    around, last = Around(found, persons), month_days(found.month)[1]
    return [(Told(blind_index("document", person.document.index_text), person.day or last, *around.of(person, sent.sex)),
             Shown(mask_name(person.name), person.document.masked, person.unit)) for person, sent in zip(persons, people, strict=True)]


def _names(found: Return) -> Names:
    """Unions by id, divisions by code, besides what any roster may name."""
    known = names_for(found)
    unions = {str(union_id): union_id for union_id in known.unions.values()}
    return replace(known, unions={**known.unions, **unions}, regions={**known.regions, **{code: code for code in known.regions.values()}})


def _texts(person: PersonIn) -> dict[str, str]:
    texts = {name: str(getattr(person, name)) for name in FIELDS}
    return texts | {"day": person.day.isoformat() if person.day else ""}
