"""What each return adds to the sums is kept, in the order of lists."""

import json

import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        'summed_amount',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('month', sa.Integer(), nullable=False),
        sa.Column('return_id', sa.Uuid(), nullable=False),
        sa.Column('place_id', sa.Integer(), nullable=False),
        sa.Column('amount', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_summed_amount_place_id')),
        sa.ForeignKeyConstraint(['return_id'], ['return.id'], name=op.f('fk_summed_amount_return_id')),
        sa.PrimaryKeyConstraint('name', 'month', 'return_id', name=op.f('pk_summed_amount')),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f('ix_summed_amount_return_id'), 'summed_amount', ['return_id'])
    connection = op.get_bind()
    said = sa.table('return', *(sa.column(name) for name in ('month', 'place_id', 'kind', 'heads', 'overlap', 'measures')),
                    sa.column('id', sa.Uuid()))
    held = sa.table('summed_return', sa.column('return_id', sa.Uuid()))
    rows = []
    for row in connection.execute(sa.select(said).join(held, held.c.return_id == said.c.id).where(said.c.place_id.is_not(None))):
        amounts = dict(json.loads(row.measures) if isinstance(row.measures, str) else row.measures)
        amounts = {name: amount for name, amount in amounts.items() if amount}
        amounts |= {'heads': row.heads, 'more': row.heads - row.overlap} if row.kind == 'bulk' else {}
        rows += [{'name': name, 'month': row.month, 'return_id': row.id, 'place_id': row.place_id, 'amount': amount}
                 for name, amount in amounts.items()]
    if rows:
        connection.execute(sa.insert(table), rows)


def downgrade() -> None:
    op.drop_table('summed_amount')
