"""How unions number their certificates."""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'number_rule',
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('rule', sa.JSON(), nullable=False),
        sa.Column('changed_by', sa.Uuid(), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_number_rule_union_id')),
        sa.PrimaryKeyConstraint('union_id', name=op.f('pk_number_rule')),
    )


def downgrade() -> None:
    op.drop_table('number_rule')
