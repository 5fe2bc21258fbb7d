"""An account keeps its phone, sealed, so that its owner can see what was typed."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ('phone_sealed', 'phone_masked'):
        op.add_column('account', sa.Column(column, sa.String(), nullable=True))


def downgrade() -> None:
    for column in ('phone_masked', 'phone_sealed'):
        op.execute(f'ALTER TABLE account DROP COLUMN {column}')
