"""erased people, corrections that are asked for, the paper behind a consent"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain columns: SQLite adds them where they stand, no table with data in it is copied.
    for table in ('account', 'person', 'entry'):
        op.add_column(table, sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('entry', sa.Column('consent_id', sa.Uuid(), nullable=True))
    op.add_column('roster_import', sa.Column('paper', sa.String(), nullable=False, server_default=''))
    op.add_column('help_request', sa.Column('wanted_sealed', sa.String(), nullable=True))
    op.add_column('consent', sa.Column('recorded_by', sa.Uuid(), nullable=True))
    op.add_column('consent', sa.Column('recorded_name', sa.String(), nullable=False, server_default=''))
    op.add_column('consent', sa.Column('paper', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    for table, column in (('consent', 'paper'), ('consent', 'recorded_name'), ('consent', 'recorded_by'), ('help_request', 'wanted_sealed'),
                          ('roster_import', 'paper'), ('entry', 'consent_id'), ('entry', 'erased_at'), ('person', 'erased_at'), ('account', 'erased_at')):
        op.execute(f'ALTER TABLE {table} DROP COLUMN {column}')
