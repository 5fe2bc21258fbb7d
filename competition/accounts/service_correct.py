"""What a person cannot change himself is corrected by the clerk of a union, who has compared the document.

The person says what is wrong and what is right; both stand in the request. What was published and certified stays as
it is: it is corrected by those who published it.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from competition.accounts.identity import Document, clean_name, normalise, parse_document
from competition.accounts.models import Account, HelpRequest, Person
from competition.accounts.outgoing import Corrected, follow, tell
from competition.accounts.pinyin import name_pinyin
from competition.accounts.service import active_grants
from competition.accounts.service_help import ask_help, check_not_self, close, lock_open
from competition.accounts.service_people import seal_document
from competition.core import audit
from competition.core.actors import Actor
from competition.core.crypto import blind_index, unseal
from competition.core.database import atomic, find, get
from competition.core.errors import RuleBroken
from competition.core.formats import joined

FIELDS = {
    "name": _("姓名"), "document": _("证件号码"), "birth_on": _("出生日期"), "sex": _("性别"), "employer": _("工作单位"),
    "union": _("所属工会"),
}
# The number says both; they are corrected with it.
SAID_BY_NUMBER = ("id_card", "residence_permit")


@dataclass(frozen=True)
class Line:
    """One thing to correct: as it reads now and as it should (numbers masked), and the value itself."""

    field: str
    before: str
    after: str
    value: str


@dataclass(frozen=True)
class Wanted:
    """A whole request. ``entry_words`` names the contest of the entry that employer and union belong to."""

    lines: list[Line]
    person_id: str | None = None
    entry_id: str | None = None
    entry_words: str = ""

    def value(self, field: str) -> str | None:
        """What a field should be; None when it is right as it is."""
        return next((line.value for line in self.lines if line.field == field), None)


def document_of(person: Person) -> Document:
    """The person's document as it is on record; raises RuleBroken when only its hash is known."""
    if person.document_sealed is None or person.document_type is None:
        raise RuleBroken(_("系统里没有保存完整号码。"), code="not_kept", status=404)
    number = unseal(person.document_sealed, "person", "document", person.id)
    return Document(person.document_type, person.document_country or "CN", number, person.birth_on, person.sex)


def person_lines(
    account: Account, person: Person | None, *, name: str, document: Document | None, birth_on: date | None, sex: str
) -> list[Line]:
    """What differs from the record, of the person or of the account that has none; what is left empty is right as it is."""
    known = person.name if person else account.display_name
    lines = [Line("name", known, clean_name(name), clean_name(name))] if name and clean_name(name) != known else []
    if person is None:
        return lines
    if document is not None and blind_index("document", document.index_text) != person.document_index:
        lines.append(Line("document", person.document_masked or "", document.masked, document.index_text))
    if (birth_on or sex) and (document.kind if document else person.document_type) in SAID_BY_NUMBER:
        raise RuleBroken(_("出生日期和性别由证件号码得出。与证件不一致的，请更正证件号码。"), code="said_by_number", status=422,
                         field="birth_on" if birth_on else "sex")
    if birth_on and birth_on != person.birth_on:
        lines.append(Line("birth_on", str(person.birth_on or ""), birth_on.isoformat(), birth_on.isoformat()))
    if sex and sex != person.sex:
        lines.append(Line("sex", person.sex or "", sex, sex))
    return lines


def ask_correction(
    account_id: uuid.UUID, lines: Sequence[Line], *, person: Person | None, document: Document, phone: str, union_id: uuid.UUID,
    note: str, at: datetime, entry: tuple[uuid.UUID, str] | None = None,
) -> HelpRequest:
    """Send the request to the clerk of a union. ``document`` is the one on record, or what the person shows at the office;
    ``entry``: the entry that lines about work belong to, and its contest's name."""
    if not lines:
        raise RuleBroken(_("填写的内容与登记的一致，没有需要更正的。"), code="nothing_wrong", status=422)
    account = get(Account, account_id)
    wanted = Wanted(list(lines), str(person.id) if person else None, str(entry[0]) if entry else None, entry[1] if entry else "")
    return ask_help(
        "correction", name=person.name if person else account.display_name, document=document, phone=phone, union_id=union_id,
        note=note, at=at, account_id=account_id, wanted=json.dumps(asdict(wanted), ensure_ascii=False))


