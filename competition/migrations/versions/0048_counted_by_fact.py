"""What counts is found by its fact: clearing a roster that was given up no longer reads all that counts for each of its people."""

from alembic import op

revision = '0048'
down_revision = '0049'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_counted_fact_id', 'counted', ['fact_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_counted_fact_id', table_name='counted')
