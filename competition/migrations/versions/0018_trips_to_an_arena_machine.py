"""Rounds go to an arena machine and come back."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

AWAY = "ended_at IS NULL AND side = 'home'"


def upgrade() -> None:
    op.create_table('arena_trip',
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('machine', sa.String(), nullable=False),
    sa.Column('base', sa.JSON(), nullable=False),
    sa.Column('sums', sa.JSON(), nullable=False),
    sa.Column('file_digest', sa.String(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_code', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_arena_trip_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arena_trip'))
    )
    op.create_index(op.f('ix_arena_trip_contest_id'), 'arena_trip', ['contest_id'])
    op.create_table('arena_trip_round',
    sa.Column('trip_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_arena_trip_round_round_id')),
    sa.ForeignKeyConstraint(['trip_id'], ['arena_trip.id'], name=op.f('fk_arena_trip_round_trip_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arena_trip_round'))
    )
    op.create_index(op.f('ix_arena_trip_round_round_id'), 'arena_trip_round', ['round_id'])
    op.create_index(op.f('ix_arena_trip_round_trip_id'), 'arena_trip_round', ['trip_id'])
    op.create_index('uq_arena_trip_round_away', 'arena_trip_round', ['round_id'], unique=True, sqlite_where=sa.text(AWAY),
                    postgresql_where=sa.text(AWAY))


def downgrade() -> None:
    op.drop_table('arena_trip_round')
    op.drop_table('arena_trip')
