"""Screens for spectators: which there are, what each shows, which batch is called."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('display_code',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_display_code')),
    sa.UniqueConstraint('code', name=op.f('uq_display_code_code'))
    )
    op.create_index(op.f('ix_display_code_expires_at'), 'display_code', ['expires_at'], unique=False)
    op.create_table('display',
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('page', sa.String(), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('assigned', sa.Integer(), nullable=False),
    sa.Column('paired_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_display_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_display')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_display_token_hash'))
    )
    op.create_index(op.f('ix_display_contest_id'), 'display', ['contest_id'], unique=False)
    op.create_table('display_call',
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=True),
    sa.Column('batch', sa.Integer(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('with_numbers', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_display_call_contest_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_display_call_round_id')),
    sa.PrimaryKeyConstraint('contest_id', name=op.f('pk_display_call'))
    )
    op.create_table('display_seq',
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_display_seq_contest_id')),
    sa.PrimaryKeyConstraint('contest_id', name=op.f('pk_display_seq'))
    )


def downgrade() -> None:
    op.drop_table('display_seq')
    op.drop_table('display_call')
    op.drop_table('display')
    op.drop_table('display_code')
