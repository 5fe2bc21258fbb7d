"""Keys that a tablet had before the one it has, and which of them signed what was handed over."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('device', sa.Column('former_keys', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('handover', sa.Column('key', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('handover', 'key')
    op.drop_column('device', 'former_keys')
