"""What a tablet says of events that were refused, and what two people signed of them."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('device_report', sa.Column('stuck', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('tablet_absence', sa.Column('stuck', sa.JSON(), server_default='{}', nullable=False))


def downgrade() -> None:
    op.drop_column('tablet_absence', 'stuck')
    op.drop_column('device_report', 'stuck')
