"""A list back to who sent it, with every cell that is wrong marked. It holds whole numbers as they were typed: for its sender alone."""

from competition.core.tables.marked import mark_table
from competition.core.tables.reading import Table
from competition.rosters.rules_columns import Head
from competition.rosters.rules_rows import Checked


def faulty_book(data: bytes, table: Table, head: Head, checked: Checked) -> bytes:
    """The file that the table was read from as an .xlsx with red cells; a fault of a field without a column stands at the name."""
    faults = {(row.line, head.fields.get(field, head.fields["name"])): words for row in checked.bad for field, words in row.faults.items()}
    return mark_table(data, table, faults, head=table.lines[head.row])
