"""A roster of 50,000 people taken into a return, beside reading the same file and putting its rows into a table.

Sides take turns in one run. Ours: the job that reads (in a process of its own, locked up), checks every row, hashes every number and
seals what it found, then the job that stages the people slice by slice and makes them the return's roster. Bare: calamine reads the
file and one statement inserts its cells as texts, with no check, no hash, no encryption. Both are told in seconds of the processor, our
child's included, so that other work on the machine weighs on neither. Also told: the longest time for which any transaction of ours
held the lock of the database.
"""

import argparse
import io
import random
import resource
import statistics
import tempfile
import uuid
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, insert, select
from stdnum.cn import ric

from competition.core import jobs
from competition.core.actors import Actor
from competition.core.database import db, get
from competition.core.jobs import Job
from competition.counting.models import Fact
from competition.counting.rules_periods import month_number
from competition.returns import service as returns
from competition.returns import service_import as service
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from tests.bench.holds import Holds
from tests.bench.report import finish, table
from tests.builders import make_contest
from tests.cast import AT, make_cast
from tests.house import build

TITLES = ("序号", "姓名", "身份证号", "性别", "联系电话", "工作单位", "所属群体", "工种")
ROWS = Table("bare_rows", MetaData(), Column("id", Integer, primary_key=True), *(Column(f"c{n}", Text) for n in range(len(TITLES))))


def workbook(count: int, seed: int) -> bytes:
    """An .xlsx as a county's clerk would have it; people and numbers are invented."""
    chance, out, numbers = random.Random(seed), io.BytesIO(), set[str]()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, ["某某县总工会职工名册"])
    sheet.write_row(1, 0, TITLES)
    while len(numbers) < count:
        born = f"{chance.randint(1965, 2004)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        body = f"9901{chance.randint(1, 89):02}{born}{chance.randint(0, 999):03}"
        if body in numbers:
            continue
        numbers.add(body)
        name = "试" + "".join(chance.choices("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳", k=2))
        sheet.write_row(len(numbers) + 1, 0, [
            len(numbers), name, body + ric.calc_check_digit(body + "0"), "男" if int(body[16]) % 2 else "女",
            f"1990000{len(numbers) % 10000:04}", f"试用单位{chance.randint(1, 300)}", chance.choice(("", "快递员", "无", "保安员")),
            "钳工"])
    book.close()
    return out.getvalue()


def spent() -> float:
    """Seconds of the processor: of this process and of those that it waited for."""
    return sum(sum((used.ru_utime, used.ru_stime)) for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def ours(clerk: Actor, return_id: uuid.UUID, data: bytes, holds: Holds) -> dict[str, float]:
    """The real path: what the upload does, the job that reads, the confirmation, the job that takes."""
    seconds, begun = {}, spent()
    with holds.watching(db.engine):
        kept = service.send_table(return_id, data, "名册.xlsx", actor=clerk, at=AT)
        import_id = kept.id
        seconds["send"] = spent() - begun
        for step in ("read", "take"):
            begun = spent()
            job_id = get(ReturnImport, import_id).job_id
            assert job_id is not None
            jobs.run_job(job_id)
            if (job := get(Job, job_id)).state != "done":
                raise SystemExit(f"{step}: {job.state} {job.error}")
            if step == "read":
                service.ask_take(import_id, only_good=False, keeps_others=False, actor=clerk, at=AT)
            seconds[step] = spent() - begun
    return seconds


def bare(data: bytes) -> float:
    """The same cells read and inserted, and nothing else."""
    begun = spent()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        connection.execute(insert(ROWS), [{f"c{n}": str(cell) for n, cell in enumerate(row)} for row in rows[1:]])
    return spent() - begun


def run(app: Flask, count: int, times: int) -> tuple[dict[str, Any], float]:
    """Both sides in turns, each time with other people in a return of its own."""
    with app.app_context():
        with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
            ROWS.create(connection)
        cast, holds = make_cast(), Holds()
        county, contests = cast.county.id, [make_contest(cast, phase="finished").id for _turn in range(times)]
        clerk = cast.actor("clerk", "union", county)
        taken: dict[str, list[float]] = {"send": [], "read": [], "take": [], "bare": []}
        for turn, contest in enumerate(contests):
            data = workbook(count, turn)
            return_id = returns.begin_return(county, contest, month_number(AT.date()), "roster", actor=clerk, at=AT).id
            # The short side three times: one run of it alone differs from the next by half.
            taken["bare"].extend(bare(data) for _time in range(3))
            for step, each in ours(clerk, return_id, data, holds).items():
                taken[step].append(each)
            facts = db.session.scalar(select(func.count()).select_from(Fact).where(Fact.origin == get(Return, return_id).number))
            if facts != count:
                raise SystemExit(f"{facts} people in the roster, not {count}")
        medians = {step: statistics.median(each) for step, each in taken.items()}
        whole = statistics.median(sum(each) for each in zip(taken["send"], taken["read"], taken["take"], strict=True))
        return medians | {"rows": count, "longest_hold_ms": holds.longest * 1000,
                          "longest_hold_own_ms": holds.longest_own * 1000, "transactions": holds.count}, whole / medians["bare"]


def main() -> None:
    """One size, on SQLite."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--times", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="competition-bench-") as folder:
        figures, ratio = run(build(Path(folder)), chosen.rows, chosen.times)
    table(["50,000 rows" if chosen.rows == 50_000 else f"{chosen.rows} rows", "s"], [
        ("bare: read and insert", figures["bare"]), ("ours: keep the file, sealed", figures["send"]),
        ("ours: read, check, hash, compare", figures["read"]), ("ours: stage and take", figures["take"])])
    print(f"longest hold of the lock in {figures['transactions']} transactions: {figures['longest_hold_ms']:.0f} ms by the clock, "
          f"{figures['longest_hold_own_ms']:.0f} ms of our own time")
    finish("imports", figures, {"import_vs_bare": ratio})


if __name__ == "__main__":
    main()
