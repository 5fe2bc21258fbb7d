"""What returns add is found in the order of lists: the largest first."""

from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_summed_amount_largest', 'summed_amount', ['name', 'amount', 'month', 'return_id', 'place_id'])


def downgrade() -> None:
    op.drop_index('ix_summed_amount_largest', table_name='summed_amount')
