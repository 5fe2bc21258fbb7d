"""The light of a target."""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.add_column(sa.Column('green_percent', sa.Integer(), nullable=False, server_default='95'))
        batch_op.add_column(sa.Column('amber_percent', sa.Integer(), nullable=False, server_default='80'))


def downgrade() -> None:
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.drop_column('amber_percent')
        batch_op.drop_column('green_percent')