def wanted_of(request: HelpRequest) -> Wanted:
    """What a request asks for."""
    if request.wanted_sealed is None:
        return Wanted([])
    said: dict[str, Any] = json.loads(unseal(request.wanted_sealed, "help_request", "wanted", request.id))
    return Wanted(**{**said, "lines": [Line(**line) for line in said["lines"]]})


def settle_correction(request_id: uuid.UUID, number: str, reason: str, *, actor: Actor, at: datetime) -> HelpRequest:
    """The clerk has compared the document: what is asked for is done. A new ``number`` is typed once more from the document
    itself, so that nobody takes over a mistyped one."""
    with atomic():
        request = lock_open(request_id, reason, actor)
        wanted = wanted_of(request)
        if request.kind != "correction" or request.account_id is None:
            raise RuleBroken(_("这份申请不是更正申请。"), code="other_kind")
        account = get(Account, request.account_id, lock=True)
        person = get(Person, uuid.UUID(wanted.person_id), lock=True) if wanted.person_id else None
        check_not_self(account, person, actor)
        done = _correct(account, person, wanted, number, reason.strip(), actor, at)
        follow(done, reason.strip(), actor, at)
        said = LazyString(joined, [FIELDS[line.field] for line in wanted.lines])
        tell([account.id], _("您申请的更正已办理"),
             _("已更正：%(fields)s。已公布的成绩和已签发的证书保持原样；证书需要更正的，请联系赛事的组委会。", fields=said), at)
        close(request, "done", reason, actor, at, account.id)
    return request


def _correct(
    account: Account, person: Person | None, wanted: Wanted, number: str, reason: str, actor: Actor, at: datetime
) -> Corrected:
    name, document, union = wanted.value("name"), wanted.value("document"), wanted.value("union")
    keys = _correct_document(person, document, number) if person and document else None
    if name and not active_grants(account.id, at):
        # Under which name somebody works here is no matter of a union's clerk.
        account.display_name = name
    if person is not None:
        _correct_person(person, wanted, name)
    audit.record("person.correct", actor=actor, at=at, reason=reason,
                 subject=("person", person.id) if person else ("account", account.id),
                 details={"fields": [line.field for line in wanted.lines], "account": str(account.id)},
                 personal={line.field: line.value for line in wanted.lines if line.field in ("name", "document", "birth_on")})
    return Corrected(account.id, person.id if person else None, name, keys, uuid.UUID(wanted.entry_id) if wanted.entry_id else None,
                     wanted.value("employer"), uuid.UUID(union) if union else None)


def _correct_person(person: Person, wanted: Wanted, name: str | None) -> None:
    if name:
        person.name, person.name_pinyin = name, name_pinyin(name)
    born = wanted.value("birth_on")
    person.birth_on = date.fromisoformat(born) if born else person.birth_on
    person.sex = wanted.value("sex") or person.sex


def _correct_document(person: Person, index_text: str, number: str) -> tuple[str, str]:
    document = read_index_text(index_text)
    if normalise(number) != document.number:
        raise RuleBroken(_("您照原件输入的号码与申请中的不一致，请逐位核对；申请有误的，请退回由本人重新申请。"), code="number_unfit",
                         status=422, field="number")
    key = blind_index("document", index_text)
    if find(Person, document_index=key) is not None:
        raise RuleBroken(_("系统里已有另一个人用这个号码登记，不能直接更正。请退回，并请双方带证件到工会核对。"), code="document_known")
    before = person.document_index or ""
    seal_document(person, document)
    person.document_index = key
    person.birth_on, person.sex = document.birth_on or person.birth_on, document.sex or person.sex
    return before, key


def read_index_text(text: str) -> Document:
    """The document of which ``Document.index_text`` was made; the number says birth and sex again."""
    kind, country, number = text.split("|", 2)
    return parse_document(kind, number, country)
