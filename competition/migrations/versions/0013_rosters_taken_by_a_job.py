"""A roster is taken by a job, which its page shows."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('roster_import', sa.Column('job_id', sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('roster_import', schema=None) as batch_op:
        batch_op.drop_column('job_id')
