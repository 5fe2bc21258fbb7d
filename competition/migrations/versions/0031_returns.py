"""Returns of unions, version by version, and what was decided on the way up."""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

COUNTED = sa.text("state = 'counted'")


def upgrade() -> None:
    op.create_table(
        'return',
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.Column('month', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('supersedes_id', sa.Uuid(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('waiting_at', sa.Uuid(), nullable=True),
        sa.Column('place_id', sa.Integer(), nullable=True),
        sa.Column('heads', sa.Integer(), nullable=True),
        sa.Column('overlap', sa.Integer(), nullable=True),
        sa.Column('evidence_id', sa.Uuid(), nullable=True),
        sa.Column('measures', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_return_union_id')),
        sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_return_activity_id')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['return.id'], name=op.f('fk_return_supersedes_id')),
        sa.ForeignKeyConstraint(['waiting_at'], ['union.id'], name=op.f('fk_return_waiting_at')),
        sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_return_place_id')),
        sa.ForeignKeyConstraint(['evidence_id'], ['stored_file.id'], name=op.f('fk_return_evidence_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_return')),
        sa.UniqueConstraint('number', name=op.f('uq_return_number')),
    )
    for column in ('union_id', 'activity_id', 'month', 'state', 'waiting_at', 'place_id'):
        op.create_index(f'ix_return_{column}', 'return', [column])
    op.create_index('uq_return_counted', 'return', ['union_id', 'activity_id', 'month'], unique=True,
                    sqlite_where=COUNTED, postgresql_where=COUNTED)
    op.create_table(
        'return_step',
        sa.Column('return_id', sa.Uuid(), nullable=False),
        sa.Column('union_id', sa.Uuid(), nullable=True),
        sa.Column('verdict', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=True),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['return_id'], ['return.id'], name=op.f('fk_return_step_return_id')),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_return_step_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_return_step')),
    )
    op.create_index('ix_return_step_return_id', 'return_step', ['return_id'])
    op.create_table(
        'closed_month',
        sa.Column('month', sa.Integer(), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_by', sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint('month', name=op.f('pk_closed_month')),
    )


def downgrade() -> None:
    for name in ('closed_month', 'return_step', 'return'):
        op.drop_table(name)
