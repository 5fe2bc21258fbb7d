"""Reminders of unions behind, and doubts about returns."""

import sqlalchemy as sa
from alembic import op

revision = '0044'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'reminder',
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('scope_code', sa.String(), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('readers', sa.Integer(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_reminder_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_union_id'), ['union_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reminder_due_at'), ['due_at'], unique=False)
    op.create_table(
        'reminder_rule',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('is_on', sa.Boolean(), nullable=False),
        sa.Column('quiet_from', sa.String(), nullable=False),
        sa.Column('quiet_to', sa.String(), nullable=False),
        sa.Column('weekends', sa.Boolean(), nullable=False),
        sa.Column('set_by', sa.Uuid(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_rule')),
    )
    op.create_table(
        'doubt',
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('inputs', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('return_id', sa.Uuid(), nullable=False),
        sa.Column('other_union_id', sa.Uuid(), nullable=True),
        sa.Column('other_return_id', sa.Uuid(), nullable=True),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_doubt_union_id')),
        sa.ForeignKeyConstraint(['return_id'], ['return.id'], name=op.f('fk_doubt_return_id')),
        sa.ForeignKeyConstraint(['other_union_id'], ['union.id'], name=op.f('fk_doubt_other_union_id')),
        sa.ForeignKeyConstraint(['other_return_id'], ['return.id'], name=op.f('fk_doubt_other_return_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_doubt')),
        sa.UniqueConstraint('kind', 'key', name=op.f('uq_doubt_kind_key')),
    )
    with op.batch_alter_table('doubt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_doubt_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_doubt_union_id'), ['union_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_doubt_other_union_id'), ['other_union_id'], unique=False)
    op.create_table(
        'doubt_step',
        sa.Column('doubt_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=True),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['doubt_id'], ['doubt.id'], name=op.f('fk_doubt_step_doubt_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_doubt_step')),
    )
    with op.batch_alter_table('doubt_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_doubt_step_doubt_id'), ['doubt_id'], unique=False)
    op.create_table(
        'doubt_limits',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('limits', sa.JSON(), nullable=False),
        sa.Column('set_by', sa.Uuid(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_doubt_limits')),
    )


def downgrade() -> None:
    op.drop_table('doubt_limits')
    op.drop_table('doubt_step')
    op.drop_table('doubt')
    op.drop_table('reminder_rule')
    op.drop_table('reminder')
