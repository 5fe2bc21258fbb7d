"""Sums of bulk figures stand with those of measures, and which returns they hold is kept."""

import json
from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0049'
down_revision = '0044'
branch_labels = None
depends_on = None

BULK = sa.text("kind = 'bulk' and state = 'counted'")
HOME = '630000'


def upgrade() -> None:
    op.drop_index('ix_return_bulk', 'return')
    op.create_table(
        'summed_return',
        sa.Column('return_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['return_id'], ['return.id'], name=op.f('fk_summed_return_return_id')),
        sa.PrimaryKeyConstraint('return_id', name=op.f('pk_summed_return')),
        sqlite_with_rowid=False,
    )
    for name in ('heads', 'overlap'):
        op.add_column('measure_sum', sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
    _add_up()


def downgrade() -> None:
    for name in ('heads', 'overlap'):
        op.drop_column('measure_sum', name)
    op.drop_table('summed_return')
    op.create_index('ix_return_bulk', 'return', ['month', 'place_id', 'heads', 'overlap'], sqlite_where=BULK, postgresql_where=BULK)


def _add_up() -> None:
    """What counts is in the figures at once: nobody waits for the next roll-up to see bulk figures again."""
    connection = op.get_bind()
    connection.execute(sa.text("insert into summed_return select id from \"return\" where state = 'counted'"))
    found: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    rows = connection.execute(sa.text(
        'select p.region_code, p.path, r.month, r.kind, r.heads, r.overlap, r.measures from "return" r join place p on p.id = r.place_id '
        "where r.state = 'counted'"))
    for code, path, month, kind, heads, overlap, measures in rows:
        brought: dict[str, int] = dict(json.loads(measures) if isinstance(measures, str) else measures)
        brought |= {' heads': heads or 0, ' overlap': overlap or 0} if kind == 'bulk' else {}
        for scope in _scopes(code, path):
            found[scope, month].update(brought)
    made = [_row(*key, sums) for key, sums in found.items() if any(sums.values())]
    connection.execute(sa.text('delete from measure_sum'))
    if made:
        table = sa.table('measure_sum', sa.column('scope_code'), sa.column('month'), sa.column('heads'), sa.column('overlap'),
                         sa.column('measures', sa.JSON()))
        connection.execute(sa.insert(table), made)


def _scopes(code: str, path: str) -> list[str]:
    """As rules_scopes says it today."""
    province = f'{code[:2]}0000'
    prefecture = f'{code[:4]}00' if province == HOME else province
    return ['all', *dict.fromkeys((province, prefecture, code)), *(f'u:{union}' for union in path.split())]


def _row(scope: str, month: int, sums: Counter[str]) -> dict[str, Any]:
    return {'scope_code': scope, 'month': month, 'heads': sums.pop(' heads', 0), 'overlap': sums.pop(' overlap', 0),
            'measures': {name: value for name, value in sorted(sums.items()) if value}}
