"""Targets down the tree."""

import sqlalchemy as sa
from alembic import op

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'target_change',
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('scope_code', sa.String(), nullable=False),
        sa.Column('before', sa.Integer(), nullable=True),
        sa.Column('after', sa.Integer(), nullable=True),
        sa.Column('how', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_target_change')),
    )
    with op.batch_alter_table('target_change', schema=None) as batch_op:
        batch_op.create_index('ix_target_change_scope', ['year', 'scope_code'], unique=False)
    op.create_table(
        'pace_month',
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('scope_code', sa.String(), nullable=False),
        sa.Column('month', sa.Integer(), nullable=False),
        sa.Column('persons', sa.Integer(), nullable=False),
        sa.Column('set_by', sa.Uuid(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('year', 'scope_code', 'month', name=op.f('pk_pace_month')),
    )
    op.create_table(
        'year_choice',
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('headline', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('set_by', sa.Uuid(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('year', name=op.f('pk_year_choice')),
    )


def downgrade() -> None:
    op.drop_table('year_choice')
    op.drop_table('pace_month')
    op.drop_table('target_change')
