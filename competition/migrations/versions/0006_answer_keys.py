"""Keys of theory papers, and answers as they were written."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('figure', sa.Column('given', sa.Text(), nullable=True))
    op.create_table(
        'answer_key',
        sa.Column('contest_id', sa.Uuid(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('answers_sealed', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('second_id', sa.Uuid(), nullable=True),
        sa.Column('second_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_answer_key_contest_id')),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_answer_key_event_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_key')),
        sa.UniqueConstraint('event_id', 'number', name=op.f('uq_answer_key_event_id_number')),
    )
    op.create_index(op.f('ix_answer_key_contest_id'), 'answer_key', ['contest_id'])
    op.create_index(op.f('ix_answer_key_event_id'), 'answer_key', ['event_id'])


def downgrade() -> None:
    op.drop_table('answer_key')
    op.execute('ALTER TABLE figure DROP COLUMN given')
