"""which column says what in the tables that a union sends"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'roster_layout',
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('fingerprint', sa.String(), nullable=False),
        sa.Column('columns', sa.JSON(), nullable=False),
        sa.Column('chosen_by', sa.Uuid(), nullable=True),
        sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_roster_layout_union_id_union')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_layout')),
        sa.UniqueConstraint('union_id', 'fingerprint', name=op.f('uq_roster_layout_union_id_fingerprint')),
    )


def downgrade() -> None:
    op.drop_table('roster_layout')
