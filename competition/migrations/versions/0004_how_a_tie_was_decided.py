"""whether a tie was decided by the chief judge or by lot"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('tie_decision', sa.Column('how', sa.String(), nullable=False, server_default='decision'))


def downgrade() -> None:
    op.execute('ALTER TABLE tie_decision DROP COLUMN how')
