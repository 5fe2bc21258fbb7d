"""A tablet says more of itself: its battery, what it holds of which work, and whether it is ready for a start without network."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

NEW = ('battery', 'charging', 'held', 'ready', 'ready_at')


def upgrade() -> None:
    op.add_column('device_report', sa.Column('battery', sa.Integer(), nullable=True))
    op.add_column('device_report', sa.Column('charging', sa.Boolean(), nullable=True))
    op.add_column('device_report', sa.Column('held', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('device_report', sa.Column('ready', sa.JSON(), nullable=True))
    op.add_column('device_report', sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in reversed(NEW):
        op.execute(f'ALTER TABLE device_report DROP COLUMN {name}')
