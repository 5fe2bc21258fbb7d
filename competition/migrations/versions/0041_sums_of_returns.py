"""Sums of what returns brought, and an index of bulk figures."""

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

BULK = sa.text("kind = 'bulk' and state = 'counted'")


def upgrade() -> None:
    op.create_table(
        'measure_sum',
        sa.Column('scope_code', sa.String(), nullable=False),
        sa.Column('month', sa.Integer(), nullable=False),
        sa.Column('measures', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('scope_code', 'month', name=op.f('pk_measure_sum')),
    )
    op.create_index('ix_return_bulk', 'return', ['month', 'place_id', 'heads', 'overlap'], sqlite_where=BULK, postgresql_where=BULK)


def downgrade() -> None:
    op.drop_index('ix_return_bulk', 'return')
    op.drop_table('measure_sum')
