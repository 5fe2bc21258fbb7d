"""What activities say of their benefit is kept in hundredths of 10,000 yuan, as returns keep it."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None

REPORT = sa.table('stage_report', sa.column('id', sa.Uuid()), sa.column('measures', sa.JSON()))


def upgrade() -> None:
    op.execute('UPDATE achievement SET benefit = benefit * 100')
    _change(lambda benefit: benefit * 100)


def downgrade() -> None:
    _change(lambda benefit: benefit // 100)
    op.execute('UPDATE achievement SET benefit = benefit / 100')


def _change(become: Callable[[int], int]) -> None:
    connection = op.get_bind()
    for key, measures in connection.execute(sa.select(REPORT.c.id, REPORT.c.measures)).all():
        if 'benefit' in measures:
            told = {**measures, 'benefit': become(measures['benefit'])}
            connection.execute(REPORT.update().where(REPORT.c.id == key).values(measures=told))
