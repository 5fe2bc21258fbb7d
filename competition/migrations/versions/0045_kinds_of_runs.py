"""Runs of the roll-up say of what kind they are and which work made them."""

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('roll_up_run') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), nullable=False, server_default='asked'))
        batch_op.add_column(sa.Column('job_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_roll_up_run_job_id'), ['job_id'], unique=False)
    op.execute("UPDATE roll_up_run SET kind = 'nightly' WHERE slot IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table('roll_up_run') as batch_op:
        batch_op.drop_index(batch_op.f('ix_roll_up_run_job_id'))
        batch_op.drop_column('job_id')
        batch_op.drop_column('kind')
