"""Snapshots of figures."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'figure_snapshot',
        sa.Column('period', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('payload', sa.JSON(), nullable=False),
        sa.Column('payload_digest', sa.String(), nullable=False),
        sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_by', sa.Uuid(), nullable=True),
        sa.Column('made_name', sa.String(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_snapshot')),
        sa.UniqueConstraint('period', 'version', name=op.f('uq_figure_snapshot_period_version')),
    )


def downgrade() -> None:
    op.drop_table('figure_snapshot')
