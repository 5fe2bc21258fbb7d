"""Judges too far apart: who was asked to look again, and what the chief judge decided."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('spread_decision',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('work_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_spread_decision_round_id')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_spread_decision_work_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spread_decision'))
    )
    op.create_index(op.f('ix_spread_decision_round_id'), 'spread_decision', ['round_id'], unique=False)
    op.create_index(op.f('ix_spread_decision_work_id'), 'spread_decision', ['work_id'], unique=False)
    op.create_table('spread_prompt',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('work_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('decision_id', sa.Uuid(), nullable=True),
    sa.Column('asked_seq', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['spread_decision.id'], name=op.f('fk_spread_prompt_decision_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_spread_prompt_round_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_spread_prompt_seat_id')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_spread_prompt_work_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spread_prompt')),
    sa.UniqueConstraint('seat_id', 'work_id', 'part', 'asked_seq', name=op.f('uq_spread_prompt_seat_id_work_id_part_asked_seq'))
    )
    op.create_index(op.f('ix_spread_prompt_round_id'), 'spread_prompt', ['round_id'], unique=False)
    op.create_index(op.f('ix_spread_prompt_work_id'), 'spread_prompt', ['work_id'], unique=False)


def downgrade() -> None:
    op.drop_table('spread_prompt')
    op.drop_table('spread_decision')
