"""A union's own sheet of labels is kept."""

import sqlalchemy as sa
from alembic import op

revision = '0047'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'own_sheet',
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('columns', sa.Integer(), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=False)
          for name in ('width', 'height', 'left', 'top', 'gap_x', 'gap_y')),
        sa.Column('changed_by', sa.Uuid(), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_own_sheet_union_id')),
        sa.PrimaryKeyConstraint('union_id', name=op.f('pk_own_sheet')),
    )


def downgrade() -> None:
    op.drop_table('own_sheet')
